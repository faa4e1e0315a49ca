"""Which pipeline a sheet is of: told by its header, never by its name."""

from collections.abc import Callable
from typing import NamedTuple

from gms.base.problems import Findings
from gms.inputs.importers import hydra, raredisease, sarek
from gms.inputs.importers.source import Source


class Format(NamedTuple):
    """A kind of sheet: in words, what turns it into drafts, and the columns that it must have."""

    title: str
    convert: Callable
    required: tuple[str, ...]


FORMATS = {
    "hydra": Format("hydra-genetics samples.tsv and units.tsv", hydra.convert, hydra.REQUIRED["units"]),
    "sarek": Format("nf-core/sarek", sarek.convert, sarek.REQUIRED),
    "raredisease": Format("nf-core/raredisease", raredisease.convert, raredisease.REQUIRED),
}
# Sheets that are known and cannot be taken: a column that gives them away, and why.
OTHERS = {
    "family_id": "looks like a sheet of nallo: long reads cannot be used",
    "clarity_sample_id": "looks like a sheet of JASEN: there is no assay for bacteria",
    "is_amplicon_data": "looks like a sheet of uncovar: samples of viruses are listed by plate, see docs/viral.md",
    "group": "looks like a sheet of Lund's pipelines, which is not read; config/samples.tsv shows ours",
    "role": "looks like a sheet of this workflow: it can be used as it is",
}


def recognise(sources: list[Source], asked: str | None, findings: Findings) -> Format | None:
    """The format by the columns, or the one asked for; None after noting why it cannot be one."""
    name = asked or _by_columns(sources)
    if name is None:
        findings.add(sources[0].path, 1, _unknown(sources[0]))
        return None
    before = len(findings.problems)
    if name == "hydra":
        _check_pair(sources, findings)
    else:
        for source in sources[1:]:
            findings.add(source.path, None, f"is one sheet too many: {FORMATS[name].title} has one")
        _check_columns(sources[0], FORMATS[name].required, findings)
    return FORMATS[name] if len(findings.problems) == before else None


def _by_columns(sources: list[Source]) -> str | None:
    columns = {column for source in sources for column in source.columns}
    if "patient" in columns:
        return "sarek"
    if "case_id" in columns:
        return "raredisease"
    if {"fastq1", "fastq2"} & columns or {"sample", "tumor_content"} <= columns:
        return "hydra"
    return None


def _unknown(source: Source) -> str:
    for column, text in OTHERS.items():
        if column in source.columns:
            return text
    titles = "; ".join(f"{name}: {form.title}" for name, form in FORMATS.items())
    return f"columns match no known sheet ({titles}); --from NAME says which it should be"


def _check_pair(sources: list[Source], findings: Findings) -> None:
    """Note sheets that are not one samples.tsv and one units.tsv, in any order."""
    units = [source for source in sources if {"fastq1", "fastq2"} & set(source.columns)]
    if len(sources) != 2 or len(units) != 1:
        text = "hydra-genetics has two sheets, samples.tsv and units.tsv (with fastq1 and fastq2); give both"
        findings.add(sources[0].path, None, text)
        return
    for source in sources:
        _check_columns(source, hydra.REQUIRED["units" if source is units[0] else "samples"], findings)


def _check_columns(source: Source, required: tuple[str, ...], findings: Findings) -> None:
    for column in required:
        if column not in source.columns:
            findings.add(source.path, 1, f"column '{column}' is missing")
