"""Illumina's SampleSheet.csv, versions 1 and 2, and Element's RunManifest.csv: which samples a sequencing run has."""

import csv
import io
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from gms.base.problems import Findings
from gms.inputs.importers.names import proper
from gms.inputs.new_sheet.read_files import Found, Odd, Pair
from gms.inputs.user_tables import find_personal_numbers, read_text

SECTIONS = ("data", "bclconvert_data", "samples")  # version 1, version 2, Element
ID, NAME = ("sample_id", "samplename", "sampleid"), ("sample_name",)


class Listed(NamedTuple):
    """A sample of the sequencing run, by its first row; `line` 1-based; `number`: which it is in the sheet, from 1."""

    id: str
    name: str
    line: int
    number: int


def is_sample_sheet(text: str) -> bool:
    """Whether a text has sections in brackets."""
    return any(line.lstrip('\ufeff \t"').startswith("[") for line in text.splitlines())


def read_listed(path: Path, findings: Findings) -> list[Listed]:
    """The samples of a sheet in their order, each once."""
    text = read_text(path, findings) or ""
    delimiter = ";" if text.count(";") > text.count(",") else "\t" if "," not in text else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows = [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader]
    find_personal_numbers(text, [row for row in rows if any(row[1])], path, findings)
    columns, listed = None, {}
    for line, cells in _data_rows(rows):
        if columns is None:
            columns = [cell.lower().replace(" ", "_") for cell in cells]
            if not set(ID) & set(columns):
                findings.add(path, line, "has no column Sample_ID")
                return []
            continue
        row = dict(zip(columns, cells, strict=False))
        name = next((row[column] for column in ID if row.get(column)), "")
        if not name:
            findings.add(path, line, "Sample_ID is empty")
        elif name not in listed:
            listed[name] = Listed(name, row.get("sample_name", ""), line, len(listed) + 1)
    if not listed and not findings.problems:
        findings.add(path, None, "lists no sample: neither [Data] nor [BCLConvert_Data] has a row")
    return list(listed.values())


def _data_rows(rows: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """Rows of the sections that list samples, without empty ones; the first is their header."""
    section, found = "", []
    for line, cells in rows:
        first = cells[0] if cells else ""
        if first.startswith("["):
            section = first.strip("[]").lower()
        elif section in SECTIONS and any(cells) and not first.startswith("#"):
            found.append((line, cells))
    return found


def keep_listed(found: Found, listed: list[Listed], path: Path, others: Collection[str]) -> dict[Pair, str]:
    """Sample of each pair whose name is in the sheet; other pairs, and samples without files, become odd. `others`:
    samples with files that are no FASTQ files."""
    samples, seen = {}, set(others)
    for pair in found.pairs:
        name = _listed_as(pair, listed)
        if name:
            samples[pair] = name
            seen.add(name)
        else:
            found.odd.append(Odd(pair.fastq_1, f"is of no sample of {path.name}", pair.name.sample))
    missing = {odd.sample for odd in found.odd}
    for sample in listed:
        if sample.id not in seen and not {sample.id, sample.name, proper(sample.id)} & missing:
            found.odd.append(Odd(path, f"line {sample.line}: no files of sample '{sample.id}' were found", sample.id))
    return samples


def _listed_as(pair: Pair, listed: list[Listed]) -> str:
    """Sample_ID of a pair: by Sample_ID, else by Sample_Name, and of several by the S number; empty if it is in doubt.

    bcl2fastq names files by Sample_Name where there is one, MiSeq Reporter writes '-' for '_'.
    """
    name = pair.name.sample
    for names in (lambda sample: sample.id, lambda sample: sample.name):
        fits = [sample for sample in listed if names(sample) and name in (names(sample), proper(names(sample)))]
        if len(fits) > 1:
            fits = [sample for sample in fits if str(sample.number) == pair.name.number]
        if len(fits) == 1:
            return fits[0].id
    return ""
