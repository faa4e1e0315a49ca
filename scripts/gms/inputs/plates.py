"""Plates: the samples of viral assays put together by the plate that they were prepared in, and what contradicts it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from gms.base.problems import Findings, unknown
from gms.inputs.run_model import Case, Plate, Sample, ViralAssay
from gms.inputs.sample_sheet import Row

DEFAULT = "plate1"
_TAKEN = ("index", "plate")  # names of files among those of a plate's samples
_VIRAL = ("scheme", "plate", "well")


def check_plates(rows: Iterable[Row], viruses: Mapping[str, ViralAssay], sheet: Path, findings: Findings) -> None:
    """Note schemes that an assay does not have, plates of two assays, wells with two samples, names of other files, and
    columns of viral assays that are filled in for others."""
    assay_of: dict[str, Row] = {}
    well_of: dict[tuple[str, str], Row] = {}
    for row in rows:
        if row.assay not in viruses:
            if used := [column for column in _VIRAL if getattr(row, column)]:
                text = f"{' and '.join(used)} of assay {row.assay}: only viral assays use them; leave them empty"
                findings.add(sheet, row.line, text)
            continue
        _check_row(row, viruses[row.assay], sheet, findings)
        plate = row.plate or DEFAULT
        other = assay_of.setdefault(plate.casefold(), row)
        if other.assay != row.assay or (other.plate or DEFAULT) != plate:
            text = f"plate '{plate}' is '{other.plate or DEFAULT}' of assay '{other.assay}' on line {other.line}"
            findings.add(sheet, row.line, f"{text}; a plate has one assay and one spelling")
        other = well_of.setdefault((plate, _well(row.well)), row) if row.well else row
        if other.sample != row.sample:
            text = f"well {row.well} of plate '{plate}' has sample '{other.sample}' on line {other.line} already"
            findings.add(sheet, row.line, text)


def _check_row(row: Row, assay: ViralAssay, sheet: Path, findings: Findings) -> None:
    """Note a sample whose pages would have the name of another file, reads in BAM, and an unknown scheme."""
    if row.bam:
        findings.add(sheet, row.line, "samples of a virus need fastq_1 and fastq_2; bam is for other assays")
    if row.sample.casefold() in _TAKEN:
        text = f"sample '{row.sample}' needs another name: its plate has a file of that name in report/viral"
        findings.add(sheet, row.line, text)
    if row.scheme and row.scheme not in assay.schemes:
        text = unknown("primer scheme", row.scheme, assay.schemes)
        findings.add(sheet, row.line, f"{text}; add its BED under  assays: {{{row.assay}: {{schemes: ...}}}}")


def make_plates(cases: Iterable[Case], viruses: Mapping[str, ViralAssay]) -> dict[str, Plate]:
    """Plates in the order of the sheet, from cases that no problem was found with; samples get their defaults."""
    members: dict[str, list[Sample]] = defaultdict(list)
    for case in cases:
        for sample in case.samples:
            scheme = sample.scheme or next(iter(viruses[sample.assay].schemes))
            plate = sample.plate or DEFAULT
            members[plate].append(replace(sample, scheme=scheme, plate=plate, well=_well(sample.well)))
    return {name: Plate(name, samples[0].assay, tuple(samples)) for name, samples in members.items()}


def _well(name: str) -> str:
    """A well without a leading zero: A01 is A1."""
    return name[:1] + name[1:].lstrip("0")
