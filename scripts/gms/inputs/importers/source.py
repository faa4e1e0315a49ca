"""A sheet of another pipeline as it is written: rows of cells with their lines."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gms.base.problems import Findings
from gms.inputs.user_tables import find_personal_numbers, find_surplus, read_text, repeated_columns, split_records

EMPTY = {"", "na", "n/a", "nan", "none", "null", "."}  # what stands for nothing, in small letters


@dataclass(frozen=True)
class Entry:
    """One row, `line` 1-based; cells by column, empty where the sheet says NA."""

    path: Path
    line: int
    cells: dict[str, str]

    def get(self, *columns: str) -> str:
        """The first of these columns that is not empty, or nothing."""
        return next((self.cells[column] for column in columns if self.cells.get(column)), "")


@dataclass(frozen=True)
class Source:
    """A sheet: the names of its columns and its rows."""

    path: Path
    columns: tuple[str, ...]
    entries: tuple[Entry, ...]


def read_source(path: Path, findings: Findings) -> Source | None:
    """The sheet, after noting what any table can have wrong with it; None if it cannot be split into rows."""
    if path.suffix in (".yaml", ".yml", ".json"):
        findings.add(path, None, "is not a table; write it with one row per line, columns separated by tabs or commas")
        return None
    text = read_text(path, findings)
    records = split_records(text, path, findings) if text is not None else []
    if not records:
        return None
    find_personal_numbers(text, records, path, findings)
    header = [cell.strip() for cell in records[0][1]]
    for problem in repeated_columns(header):
        findings.add(path, 1, problem)
    if len(records) == 1:
        findings.add(path, None, "has a header but no rows")
    find_surplus(header, records[1:], path, findings)
    return Source(path, tuple(header), tuple(_entries(path, header, records[1:])))


def _entries(path: Path, header: list[str], records: list[tuple[int, list[str]]]) -> Iterator[Entry]:
    for line, cells in records:
        values = ["" if cell.strip().lower() in EMPTY else cell.strip() for cell in cells]
        yield Entry(path, line, dict(zip(header, values, strict=False)))
