"""Export: decisions on cases and packages of them (folder), and their transfer (s3); one module per target."""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from gms.base.digests import require_unchanged, sha256
from gms.base.problems import Findings
from gms.base.results import files, named
from gms.base.schemas import Document
from gms.inputs.run_model import Case, Run
from gms.sharing.decision.model import Member, SharedCase, shared_case

# Changes of these decide anew. Secret keys and the audit log are no inputs: Snakemake keeps digests of small inputs,
# and the log grows with every decision.
_FILES = ("consents", "individuals", "classifications", "portal_table")


@dataclass(frozen=True, slots=True)
class Results:
    """The finished files of a case; `crams`, `quality` (qc/{sample}.qc.json) and `fingerprints` by sample; `fasta` is
    plain with its .fai, `folder` is the results folder."""

    reported: Path
    filtered: Path
    crams: dict[str, Path]
    quality: dict[str, Path]
    fingerprints: dict[str, Path]
    case_quality: Path
    run: Path
    fasta: Path
    folder: Path

    def of_the_case(self) -> list[Path]:
        """Every file that the decision or the package rests on, but for run.json and the reference."""
        of_samples = (*self.crams.values(), *self.quality.values(), *self.fingerprints.values())
        return [self.reported, self.filtered, self.case_quality, *of_samples]

    def require_unchanged(self) -> None:
        """Raise FileChanged unless the files of the case, and their indices, are as the jobs left them; of the reads
        only the index, as quality control has their digest."""
        reads = set(self.crams.values())
        indices = [path.with_name(f"{path.name}.crai") for path in reads]
        require_unchanged([path for path in self.of_the_case() if path not in reads] + indices, self.folder)


def export_params(case: Case, kind: str) -> dict[str, Any]:
    """What the export rule hands to its script, as plain values: the case with its members (index first)."""
    members = [asdict(Member(s.name, s.role, s.sex, s.affected, s.subject)) for s in case.samples]
    return {"case": case.name, "assay": case.assay, "kind": kind, "members": members}


def results_of(case: SharedCase, results: Path) -> Results:
    """Where the finished files of a case are in a results folder."""
    samples = [member.sample for member in case.members]
    of_run = {file.name: results / file.at() for file in files("run", exported=True)}
    of_case = {file.name: results / file.at(case=case.case) for file in files("case", exported=True)}
    of_sample = {
        file.name: {name: results / file.at(sample=name) for name in samples} for file in files("sample", exported=True)
    }
    return Results(
        reported=of_case["reported"],
        filtered=of_case["filtered"],
        crams=of_sample["cram"],
        quality=of_sample["qc.json"],
        fingerprints={name: results / named("fingerprint.tsv").at(sample=name) for name in samples},
        case_quality=of_case["case.json"],
        run=of_run["run.json"],
        fasta=of_run["genome"],
        folder=results,
    )


@dataclass(frozen=True, slots=True)
class SheetCases:
    """The cases that the sample sheet has now, by name, and the results folder of the run."""

    by_name: Mapping[str, SharedCase]
    results: Path

    @property
    def packages(self) -> Path:
        """The folder of packages."""
        return self.results / Path(named("decision").path).parent

    def digest(self, name: str) -> str | None:
        """`case_digest` of a case; None where the sheet no longer has it."""
        case = self.by_name.get(name)
        return case_digest(case, results_of(case, self.results)) if case else None

    def unreadable(self, name: str) -> Iterator[str]:
        """Files of quality control of a case that are missing or that this user cannot read, by their place in the
        results."""
        known = _quality(results_of(self.by_name[name], self.results))
        yield from (str(path.relative_to(self.results)) for path in known if not os.access(path, os.R_OK))


def sheet_cases(run: Run) -> SheetCases:
    """Those of a run, as the export rule hands them to its script."""
    cases = run.cases.items()
    by_name = {name: shared_case(export_params(case, run.assays[case.assay].kind)) for name, case in cases}
    return SheetCases(by_name, run.results)


def case_digest(case: SharedCase, results: Results) -> str:
    """SHA-256 over what the sample sheet says of a case, and over quality control of it and its samples, now, as far as
    this user can read it."""
    digests = [sha256(path) if os.access(path, os.R_OK) else None for path in _quality(results)]
    return hashlib.sha256(json.dumps([asdict(case), digests], sort_keys=True).encode()).hexdigest()


def _quality(results: Results) -> list[Path]:
    return [results.case_quality, *results.quality.values()]


def sharing_files(sharing: Path | None) -> list[Path]:
    """The files that a decision rests on, as far as they exist: sharing file, tables, keys of recipients."""
    if sharing is None or not sharing.is_file():
        return []
    content = Document(sharing).load(Findings()) or {}  # problems are reported when inputs are checked
    recipients = content.get("recipients")
    keys = [one.get("public_key") for one in recipients or () if isinstance(one, dict)]
    named = [name for name in (*map(content.get, _FILES), *keys) if isinstance(name, str)]
    return [path for path in (sharing, *(sharing.parent / name for name in named)) if path.is_file()]


def approved_cases(results: Path, cases: Iterable[str]) -> list[str]:
    """Those of the cases whose packages a second person has approved: only they are asked to be transferred."""
    return [case for case in cases if (results / named("approval").at(case=case)).is_file()]
