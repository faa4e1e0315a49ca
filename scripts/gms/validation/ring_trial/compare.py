"""The trial itself: every file of every case at every centre, grouped by answer; first differences and their causes."""

import os
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from gms.base import results
from gms.validation.ring_trial import causes as why
from gms.validation.ring_trial.bodies import Unreadable, body_digest, check_end, raw_digest
from gms.validation.ring_trial.causes import Cause
from gms.validation.ring_trial.centres import PLATE, CaseAt, Centre, read_object
from gms.validation.ring_trial.difference import Difference
from gms.validation.ring_trial.differences import first_difference

_OF_SAMPLES = ("qc.json", "virus_qc")
_SHEET_FIELDS = ("role", "assay", "case", "plate", "well", "scheme")


@dataclass(frozen=True)
class Split:
    """Two groups of centres with different answers. `follows`: the file whose difference this one comes from."""

    one: list[Centre]
    other: list[Centre]
    difference: Difference
    causes: list[Cause]
    follows: str | None = None


@dataclass
class Row:
    """One file at all centres that have its case. `groups`: centres with the same answer, the largest group first and
    of equal ones that of the folder named first; `splits`: it against each other group."""

    case: str
    kind: str
    file: str
    groups: list[list[Centre]] = field(default_factory=list)
    missing: list[Centre] = field(default_factory=list)
    unreadable: list[tuple[Centre, str]] = field(default_factory=list)
    splits: list[Split] = field(default_factory=list)

    def group(self, centre: Centre) -> list[Centre] | None:
        """The group of a centre; None where it has no readable file."""
        return next((group for group in self.groups if centre in group), None)

    @property
    def differs(self) -> bool:
        """Whether there are two answers."""
        return len(self.groups) > 1

    @property
    def lacks(self) -> bool:
        """Whether some centre has no readable file."""
        return bool(self.missing or self.unreadable)

    def outside(self, centre: Centre) -> bool:
        """Whether the centre's answer is not that of more than half of the centres; without such, all are outside."""
        most = self.groups[0] if self.groups and 2 * len(self.groups[0]) > sum(map(len, self.groups)) else []
        return self.differs and centre not in most and self.group(centre) is not None


@dataclass(frozen=True)
class CaseTrial:
    """A case or plate that two centres or more have, with its files; `notes` are what to look at first."""

    name: str
    rows: list[Row]
    absent: list[Centre]
    notes: list[str]


@dataclass(frozen=True)
class Trial:
    """The result: cases compared, and those (by name) that a single centre has."""

    centres: list[Centre]
    cases: list[CaseTrial]
    alone: dict[str, Centre]

    @property
    def rows(self) -> list[Row]:
        """All files of all cases compared."""
        return [row for case in self.cases for row in case.rows]

    @property
    def verdict(self) -> str:
        """identical, different, or incomplete: the same as far as it is there."""
        if any(row.differs for row in self.rows):
            return "different"
        lacks = self.alone or any(row.lacks for row in self.rows) or any(case.absent for case in self.cases)
        return "incomplete" if lacks else "identical"


def compare(centres: list[Centre]) -> Trial:
    """Compare the folders. Never raises for what is in them."""
    at = {case: [c for c in centres if case in c.cases] for case in sorted({n for c in centres for n in c.cases})}
    rows = {case: list(_rows(case, found)) for case, found in at.items() if len(found) > 1}
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        list(pool.map(lambda row: fill(row, at[row.case]), [row for of_case in rows.values() for row in of_case]))
    cases = []
    for case, of_case in rows.items():
        for row in of_case:
            row.splits = [_explained(split, row, of_case) for split in row.splits]
        absent = [centre for centre in centres if centre not in at[case]]
        cases.append(CaseTrial(case, of_case, absent, list(_notes(of_case))))
    return Trial(centres, cases, {case: found[0] for case, found in at.items() if len(found) == 1})


def _rows(case: str, centres: list[Centre]) -> Iterator[Row]:
    """Every file that the case has at some centre or should have: QC of its samples first, its report last."""
    samples = sorted(set().union(*(centre.cases[case].samples for centre in centres)))
    parts = ("isolate", "plate") if case.startswith(PLATE) else ("sample", "case")
    subjects = [(parts[0], sample) for sample in samples] + [(parts[1], case.removeprefix(PLATE))]
    paths = [(file, file.at(**{per: name})) for per, name in subjects for file in results.files(per, compared=True)]
    there = {file.name: [(centre.folder / path).exists() for centre in centres] for file, path in paths}
    for file, path in paths:
        may_lack = file.is_optional or (
            file.name == "merged" and all(there["external"])
        )  # a case that starts from a VCF
        if not may_lack or any(there[file.name]):
            yield Row(case, file.name, path)


