"""Normals of an assay from finished results, as the baseline of microsatellites; who is in one, and who may not use it.

Members are in a baseline as digests of their sample names and of their reads, never by name.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from gms.base.digests import sha256 as digest_of_file
from gms.base.errors import GmsError, Refusal
from gms.base.json_tables import read_json
from gms.base.problems import Findings, shown
from gms.base.results import named
from gms.biomarkers.msi_baseline import Baseline, UnreadableBaseline, make_baseline, read_baseline
from gms.biomarkers.repeat_lengths import find_sites, slippages
from gms.genome.intervals import read_targets
from gms.inputs.run_model import Run, Sample


class Normal(NamedTuple):
    """A finished sample: the results folder it is in."""

    results: Path
    name: str

    def path(self, result: str) -> Path:
        """One of its results, by its name in base/results.py."""
        return self.results / named(result).at(sample=self.name)


class NormalRefused(Refusal):
    """Samples that were asked for and cannot be in a panel."""

    def __init__(self, reasons: Iterable[str]):
        super().__init__("these samples cannot be normals of a panel:", reasons)


class NothingFinished(GmsError):
    """Results without a finished case of an assay."""

    def __init__(self, assay: str, folders: Iterable[Path]):
        super().__init__(f"no finished case of assay {assay} in {', '.join(map(shown, folders))}")


def find_normals(folders: Iterable[Path], assay: str, asked: frozenset[str]) -> tuple[list[Normal], dict[str, str]]:
    """Samples of role normal that passed quality control, one for each name; and why others are left out, by name.

    `asked`: names of samples to take, all normals where empty. Raises NothingFinished, NormalRefused.
    """
    folders = [folder.resolve() for folder in folders]
    taken, left_out, cases = {}, {}, 0
    for folder, sample in _finished(folders, assay):
        cases += 1
        normal = Normal(folder, sample["sample"])
        reason = _refusal(normal, sample["role"], taken)
        if reason is None and (not asked or normal.name in asked):
            taken[normal.name] = normal
        elif reason and normal.name not in taken:
            left_out[normal.name] = reason
    if not cases:
        raise NothingFinished(assay, folders)
    missing = {name: left_out.get(name, "is in none of the finished cases") for name in sorted(asked - taken.keys())}
    if missing:
        raise NormalRefused(f"{name}: {reason}" for name, reason in missing.items())
    return list(taken.values()), left_out


def _finished(folders: Iterable[Path], assay: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Samples of finished cases of the assay, with their results folder."""
    for folder in folders:
        for path in sorted(folder.glob(named("findings").everywhere())):
            document = read_json(path)
            if document["case"]["assay"] == assay:
                yield from ((folder, sample) for sample in document["samples"])


def _refusal(normal: Normal, role: str, taken: dict[str, Normal]) -> str | None:
    """Why a sample cannot be in a panel; None where it can."""
    if role != "normal":
        return f"is a {role}; a panel is made of normals"
    if not normal.path("cram").is_file():
        return "has no aligned reads"
    if read_json(normal.path("qc.json"))["verdict"] == "fail":
        return "failed its quality control"
    twin = next((one for one in taken.values() if digest(one) == digest(normal)), None)
    return f"is the same reads as {twin.name}" if twin and twin.name != normal.name else None


@cache
def digest(normal: Normal) -> str:
    """SHA-256 of the aligned reads of a normal, read once: each is compared with all others."""
    return digest_of_file(normal.path("cram"))


def build_baseline(normals: list[Normal], assay: str, version: str) -> Baseline:
    """From the aligned reads of finished samples. Raises TooFewNormals, TooFewSites."""
    first = normals[0].results
    fasta, targets = first / named("genome").path, first / named("target_regions").at(assay=assay)
    sites = list(find_sites(fasta, read_targets(targets)))
    shown_by = [slippages(normal.path("cram"), fasta, sites) for normal in normals]
    facts = {
        "assay": assay,
        "version": version,
        "made": date.today().isoformat(),
        "members": sorted(member(normal.name) for normal in normals),
        "reads_sha256": sorted(map(digest, normals)),
        "targets_sha256": digest_of_file(targets),
    }
    return make_baseline(sites, shown_by, facts)


def member(name: str) -> str:
    """What stands for a sample in a panel: SHA-256 of its name."""
    return sha256(name.encode()).hexdigest()


def check_baselines(run: Run, findings: Findings) -> None:
    """Note baselines of microsatellites that cannot be read, and those that hold samples of the run's own cases."""
    for assay in run.assays.values():
        if not assay.msi or not assay.msi.is_file():
            continue
        own = (sample for case in run.cases.values() if case.assay == assay.name for sample in case.samples)
        if text := _problem(assay.msi, own):
            findings.add(run.configfile, None, f"assays.{assay.name}.msi '{shown(assay.msi)}' {text}")


def _problem(path: Path, own: Iterable[Sample]) -> str | None:
    try:
        members = set(read_baseline(path).facts["members"])
    except UnreadableBaseline:
        return "is no baseline of microsatellites; make one with ./gms normals build"
    if inside := sorted(sample.name for sample in own if member(sample.name) in members):
        return f"was made of samples of this run: {', '.join(inside)}; make one without them"
    return None
