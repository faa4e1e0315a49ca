"""The sample sheet, every cell checked."""

import datetime
from collections.abc import Iterator
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

from gms.base.personal_numbers import find_identity_number
from gms.base.problems import Findings, unknown
from gms.base.schemas import compiled, load_schema, missing
from gms.inputs.row_files import Row, row_problem
from gms.inputs.user_tables import (
    IDS,
    calendar_day,
    find_personal_numbers,
    find_surplus,
    read_text,
    repeated_columns,
    split_records,
)

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


def _check_header(header: list[str], path: Path, findings: Findings) -> bool:
    """Note columns that are unknown, missing or there twice; False if required ones are missing."""
    schema = load_schema("samples")
    known = schema["properties"]
    for column in dict.fromkeys(header):
        if column not in known:
            findings.add(path, 1, _unknown_column(column, known))
    for problem in repeated_columns([column for column in header if column in known]):
        findings.add(path, 1, problem)
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
    find_surplus(header, records, path, findings)
    for line, cells in records:
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
