"""gms sheet: a sample sheet from FASTQ files, an Illumina SampleSheet or a PED file."""

import argparse
import sys
from pathlib import Path

from gms.base.errors import GmsError
from gms.base.personal_numbers import find_personal_number, mask_personal_numbers
from gms.base.problems import Findings, shown
from gms.commands.sheets.import_sheet import (
    UnusableOption,
    assays_of,
    check_output,
    counted,
    load_assays,
    roles_of,
    tell_lines,
    usable_assays,
)
from gms.inputs.importers.draft import Wishes
from gms.inputs.new_sheet.build import NewSheet, build, sort_sources

DOUBTFUL = 3  # exit code: the sheet is written, but reads of some samples are not in it


class NoSheet(GmsError):
    """A sheet that would be empty, or hold a personal number."""

    def __init__(self, why: str):
        super().__init__(f"no sheet is written: {why}")


def main(argv: list[str]) -> int:
    """Write a samples.tsv from folders with FASTQ files as Illumina, MGI, Element or an archive name them (lanes and
    runs of a sample are put together), or with BAM, CRAM or VCF files (a VCF is taken only of samples without reads);
    an Illumina SampleSheet.csv of version 1 or 2 says which samples, a PED file families, sex and status. Every file
    that is not taken is listed with the reason, and its sample is left out. What a person must fill in is listed too.
    Exit code: 0 all reads are in the sheet; 3 it is written without some samples; 1 it is not written."""
    options = parser().parse_args(argv)
    output = options.output
    if output:
        check_output(output)
    findings = Findings()
    sources = sort_sources(options.sources, findings)
    findings.raise_if_any()
    sheet = build(sources, load_assays(findings), wishes(options), output, findings)
    print(mask_personal_numbers("\n".join(lines(sheet, output))), file=sys.stderr)
    if not sheet.drafts:
        raise NoSheet("no pair of FASTQ files, and no BAM, CRAM or VCF file, can be taken")
    if find_personal_number(sheet.text) is not None:
        raise NoSheet("names or paths contain a personal number; rename the files first")
    if output:
        output.write_text(sheet.text)
    else:
        print(sheet.text, end="")
    return DOUBTFUL if any(odd.sample for odd in sheet.odd) else 0


def parser() -> argparse.ArgumentParser:
    """The options; each says what names of files cannot."""
    made = argparse.ArgumentParser(prog="gms sheet", description=main.__doc__, allow_abbrev=False)
    text = (
        "folder with FASTQ files, SampleSheet.csv or PED file; without a folder, reads are looked for next to the file"
    )
    made.add_argument("sources", nargs="+", type=Path, metavar="FOLDER|FILE", help=text)
    text = f"assay of all samples, or of a sample (may be repeated): {', '.join(usable_assays())}"
    made.add_argument("--assay", action="append", required=True, metavar="[SAMPLE=]NAME", help=text)
    made.add_argument("--output", "-o", type=Path, help="the sheet to write; must not exist; default: standard output")
    made.add_argument("--role", action="append", default=[], metavar="SAMPLE=ROLE", help="such as tumor or mother")
    text = "samples of one case: a family, or a tumour and its normal; may be repeated"
    made.add_argument("--case", action="append", default=[], metavar="CASE=SAMPLE,SAMPLE", help=text)
    made.add_argument("--leave-out", action="append", default=[], metavar="SAMPLE", help="a sample; may be repeated")
    return made


def wishes(options: argparse.Namespace) -> Wishes:
    """What the options say, checked. Raises GmsError."""
    cases = {}
    for word in options.case:
        case, _, samples = word.partition("=")
        if not case or not samples:
            raise UnusableOption("--case", word, "CASE=SAMPLE,SAMPLE")
        cases |= dict.fromkeys(samples.split(","), case)
    leave_out = frozenset(options.leave_out)
    return Wishes(assays_of(options.assay), roles_of(options.role), leave_out, cases=cases)


def lines(sheet: NewSheet, output: Path | None) -> list[str]:
    """What is said about a sheet: what is in it, what is not and why, what was assumed, what is to fill in."""
    counts = counted(sheet.drafts)
    said = [f"{shown(output)}: {counts}" if output else counts]
    for head, odd in (
        ("Left out:", [odd for odd in sheet.odd if not odd.sample]),
        ("Not taken, with all of their sample:", [odd for odd in sheet.odd if odd.sample]),
    ):
        said += [head, *(f"  {shown(item.path)}: {item.reason}" for item in odd)] if odd else []
    said += tell_lines(sheet.notes, sheet.renamed)
    if sheet.open:
        return [*said, "To fill in before the sheet can be loaded:", *(f"  {line}" for line in sheet.open)]
    return [*said, "The sheet can be loaded as it is."] if sheet.drafts else said
