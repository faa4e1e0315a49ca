"""Normals of an assay from finished results: who may be in a panel.

Of families these are the founders: parents where they were sequenced, else the proband. Members are in a panel as
digests of their sample names and of their reads, never by name.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from gms.base.digests import sha256 as digest_of_file
from gms.base.errors import GmsError, Refusal
from gms.base.json_tables import read_json
from gms.base.problems import shown
from gms.base.results import named
from gms.biomarkers.basis import pair_verdict
from gms.genome.intervals import Interval, merge, read_targets
from gms.genome.vcf import header_value, open_vcf, read_header, samples_of

KEY = "gms_panel_of_normals"  # of the header line with the facts of a panel
BY_GENOTYPE = "by their genotype"  # in the definition of PON_COUNT where it is one of persons
RELATIVES = ("proband", "sibling", "half-sibling", "twin")
FIRST_DEGREE = 0.177  # kinship from which two persons are parent and child or siblings, or one (Manichaikul 2010)
SAME_PERSON = 0.354  # kinship of one person, or of twins (Manichaikul 2010)


class Normal(NamedTuple):
    """A finished sample: the results folder that it is in, its case, whether it is a founder of a family, and whether
    the sheet calls it affected."""

    results: Path
    name: str
    case: str = ""
    is_founder: bool = False
    is_affected: bool = False

    def path(self, result: str) -> Path:
        """One of its results or of its case's, by the name in base/results.py."""
        return self.results / named(result).at(sample=self.name, case=self.case)


class NormalRefused(Refusal):
    """Samples that were asked for and cannot be in a panel."""

    def __init__(self, reasons: Iterable[str]):
        super().__init__("these samples cannot be normals of a panel:", reasons)


class NothingFinished(GmsError):
    """Results without a finished case of an assay."""

    def __init__(self, assay: str, folders: Iterable[Path]):
        super().__init__(f"no finished case of assay {assay} in {', '.join(map(shown, folders))}")


def find_normals(folders: Iterable[Path], assay: str, asked: frozenset[str]) -> tuple[list[Normal], dict[str, str]]:
    """Normals and founders of families that passed quality control, one for each name; and why others are left out, by
    name.

    `asked`: names of samples to take, all normals where empty. Raises NothingFinished, NormalRefused.
    """
    folders = [folder.resolve() for folder in folders]
    taken, left_out, cases = {}, {}, 0
    for folder, case, sample, is_founder in _finished(folders, assay):
        cases += 1
        normal = Normal(folder, sample["sample"], case, is_founder, sample.get("affected") == "yes")
        reason = _refusal(normal, sample["role"], taken)
        if reason is None and (not asked or normal.name in asked):
            taken[normal.name] = normal
        elif reason and normal.name not in taken:
            left_out[normal.name] = reason
    if not cases:
        raise NothingFinished(assay, folders)
    taken, related = unrelated(taken)
    left_out |= related
    missing = {name: left_out.get(name, "is in none of the finished cases") for name in sorted(asked - taken.keys())}
    if missing:
        raise NormalRefused(f"{name}: {reason}" for name, reason in missing.items())
    return list(taken.values()), left_out


def _finished(folders: Iterable[Path], assay: str) -> Iterator[tuple[Path, str, dict[str, Any], bool]]:
    """Samples of finished cases of the assay, with their results folder and case, and whether they are founders."""
    for folder in folders:
        for path in sorted(folder.glob(named("findings").everywhere())):
            document = read_json(path)
            if document["case"]["assay"] == assay:
                own = document["samples"]
                yield from ((folder, path.stem, sample, sample["sample"] in founders(own)) for sample in own)


def founders(samples: Sequence[dict[str, Any]]) -> list[str]:
    """Names of those samples of a case, index first, that are not related to each other: the parents where they were
    sequenced, else the proband; none of a case that is about no family."""
    if samples[0]["role"] != "proband":
        return []
    parents = [sample["sample"] for sample in samples if sample["role"] in ("mother", "father")]
    return parents or [samples[0]["sample"]]


def unrelated(normals: Mapping[str, Normal]) -> tuple[dict[str, Normal], dict[str, str]]:
    """The normals by name, one of each person, of founders also of first-degree relatives, by the genotypes of their
    common variants; and why others are left out."""
    # With numpy, which a job that compares findings with a panel need not load.
    from gms.qc.fingerprint import read_fingerprint
    from gms.qc.relations import kinship, on_sites, shared_calls

    kept: list[tuple[Normal, Any]] = []
    index: dict[tuple, int] = {}
    least = FIRST_DEGREE if any(normal.is_founder for normal in normals.values()) else SAME_PERSON
    left_out = {}
    for normal in normals.values():
        path = normal.path("fingerprint.tsv")
        calls = on_sites(shared_calls(read_fingerprint(path)) if path.is_file() else {}, index)
        near = (one for one, known in kept if (kinship(known, calls[: len(known)]) or 0.0) > least)
        if twin := next(near, None):
            relative = " or a first-degree relative" if least == FIRST_DEGREE else ""
            left_out[normal.name] = f"is {twin.name}{relative}, by common variants"
        else:
            kept.append((normal, calls))
    return {normal.name: normal for normal, _ in kept}, left_out


