"""The tables beside the sharing file: what subjects consented to, and what is known of them; separated by tabs.

A row that is misread must not share anybody: what could be a typo in an id is a problem, not another id.
"""

import csv
import datetime
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path

from gms.base.personal_numbers import find_identity_number
from gms.base.problems import Findings
from gms.base.whole_files import read_file
from gms.sharing.decision.decisions import STATUS
from gms.sharing.decision.likely_typos import Spellings, differences, is_likely_typo, nearest
from gms.sharing.decision.model import Consent

CONSENT_COLUMNS = ("subject", "study", "status", "date")
INDIVIDUAL_COLUMNS = ("subject", "birth_date", "sampled", "disease", "disease_label")
_INVISIBLE = "white space at the beginning or end, or an invisible character; remove it"
_LATER = (
    "{status} is dated {day}, after today ({today}), and would not count yet: correct the date, or enter the row on "
    "that day"
)
_BEFORE = (
    "{status} is dated {day}, before the first consent that it could end ({first}), and would have no effect: correct "
    "one of the dates"
)
# A compact identifier of an ontology: MONDO:0007254, ICD10:C50.9.
_DISEASE = re.compile(r"[A-Za-z][A-Za-z0-9]{1,9}:[A-Z]{0,2}[0-9][0-9.]{0,9}")


def read_consents(path: Path, findings: Findings, study: str, today: datetime.date) -> tuple[Consent, ...]:
    """The rows of the consents table, of all studies; what is wrong is noted, and likely typos in an id.

    `study` is the one of the sharing file. A withdrawal or expiry dated after `today` is refused: it would not count.
    """
    consents = []
    for line, row in _rows(path, CONSENT_COLUMNS, findings):
        day = None
        if not all(row.values()):
            findings.add(path, line, f"must give {', '.join(CONSENT_COLUMNS)}")
        elif row["status"] not in STATUS:
            findings.add(path, line, f"unknown status '{row['status']}' (known: {', '.join(STATUS)})")
        else:
            day = _day(row, "date", lambda text, line=line: findings.add(path, line, text))
        if day:
            consents.append((line, Consent(row["subject"], row["study"], row["status"], day)))
    for line, text in _doubtful(consents, study, today):
        findings.add(path, line, text)
    return tuple(consent for _, consent in consents)


def _doubtful(rows: list[tuple[int, Consent]], study: str, today: datetime.date) -> Iterator[tuple[int, str]]:
    """Line and text of rows that would not count, though whoever wrote them surely means them to."""
    subjects, studies = Spellings("subject"), Spellings("study")
    granted = _first_consents(consent for _, consent in rows)
    granted_to = {study: {who for who, what in granted if what == study} for _, study in granted}
    for line, consent in rows:
        typos = [subjects.problem(consent.subject, line)]
        if is_likely_typo(consent.study, study, known=(consent.subject, consent.study) in granted):
            typos.append(
                f"study '{consent.study}' is similar to {study}, this sharing file's study, but does not apply to it"
            )
        else:
            typos.append(studies.problem(consent.study, line))
        yield from ((line, text) for text in typos if text)
        if consent.status == "granted":
            continue
        first = granted.get((consent.subject, consent.study))
        if not (any(typos) or first):
            yield line, _hits_nobody(consent, granted_to.get(consent.study, set()))
        elif first and consent.date < first:
            yield line, _BEFORE.format(status=consent.status, day=consent.date, first=first)
        if consent.date > today:
            yield line, _LATER.format(status=consent.status, day=consent.date, today=today)


def _first_consents(rows: Iterable[Consent]) -> dict[tuple[str, str], datetime.date]:
    """(Subject, study) -> the day of the first consent."""
    first: dict[tuple[str, str], datetime.date] = {}
    for consent in rows:
        if consent.status == "granted":
            key = consent.subject, consent.study
            first[key] = min(consent.date, first.get(key, consent.date))
    return first


def _hits_nobody(consent: Consent, granted: Collection[str]) -> str:
    """What is said of a restriction that no consent was given for: it would restrict nobody."""
    text = (
        f"{consent.status}, but subject '{consent.subject}' has no granted consent to study {consent.study} in this "
        "table: the row would have no effect"
    )
    if near := nearest(consent.subject, granted):
        return f"{text}; did you mean '{near}' ({differences(consent.subject, near)})?"
    return f"{text}; correct the subject or the study, or enter the consent that it ends"


def read_individuals(path: Path, findings: Findings) -> dict[str, dict[str, str]]:
    """Subject -> birth_date, sampled, disease, disease_label, each empty where unknown; what is wrong is noted."""
    individuals: dict[str, dict[str, str]] = {}
    for line, row in _rows(path, INDIVIDUAL_COLUMNS, findings):
        for text in _wrong_individual(row):
            findings.add(path, line, text)
        if row["subject"] in individuals:
            findings.add(path, line, "is a second row of the subject")
        individuals[row["subject"]] = {column: row[column] for column in INDIVIDUAL_COLUMNS[1:]}
    return individuals


def _wrong_individual(row: Mapping[str, str]) -> list[str]:
    wrong: list[str] = []
    if not row["subject"]:
        wrong.append("must give the subject")
    days = [_day(row, column, wrong.append) if row[column] else None for column in ("birth_date", "sampled")]
    if all(days) and days[0] > days[1]:
        wrong.append("the sample was taken before the birth")
    if row["disease"] and not _DISEASE.fullmatch(row["disease"]):
        wrong.append(f"disease '{row['disease']}' must be the id of an ontology term (MONDO:0007254)")
    if bool(row["disease"]) != bool(row["disease_label"]):
        wrong.append("disease and disease_label belong together: give both or none")
    return wrong


def _rows(path: Path, columns: tuple[str, ...], findings: Findings) -> Iterator[tuple[int, dict[str, str]]]:
    """Line (1-based) and cells of every row that is not empty."""
    try:
        text = read_file(path).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        findings.add(path, None, "does not exist or is not UTF-8 text")
        return
    header, *rows = list(csv.reader(text.splitlines(), delimiter="\t")) or [[]]
    if tuple(header) != columns:
        findings.add(path, 1, f"the columns must be {', '.join(columns)}, separated by tabs")
        return
    for line, row in enumerate(rows, 2):
        if any(find_identity_number(cell) is not None for cell in row):
            findings.add(path, line, "contains a personal number; use an id that reveals nothing about the person")
        elif any(row) and len(row) != len(columns):
            findings.add(path, line, f"must give {', '.join(columns)}")
        elif wrong := [
            name for name, cell in zip(columns, row, strict=False) if cell != cell.strip() or not cell.isprintable()
        ]:
            findings.add(path, line, f"{', '.join(wrong)}: {_INVISIBLE}")
        elif any(row):
            yield line, dict(zip(columns, row, strict=True))


def _day(row: Mapping[str, str], column: str, wrong: Callable[[str], None]) -> datetime.date | None:
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", row[column]):
            return datetime.date.fromisoformat(row[column])
    except ValueError:
        pass
    wrong(f"{column} '{row[column]}' must be written YYYY-MM-DD")
    return None
