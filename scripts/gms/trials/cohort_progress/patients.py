"""The table of patients in cohorts: pseudonyms, day of enrolment, whether they can be evaluated, whether they benefit.

Columns: trial, cohort, country, patient, enrolled (YYYY-MM-DD), evaluable (yes, no, pending), benefit (yes or no, empty
unless evaluable), evaluated (YYYY-MM-DD, optional).
"""

import datetime
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from gms.base.problems import Findings, unknown
from gms.inputs.user_tables import calendar_day, table_rows

COLUMNS = ("trial", "cohort", "country", "patient", "enrolled", "evaluable", "benefit", "evaluated")
REQUIRED = tuple(column for column in COLUMNS if column != "evaluated")
STATES = ("yes", "no", "pending")


class Patient(NamedTuple):
    """One patient of one cohort; `benefit` None unless evaluable is yes."""

    trial: str
    cohort: str
    country: str
    patient: str
    enrolled: str
    evaluable: str
    benefit: bool | None


def read_patients(paths: Iterable[Path], cohorts: Mapping[str, set[str]]) -> list[Patient]:
    """Patients of all tables in the order of enrolment. `cohorts`: ids by trial. Raises `Problems`: unknown columns,
    trials, cohorts or words, days that do not exist or contradict each other, a patient twice, personal numbers."""
    findings, patients = Findings(), []
    seen: dict[tuple[str, str, str, str], str] = {}
    for path in paths:
        for line, row in table_rows(path, COLUMNS, REQUIRED, findings):
            if text := _problem(row, cohorts) or _repeated(row, seen, f"{path.name} line {line}"):
                findings.add(path, line, text)
            else:
                patients.append(_patient(row))
    findings.raise_if_any()
    return sorted(patients, key=lambda one: (one.enrolled, one.country, one.patient))


def _patient(row: Mapping[str, str]) -> Patient:
    benefit = row["benefit"] == "yes" if row["evaluable"] == "yes" else None
    return Patient(*(row[column] for column in COLUMNS[:6]), benefit)


def _repeated(row: Mapping[str, str], seen: dict, where: str) -> str | None:
    key = tuple(row[column].casefold() for column in ("trial", "cohort", "country", "patient"))
    first = seen.setdefault(key, where)
    return None if first == where else f"patient {row['patient']} is in this cohort already ({first}); keep one row"


def _problem(row: Mapping[str, str], cohorts: Mapping[str, set[str]]) -> str | None:
    """What is wrong with a row."""
    for column in COLUMNS[:6]:
        if not row[column]:
            return f"{column} is empty"
    if row["trial"] not in cohorts:
        return unknown("trial", row["trial"], cohorts)
    if row["cohort"] not in cohorts[row["trial"]]:
        return unknown(f"cohort of {row['trial']} with a two-stage design", row["cohort"], cohorts[row["trial"]])
    if row["evaluable"] not in STATES:
        return unknown("evaluable", row["evaluable"], STATES)
    wanted = ("yes", "no") if row["evaluable"] == "yes" else ("",)
    if row["benefit"] not in wanted:
        rule = "must be yes or no" if row["evaluable"] == "yes" else "must be empty"
        return f"benefit '{row['benefit']}' {rule} where evaluable is {row['evaluable']}"
    return _day_problem(row)


def _day_problem(row: Mapping[str, str]) -> str | None:
    today = datetime.date.today().isoformat()
    for column in ("enrolled", "evaluated"):
        day = row.get(column, "")
        if day and calendar_day(day) is None:
            return f"{column} '{day}' is not a calendar date; write YYYY-MM-DD"
        if day > today:
            return f"{column} {day} is in the future"
    if row.get("evaluated") and row["evaluated"] < row["enrolled"]:
        return f"evaluated {row['evaluated']} is before enrolled {row['enrolled']}"
    return None
