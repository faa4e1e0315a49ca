"""The sample sheet: its text split into rows, and every cell checked."""

import csv
import datetime
import difflib
import io
from collections.abc import Collection, Iterator, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

from gms.base.personal_numbers import find_identity_number, find_personal_number
from gms.base.problems import Findings, unknown
from gms.base.schemas import compiled, load_schema, missing
from gms.base.whole_files import read_file, why_no_text
from gms.inputs.row_files import Row, row_problem

# Columns of the sheets that users come from, and what they are called here.
_ELSEWHERE = {
    "patient": "case",
    "case_id": "case",
    "family_id": "case",
    "group": "case",
    "type": "role",
    "tumor_content": "purity",
    "read1": "fastq_1",
    "read2": "fastq_2",
    "cram": "bam",
    "ubam": "bam",
}
FASTQ = ("fastq_1", "fastq_2")
IDS = ("case", "sample", "vcf_sample", "subject", "accession")  # names that a sheet gives to persons and samples
_PARENTS = ("mother", "father", "maternal_id", "paternal_id")


class Table(NamedTuple):
    """The rows of a sheet; `sound` has those whose case, sample, role and assay can be relied on."""

    rows: list[Row]
    sound: list[Row]


def read_sheet(path: Path, assays: list[str], findings: Findings) -> Table:
    """All rows of the sheet, after noting every problem that a row or cell has on its own; `assays` are known names."""
    text = read_text(path, findings, "does not exist; the configuration names it in samples")
    records = split_records(text, path, findings) if text is not None else []
    if not records:
        return Table([], [])
    find_personal_numbers(text, records, path, findings)
    header = [cell.strip() for cell in records[0][1]]
    if header[0].startswith("#"):
        findings.add(path, 1, "is a comment; the first line names the columns, so remove it or its '#'")
        return Table([], [])
    if not _check_header(header, path, findings):
        return Table([], [])
    rows = list(_rows(header, records[1:], path, findings))
    if len(records) == 1:
        findings.add(path, None, "has a header but no rows; write one row per sequenced lane")
    return Table(rows, list(_check_cells(rows, assays, path, findings)))


def local_names(path: Path) -> set[str]:
    """Every case, sample (here and in its VCF), subject and accession that a sheet names: none may leave the centre."""
    text = read_text(path, Findings()) or ""
    (_, header), *records = split_records(text, path, Findings()) or [(1, [])]
    places = [place for place, column in enumerate(header) if column in IDS]
    return {record[place] for _, record in records for place in places if record[place : place + 1]} - {""}


def read_text(path: Path, findings: Findings, absent: str = "does not exist") -> str | None:
    """The text of a sheet; None after noting why it cannot be read, `absent` where there is no such file."""
    try:
        return read_file(path).decode("utf-8-sig")
    except OSError as error:
        is_absent = isinstance(error, FileNotFoundError)
        findings.add(path, None, absent if is_absent else f"cannot be read: {error.strerror}")
    except UnicodeDecodeError as error:
        findings.add(path, None, f"{why_no_text(error.object)}, with columns separated by tabs or commas")
    return None


def split_records(text: str, path: Path, findings: Findings) -> list[tuple[int, list[str]]]:
    """(line, cells) of every record that is not blank."""
    first = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t" if "\t" in first else ",")
    try:
        records = [(reader.line_num, cells) for cells in reader if any(map(str.strip, cells))]
    except csv.Error as error:
        findings.add(path, reader.line_num, f"cannot be split into columns: {error}")
        return []
    if line := _open_quote(text, records):
        findings.add(path, line, 'a quote (") is not closed on this line; close it or remove it')
        return []
    if not records:
        findings.add(path, 1, "is empty; its first line names the columns")
    elif len(records[0][1]) == 1 and ";" in first:
        findings.add(path, 1, "columns are separated by ';'; separate them by tabs or commas")
        return []
    return records


def _open_quote(text: str, records: list[tuple[int, list[str]]]) -> int:
    """The line of a quote that is not closed, so that its cell is the rest of the file; 0 where there is none."""
    if text.count('"') % 2 == 0 or not records or "\n" not in (cell := records[-1][1][-1]):
        return 0
    return records[-1][0] - cell.removesuffix("\n").count("\n")


def table_rows(
    path: Path, columns: Sequence[str], required: Collection[str], findings: Findings, absent: str = "does not exist"
) -> list[tuple[int, dict[str, str]]]:
    """(line, cell by column) of each row of a table; cells cut off at the end of a line are empty. None after noting
    columns that are unknown, there twice or missing. Personal numbers are noted, too."""
    text = read_text(path, findings, absent)
    records = split_records(text, path, findings) if text is not None else []
    if not records:
        return []
    find_personal_numbers(text, records, path, findings)
    header = [cell.strip() for cell in records[0][1]]
    problems = list(_column_problems(header, columns, required))
    for problem in problems:
        findings.add(path, 1, problem)
    blanks = [""] * len(header)
    rows = ((line, [*map(str.strip, cells), *blanks]) for line, cells in records[1:])
    return [] if problems else [(line, dict(zip(header, cells, strict=False))) for line, cells in rows]


