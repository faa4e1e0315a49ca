"""The table of the laboratory: who may be handed over and under which id, checked line by line.

Columns, separated by tabs or commas: sample, sminet_id, region and laboratory; optionally criterion, collected
(YYYY-MM-DD), pseudonym, gisaid_accession, sex, age. What is wrong with the table itself stops a run; what is wrong with
a row keeps its sample from the hand-over.
"""

import datetime
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from gms.base.problems import Findings, unknown
from gms.inputs.user_tables import calendar_day, table_rows

_REQUIRED = ("sample", "sminet_id", "region", "laboratory")


class Entry(NamedTuple):
    """A row, `line` 1-based; absent cells are empty."""

    line: int
    sample: str
    sminet_id: str
    region: str
    laboratory: str
    criterion: str = ""
    collected: str = ""
    pseudonym: str = ""
    gisaid_accession: str = ""
    sex: str = ""
    age: str = ""


class Held(NamedTuple):
    """Why the sample of a line is held back from the hand-over."""

    line: int
    sample: str
    reason: str


class Laboratory(NamedTuple):
    """The entries that may be handed over by sample, and those held back."""

    entries: dict[str, Entry]
    held: list[Held]


def read_laboratory(
    path: Path, handover: Mapping[str, Any], samples: Iterable[str], internal: Iterable[str], findings: Findings
) -> Laboratory:
    """The table, after noting what is wrong with it as a whole; `samples` are those of the sheet, `internal` every name
    that must not leave."""
    absent = "does not exist; the assay names it in laboratory"
    listed = table_rows(path, Entry._fields[1:], _REQUIRED, findings, absent)
    rows = [Entry(line=line, **cells) for line, cells in listed]
    _check_samples(rows, set(samples), path, findings)
    held = [Held(row.line, row.sample, reason) for row in rows for reason in _reasons(row, handover, internal)]
    held += _twice(rows)
    held += _pseudonyms_of_others(rows, internal) if handover.get("gisaid") else ()  # else they leave with nothing
    back = {one.sample for one in held}
    return Laboratory({row.sample: row for row in rows if row.sample not in back}, sorted(held))


def _check_samples(rows: Iterable[Entry], samples: set[str], path: Path, findings: Findings) -> None:
    """Note rows of samples that the sheet does not have, and samples with two rows."""
    first: dict[str, int] = {}
    for row in rows:
        if row.sample not in samples:
            findings.add(path, row.line, f"{unknown('sample', row.sample, samples)}; the sheet does not have it")
        elif first.setdefault(row.sample, row.line) != row.line:
            findings.add(path, row.line, f"sample '{row.sample}' has a row on line {first[row.sample]} already")


def _reasons(row: Entry, handover: Mapping[str, Any], internal: Iterable[str]) -> Iterable[str]:
    """What is wrong with a row."""
    if not row.sminet_id:
        yield "has no SmiNet id"
    elif not re.fullmatch(handover["id_pattern"], row.sminet_id):
        yield f"has SmiNet id '{row.sminet_id}', which is not of the form {handover['id_pattern']}"
    elif row.sminet_id.casefold() in {name.casefold() for name in internal}:
        yield "has an internal name as its SmiNet id; internal ids never leave"
    if row.region not in handover["regions"]:
        yield f"has region code '{row.region}', which is not one of {', '.join(handover['regions'])}"
    if not re.fullmatch(handover["laboratories"], row.laboratory):
        yield f"has laboratory code '{row.laboratory}', which is not of the form {handover['laboratories']}"
    if row.collected and not _is_past(row.collected):
        yield f"has collection date '{row.collected}', which is not a date in the past as 2026-01-31"


def _is_past(text: str) -> bool:
    day = calendar_day(text)
    return day is not None and day <= datetime.date.today()


def _twice(rows: Iterable[Entry]) -> list[Held]:
    """Rows that share a SmiNet id: none of them can be told apart."""
    rows = list(rows)
    number = Counter(row.sminet_id.casefold() for row in rows if row.sminet_id)
    return [
        Held(row.line, row.sample, f"has SmiNet id '{row.sminet_id}', as {number[row.sminet_id.casefold()]} rows have")
        for row in rows
        if number[row.sminet_id.casefold()] > 1
    ]


def _pseudonyms_of_others(rows: Iterable[Entry], internal: Iterable[str]) -> Iterator[Held]:
    """Rows whose pseudonym another row has, or that is another sample's SmiNet id or name: a column was moved."""
    rows = list(rows)
    number = Counter(row.pseudonym.casefold() for row in rows if row.pseudonym)
    names = {name.casefold() for name in internal} | {row.sminet_id.casefold() for row in rows}
    for row in rows:
        pseudonym = row.pseudonym.casefold()
        if number[pseudonym] > 1:
            yield Held(row.line, row.sample, f"has pseudonym '{row.pseudonym}', as {number[pseudonym]} rows have")
        elif pseudonym in names - {row.sample.casefold(), row.sminet_id.casefold(), ""}:
            yield Held(row.line, row.sample, "has as pseudonym the SmiNet id or an internal name of another sample")