def _refusal(normal: Normal, role: str, taken: dict[str, Normal]) -> str | None:
    """Why a sample cannot be in a panel; None where it can."""
    if role in RELATIVES and not normal.is_founder:
        return "is related to the founders of its case"
    if role != "normal" and not normal.is_founder:
        return f"is a {role}; a panel is made of normals"
    if not normal.path("cram").is_file():
        return "has no aligned reads"
    if read_json(normal.path("qc.json"))["verdict"] == "fail":
        return "failed its quality control"
    if role == "normal" and as_pair(normal) == "fail":
        return "failed quality control as a pair with its tumour: swapped, of another person, or with tumour cells"
    twin = next((one for one in taken.values() if has_same_reads(one, normal)), None)
    return f"is the same reads as {twin.name}" if twin and twin.name != normal.name else None


def as_pair(normal: Normal) -> str:
    """QC status of a normal and its tumour as a pair; not_assessed of results without it."""
    path = normal.path("case.json")
    return pair_verdict(read_json(path)) if path.is_file() else "not_assessed"


def may_hold_tumor(normal: Normal) -> bool:
    """Whether a gate of a normal and its tumour as a pair warns, as the one of tumour cells in the normal does."""
    return not normal.is_founder and as_pair(normal) == "warn"


def has_same_reads(one: Normal, other: Normal) -> bool:
    """Whether two samples are the same reads, by the first ones of their FASTQ files; where a result lacks these by the
    bytes of the CRAM, which hold the sample's name."""
    heads, others = first_reads(one), first_reads(other)
    return not set(heads).isdisjoint(others) if heads and others else digest(one) == digest(other)


def without_own(lines: Iterable[str], members: Collection[str]) -> Iterator[str]:
    """Lines of small variants with PON_COUNT and PON_TOTAL less the case's own samples that are `members` (as `member`
    writes them), by their genotypes: a person is not compared with himself."""
    own: list[int] = []
    for line in lines:
        if line.startswith("#CHROM"):
            own = [at for at, name in enumerate(samples_of([line]), start=9) if member(name) in members]
        if not own or line.startswith("#") or "PON_COUNT=" not in line:
            yield line
            continue
        fields = line.split("\t")
        carried = sum("1" in fields[at].partition(":")[0] for at in own)
        fields[7] = _less(_less(fields[7], "PON_COUNT", carried), "PON_TOTAL", len(own))
        yield "\t".join(fields)


def _less(info: str, key: str, number: int) -> str:
    return re.sub(rf"(^|;){key}=([0-9]+)", lambda hit: f"{hit[1]}{key}={max(0, int(hit[2]) - number)}", info)


@cache
def digest(normal: Normal) -> str:
    """SHA-256 of the aligned reads of a normal, read once: each is compared with all others."""
    return digest_of_file(normal.path("cram"))


@cache
def first_reads(normal: Normal) -> list[str]:
    """Digests of the first reads of its FASTQ files (gms.genome.fastq.head_digest); none of results without them."""
    path = normal.path("reads.json")
    return read_json(path).get("first_reads", []) if path.is_file() else []


def member(name: str) -> str:
    """What stands for a sample in a panel: SHA-256 of its name."""
    return sha256(name.encode()).hexdigest()


def has_molecules(normal: Normal) -> bool:
    """Whether its reads with the same UMI were joined."""
    path = normal.path("reads.json")
    return path.is_file() and "molecules" in read_json(path)


def target_bases(bed: Path) -> dict[str, int]:
    """Bases of targets by contig, by which a panel that was made for other targets is recognised."""
    return bases_of(read_targets(bed))


def bases_of(targets: Mapping[str, Iterable[Interval]]) -> dict[str, int]:
    """The same of targets that were read."""
    return {contig: sum(end - start for start, end in merge(parts)) for contig, parts in targets.items()}


def read_members(path: Path) -> dict[str, Any]:
    """The facts of a panel of normals that we made, and whether its small variants are counted `by_genotype`; of one
    from elsewhere only that its members are not known. Raises UnreadableVcf."""
    with open_vcf(path) as lines:
        header = read_header(lines)
    text = header_value(header, KEY)
    counted = any(line.startswith("##INFO=<ID=PON_COUNT,") and BY_GENOTYPE in line for line in header)
    return json.loads(text) | {"by_genotype": counted} if text else {"members": []}
