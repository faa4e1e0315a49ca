"""Sharing: the study that data are shared for, and who consented to it."""

import csv
import datetime
from dataclasses import dataclass
from pathlib import Path

from gms.findings import Findings
from gms.model import Run
from gms.personal_numbers import find_personal_number
from gms.schemas import Document, check, load_schema

_COLUMNS = ["subject", "study", "status", "date"]
_STATUS = ("granted", "expired", "withdrawn")  # of two on one day, the later here counts


@dataclass(frozen=True, slots=True)
class Study:
    """The study, with the registration number of its ethics approval."""

    id: str
    title: str
    ethics_approval: str


@dataclass(frozen=True, slots=True)
class Consent:
    """What a subject said about a study on a day."""

    subject: str
    study: str
    status: str
    date: datetime.date


@dataclass(frozen=True, slots=True)
class Sharing:
    """A study, its recipients and the consents of all subjects."""

    study: Study
    consents: tuple[Consent, ...]
    recipients: tuple[str, ...]

    def consent(self, subject: str, on: datetime.date | None = None) -> str | None:
        """The subject's latest status for this study on a day (today): granted, withdrawn, expired; None if not asked.

        Rows dated later do not count yet. Of two rows of one day the stricter counts.
        """
        on = on or datetime.date.today()
        said = [c for c in self.consents if c.subject == subject and c.study == self.study.id and c.date <= on]
        return max(said, key=lambda c: (c.date, _STATUS.index(c.status))).status if said else None


def load_sharing(path: Path) -> Sharing:
    """The sharing file and its consents table; raises `Problems` with everything that is wrong with either."""
    findings = Findings()
    sharing = _load(path, findings)
    findings.raise_if_any()
    assert sharing  # without problems there is a result
    return sharing


def check_sharing(run: Run, findings: Findings) -> None:
    """Note what is wrong with the run's sharing file, if it names one."""
    if run.sharing:
        _load(run.sharing, findings)


def _load(path: Path, findings: Findings) -> Sharing | None:
    document = Document(path)
    content = document.load(findings)
    if content is None or not check(content, load_schema("sharing"), document, findings):
        return None
    consents = tuple(_consents(path.parent / content["consents"], findings))
    return Sharing(Study(**content["study"]), consents, tuple(content.get("recipients", ())))


def _consents(path: Path, findings: Findings) -> list[Consent]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        findings.add(path, None, "does not exist or is not UTF-8 text")
        return []
    header, *rows = list(csv.reader(text.splitlines(), delimiter="\t")) or [[]]
    if header != _COLUMNS:
        findings.add(path, 1, f"the columns must be {', '.join(_COLUMNS)}, separated by tabs")
        return []
    consents = [_consent(row, path, line, findings) for line, row in enumerate(rows, 2) if any(row)]
    return [consent for consent in consents if consent]


def _consent(row: list[str], path: Path, line: int, findings: Findings) -> Consent | None:
    if find_personal_number(" ".join(row)) is not None:
        findings.add(path, line, "holds a personal number; use an id that says nothing about the person")
    elif len(row) != len(_COLUMNS) or not all(row):
        findings.add(path, line, f"must give {', '.join(_COLUMNS)}")
    elif row[2] not in _STATUS:
        findings.add(path, line, f"unknown status '{row[2]}' (known: {', '.join(_STATUS)})")
    else:
        try:
            return Consent(row[0], row[1], row[2], datetime.date.fromisoformat(row[3]))
        except ValueError:
            findings.add(path, line, f"date '{row[3]}' must be written YYYY-MM-DD")
    return None