def _column_problems(header: list[str], columns: Sequence[str], required: Collection[str]) -> Iterator[str]:
    """What is wrong with a header; a required column under another name is one problem."""
    absent = [column for column in required if column not in header]
    strange = [column for column in dict.fromkeys(header) if column not in columns]
    for column in strange:
        near = difflib.get_close_matches(column.lower(), absent, 1) or (
            absent if len(absent) == len(strange) == 1 else []
        )
        if near and column:
            yield f"unknown column '{column}', and column '{near[0]}' is missing; rename it if that is meant"
            absent.remove(near[0])
        else:
            yield unknown("column", column, columns)
    twice = [column for column in columns if header.count(column) > 1]
    yield from (f"column '{column}' occurs {header.count(column)} times; keep one" for column in twice)
    yield from (f"column '{column}' is missing" for column in absent)


def calendar_day(text: str) -> datetime.date | None:
    """The day that YYYY-MM-DD names; None for any other text."""
    try:
        return datetime.date.fromisoformat(text) if len(text) == len("YYYY-MM-DD") else None
    except ValueError:
        return None


def find_personal_numbers(text: str, records: list[tuple[int, list[str]]], path: Path, findings: Findings) -> None:
    """Note every cell that holds a personal number, by line and column, without repeating it."""
    if find_identity_number(text) is None:
        return
    header = [column.strip() for column in records[0][1]]
    for line, cells in records:
        for place, cell in enumerate(cells):
            where = header[place] if place < len(header) and line > 1 else "the header"
            if (find_identity_number if where in IDS else find_personal_number)(cell) is not None:
                text = f"{where} holds a personal number; use an id that says nothing about the person"
                findings.add(path, line, text)


def _check_header(header: list[str], path: Path, findings: Findings) -> bool:
    """Note columns that are unknown, missing or there twice; False if required ones are missing."""
    schema = load_schema("samples")
    known = schema["properties"]
    for column in dict.fromkeys(header):
        if column not in known:
            findings.add(path, 1, _unknown_column(column, known))
        elif header.count(column) > 1:
            findings.add(path, 1, f"column '{column}' occurs {header.count(column)} times; keep one")
    spared = FASTQ if {"bam", "vcf"}.intersection(header) else ()
    absent = [column for column in schema["required"] if column not in {*header, *spared}]
    for column in absent:
        findings.add(path, 1, f"column '{column}' {missing(known[column])}")
    return not absent


def _unknown_column(column: str, known: dict[str, Any]) -> str:
    if column == "":
        return "a column has no name; give it one or remove it"
    if column in _PARENTS:
        return f"unknown column '{column}'; a parent is a row of its own in the same case, with role mother or father"
    if column in _ELSEWHERE:
        return f"unknown column '{column}'; it is called '{_ELSEWHERE[column]}' here"
    return unknown("column", column, known)


def _rows(header: list[str], records: list[tuple[int, list[str]]], path: Path, findings: Findings) -> Iterator[Row]:
    """Rows with their cells in the order of `Row`; cells that an editor cut off at the end of a line are empty."""
    # A further, empty cell stands for the columns that the sheet does not have.
    places = itemgetter(*(header.index(column) if column in header else len(header) for column in Row._fields[1:]))
    defaults = [(i, rule["default"]) for i, rule in enumerate(_rules().values()) if "default" in rule]
    for line, cells in records:
        if len(cells) > len(header) and any(map(str.strip, cells[len(header) :])):
            findings.add(path, line, f"has {len(cells)} cells, but the header has {len(header)} columns")
        padded = [cell.strip() for cell in cells[: len(header)]] + [""] * (len(header) + 1 - len(cells))
        values = list(places(padded + [""]))
        for place, default in defaults:
            values[place] = values[place] or default
        yield Row(line, *values)


def _rules() -> dict[str, dict[str, Any]]:
    properties = load_schema("samples")["properties"]
    return {column: properties[column] for column in Row._fields[1:]}


def _check_cells(rows: list[Row], assays: list[str], path: Path, findings: Findings) -> Iterator[Row]:
    """Note every cell that breaks its column's rule; yield the rows whose case, sample, role and assay keep theirs."""
    rules = {**_rules(), "assay": {"enum": assays}}
    required = set(load_schema("samples")["required"]) - {*FASTQ}
    accepted = [set(rule.get("enum", ())) | (set() if column in required else {""}) for column, rule in rules.items()]
    patterns = [compiled(rule["pattern"]) if "pattern" in rule else None for rule in rules.values()]
    for row in rows:
        broken = set()
        for column, value, good, pattern in zip(rules, row[1:], accepted, patterns, strict=True):
            if value in good:
                continue
            if value and pattern and pattern.search(value) and not _is_no_day(column, value):
                good.add(value)
                continue
            broken.add(column)
            if find_identity_number(value) is None:
                findings.add(path, row.line, _cell_problem(column, value, rules[column]))
        if problem := row_problem(row):
            findings.add(path, row.line, problem)
        if not broken & {"case", "sample", "role", "assay"}:
            yield row


def _is_no_day(column: str, value: str) -> bool:
    """Whether a date of arrival is none of the calendar, or is in the future (tomorrow is today elsewhere)."""
    tomorrow = datetime.date.today() + datetime.timedelta(days=1)
    return column == "received" and not (calendar_day(value) or datetime.date.max) <= tomorrow


def _cell_problem(column: str, value: str, rule: dict[str, Any]) -> str:
    if not value:
        return f"{column} is empty"
    if column == "received" and compiled(rule["pattern"]).search(value):
        return f"received '{value}' is {'in the future' if calendar_day(value) else 'not a calendar date'}"
    if "enum" in rule:
        return unknown(column, value, rule["enum"])
    return f"{column} '{value}' {rule['errorMessage']}"