def fill(row: Row, centres: list[Centre]) -> None:
    """Group the centres by what the file says: by its bytes, and only where these differ by its content."""
    by_bytes: dict[str, list[Centre]] = defaultdict(list)
    for centre in centres:
        try:
            by_bytes[raw_digest(centre.folder / row.file)].append(centre)
        except FileNotFoundError:
            row.missing.append(centre)
        except Unreadable as error:
            row.unreadable.append((centre, str(error)))
    groups: dict[str, list[Centre]] = defaultdict(list)
    for digest, group in by_bytes.items():
        path = group[0].folder / row.file
        try:
            groups[_checked(path, digest) if len(by_bytes) == 1 else body_digest(path)] += group
        except Unreadable as error:
            row.unreadable += [(centre, str(error)) for centre in group]
    row.groups = sorted(groups.values(), key=lambda group: (-len(group), centres.index(group[0])))
    _split(row)
    for group in row.groups:
        group.sort(key=centres.index)


def _checked(path: Path, digest: str) -> str:
    """The digest, after a look whether the file is whole; a VCF is not read for that."""
    if path.name.endswith(".vcf.gz"):
        check_end(path)
        return digest
    return body_digest(path)


def _split(row: Row) -> None:
    """Find the first difference of each group from the largest; join groups that differ only in what does not count."""
    for group in row.groups[1:]:
        one, other = row.groups[0][0], group[0]
        try:
            found = first_difference(one.folder / row.file, other.folder / row.file)
        except (Unreadable, FileNotFoundError) as error:
            found = Difference("file", "content", ("differs", f"{error}" if str(error) else "has just been removed"))
        if found is None:
            row.groups[0] += group
            row.groups.remove(group)
        else:
            row.splits.append(Split(row.groups[0], group, found, []))


def _explained(split: Split, row: Row, rows: list[Row]) -> Split:
    causes, follows = _causes(row, split.one, split.other, rows)
    if row.kind in _OF_SAMPLES and split.difference.where in _SHEET_FIELDS:
        causes = [Cause("sample sheet", f"another {split.difference.where} of the sample")]
    if not causes:
        causes = [Cause(why.NO_CAUSE, why.no_cause([*split.one, *split.other]))]
    return Split(split.one, split.other, split.difference, causes, follows)


def _causes(row: Row, one: list[Centre], other: list[Centre], rows: list[Row]) -> tuple[list[Cause], str | None]:
    """Causes of a difference, those of the files that the row's is made from first, and the file it follows from."""
    if sheet := _sheet_causes(row.case, one[0], other[0]):
        return sheet, None
    found: list[Cause] = []
    follows = None
    for before in rows:
        groups = before.group(one[0]), before.group(other[0])
        if before.kind in results.named(row.kind).made_from and None not in groups and groups[0] is not groups[1]:
            more, root = _causes(before, groups[0], groups[1], rows)
            found += [cause for cause in more if cause not in found]
            follows = follows or root or before.file
    own = why.causes(row.kind, one, other, lambda centre: centre.cases[row.case].assay)
    return found + [cause for cause in own if cause not in found], follows


def _sheet_causes(case: str, one: Centre, other: Centre) -> list[Cause]:
    """Other samples, or another assay, were asked for."""
    sides: list[CaseAt] = [one.cases[case], other.cases[case]]
    found = []
    if sides[0].assay and sides[1].assay and sides[0].assay != sides[1].assay:
        text = f"assay {sides[0].assay} at {one.name}, {sides[1].assay} at {other.name}"
        found.append(Cause("sample sheet", text))
    columns = [side.columns for side in sides]
    if None not in columns and columns[0] != columns[1]:
        names = [", ".join(sorted(side)) or "none" for side in columns]
        found.append(Cause("sample sheet", f"samples {names[0]} at {one.name}, {names[1]} at {other.name}"))
    return found


def _notes(rows: list[Row]) -> Iterator[str]:
    """What is to be looked at before anything else: the input itself was another."""
    for row in rows:
        if row.kind in _OF_SAMPLES and row.differs:
            reads = [_reads(group[0].folder / row.file) for group in row.groups]
            if None not in reads and len(set(reads)) > 1:
                places = zip(reads, row.groups, strict=True)
                text = ", ".join(f"{count:,} at {group[0].name}" for count, group in places)
                sample = Path(row.file).name.removesuffix(".json").removesuffix(".qc")
                yield f"{sample} has different numbers of reads: {text}. Were the same FASTQ files used?"


def _reads(path: Path) -> int | None:
    content = read_object(path) or {}
    metrics = content.get("metrics")
    reads = metrics.get("reads", content.get("reads")) if isinstance(metrics, dict) else None
    return reads if isinstance(reads, int) else None
