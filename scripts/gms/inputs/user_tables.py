"""Tables that people write: their text split into rows, what is wrong with columns and rows, and personal numbers."""

import csv
import datetime
import difflib
import io
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from gms.base.personal_numbers import find_identity_number, find_personal_number
from gms.base.problems import Findings, unknown
from gms.base.whole_files import read_file, why_no_text

IDS = ("case", "sample", "vcf_sample", "subject", "accession")  # names that a sheet gives to persons and samples


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
    """(line, cell by column) of each row of a table; cells cut off at the end of a line are empty. No rows after noting
    columns that are unknown, there twice or missing. Personal numbers, and cells beyond the columns, are noted, too."""
    text = read_text(path, findings, absent)
    records = split_records(text, path, findings) if text is not None else []
    if not records:
        return []
    find_personal_numbers(text, records, path, findings)
    header = [cell.strip() for cell in records[0][1]]
    problems = list(_column_problems(header, columns, required))
    for problem in problems:
        findings.add(path, 1, problem)
    if problems:
        return []
    find_surplus(header, records[1:], path, findings)
    blanks = [""] * len(header)
    rows = ((line, [*map(str.strip, cells), *blanks]) for line, cells in records[1:])
    return [(line, dict(zip(header, cells, strict=False))) for line, cells in rows]


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
    yield from repeated_columns([column for column in header if column in columns])
    yield from (f"column '{column}' is missing" for column in absent)


def repeated_columns(header: list[str]) -> Iterator[str]:
    """What is wrong with columns that are there more than once."""
    for column, times in Counter(header).items():
        if times > 1:
            yield f"column '{column}' occurs {times} times; keep one"


def find_surplus(header: list[str], records: list[tuple[int, list[str]]], path: Path, findings: Findings) -> None:
    """Note every row with text beyond the columns, as a comma within a cell makes of it."""
    for line, cells in records:
        if any(map(str.strip, cells[len(header) :])):
            findings.add(path, line, f"has {len(cells)} cells, but the header has {len(header)} columns")


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
