"""The clinical table of the trial office: one fact per row, pseudonyms only.

Columns: case, item, value, unit, date (YYYY-MM-DD), limit (of a laboratory value the upper limit of normal, in its own
unit; of a biomarker its limit of detection). Items are those of ITEMS, laboratory tests, `copy_number:GENE`,
`fusion:GENE` or `fusion:GENE::PARTNER`, `expression:GENE`, biomarkers (tmb, msi, hrd, signature_NAME), consents
(consent_...), and whatever the definitions ask for.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from gms.base.problems import Findings, unknown
from gms.inputs.user_tables import calendar_day, table_rows
from gms.sharing.decision.likely_typos import Spellings
from gms.trials.definitions.laboratory import tests
from gms.trials.definitions.model import Node, Trial

COLUMNS = ("case", "item", "value", "unit", "date", "limit")
REQUIRED = ("case", "item", "value")
NUMBERS = {"age": ("years",), "ecog": ("",), "prior_lines": ("",)}  # numeric items and the units that they may have
WORDS = {"sex": ("female", "male"), "diagnosis": (), "prior_therapy": (), "prior_therapies_complete": ("yes", "no")}
OF_GENES = re.compile(r"(copy_number|expression):[A-Za-z0-9_.-]+|fusion:[A-Za-z0-9_.-]+(::[A-Za-z0-9_.-]+)?")
BIOMARKERS = re.compile(r"tmb|msi|hrd|signature_[a-z0-9_]+")
CONSENT = re.compile(r"consent_[a-z_]+")


class Entry(NamedTuple):
    """One row: `number` None where the value is a word; `date` "" where not given."""

    value: str
    number: float | None
    unit: str
    date: str
    limit: float | None


Clinical = Mapping[str, Mapping[str, list[Entry]]]  # case -> item -> entries, the latest first


def asked_items(trials: Iterable[Trial]) -> set[str]:
    """Items that the definitions ask for by name."""

    def below(node: Node) -> Iterable[str]:
        if node.kind == "clinical":
            yield node.params["item"]
        for part in node.parts:
            yield from below(part)

    return {item for trial in trials for cohort in trial.cohorts for item in below(cohort.tree)}


def read_clinical(path: Path, asked: set[str], today: str) -> Clinical:
    """The table. Raises `Problems`: unknown columns or items, values that are no numbers, missing units, days that do
    not exist or are in the future, one item with different values of which none is the later, a case in two spellings,
    personal numbers."""
    findings, content, cases = Findings(), {}, Spellings("case")
    for line, row in table_rows(path, COLUMNS, REQUIRED, findings):
        if problem := _problem(row, asked, today) or cases.problem(row["case"], line) or _add(row, content):
            findings.add(path, line, problem)
    findings.raise_if_any()
    return {case: {item: _latest_first(rows) for item, rows in items.items()} for case, items in content.items()}


def _latest_first(rows: list[Entry]) -> list[Entry]:
    return sorted(rows, key=lambda entry: entry.date, reverse=True)


def _problem(row: Mapping[str, str], asked: set[str], today: str) -> str | None:
    """What is wrong with a row."""
    for column in REQUIRED:
        if not row[column]:
            return f"{column} is empty"
    item = row["item"]
    known = {*NUMBERS, *WORDS, *tests(), *asked}
    if item not in known and not any(kind.fullmatch(item) for kind in (OF_GENES, BIOMARKERS, CONSENT)):
        return unknown("item", item, known)
    return _date_problem(row.get("date", ""), today) or _value_problem(item, row)


def _date_problem(date: str, today: str) -> str | None:
    if date and calendar_day(date) is None:
        return f"date '{date}' is not a calendar date; write YYYY-MM-DD"
    return f"date {date} is after the day of the decision, {today}" if date > today else None


def _value_problem(item: str, row: Mapping[str, str]) -> str | None:
    value, unit = row["value"], row.get("unit", "")
    if row.get("limit") and _number(row["limit"]) is None:
        return f"limit '{row['limit']}' is not a number"
    if item in NUMBERS or item in tests():
        units = NUMBERS.get(item) or tests()[item].units()
        if _number(value) is None:
            return f"{item} '{value}' is not a number; decimals have a point"
        if unit not in units:
            return (
                unknown(f"unit of {item}", unit, units) if unit else f"{item} has no unit; write {' or '.join(units)}"
            )
    words = WORDS.get(item) or (("yes", "no") if CONSENT.fullmatch(item) else ())
    return unknown(item, value, words) if words and value not in words else None


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else None


def _add(row: Mapping[str, str], content: dict) -> str | None:
    """Add a row; what it contradicts, if anything."""
    limit = _number(row.get("limit", ""))
    entry = Entry(row["value"], _number(row["value"]), row.get("unit", ""), row.get("date", ""), limit)
    rows = content.setdefault(row["case"], {}).setdefault(row["item"], [])
    others = [other for other in rows if other != entry and row["item"] != "prior_therapy"]
    if any(other.date == entry.date for other in others):
        return f"{row['item']} of {row['case']} is there already with another value on the same day; keep one"
    if any(not (other.date and entry.date) and other._replace(date=entry.date) != entry for other in others):
        return f"{row['item']} of {row['case']} is there already; give both their dates, which say what is true now"
    rows.append(entry)
    return None
