"""Reading of the sharing file: everything that is wrong with it, its tables and its key files is noted at once."""

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gms.errors import GmsError
from gms.findings import Findings
from gms.model import Run
from gms.personal_numbers import find_personal_number
from gms.schemas import Document, check, dotted, load_schema
from gms.sharing import duo
from gms.sharing.keyfiles import public_signing_problem, read_public_encryption_key, secret_problem
from gms.sharing.model import Recipient, Sharing, Study
from gms.sharing.tables import read_consents, read_individuals

_SECRETS = ("pseudonym_key", "signing_key", "encryption_key", "known_identifiers")
_FILES = ("classifications", "portal_table")
_DAYS = ("valid_from", "valid_until", "retention_until")


def load_sharing(path: Path) -> Sharing:
    """The sharing file and its tables; raises `Problems` with everything that is wrong.

    Of secret files only existence and mode are looked at. A study or a key that is out of date is no problem of the
    file: it is a reason of the decision on the day (`gms.sharing.decisions`), and withdrawal must still work then.
    """
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
    file = _File(path, findings)
    if file.content is None:
        return None
    before = len(findings.problems)
    check(file.content, load_schema("sharing"), file.document, findings)
    file.check_texts()
    days = file.study_days()
    data_use = file.terms(("data_use",), "data_use")
    recipients = tuple(file.recipients())
    file.check_files()
    tables = [
        read(file.beside(key), findings) if file.text(key) else ()
        for read, key in ((read_consents, "consents"), (read_individuals, "individuals"))
    ]
    if len(findings.problems) > before:
        return None
    study = Study(
        **{**file.content["study"], **days, "data_categories": frozenset(file.content["study"]["data_categories"])}
    )
    paths = {key: file.beside(key) if key in file.content else None for key in (*_SECRETS, *_FILES, "audit")}
    approvers = tuple(file.beside("approvers", place) for place in range(len(file.content["approvers"])))
    return Sharing(
        path=path,
        study=study,
        data_use=data_use,
        recipients=recipients,
        consents=tables[0],
        individuals=dict(tables[1]),
        approvers=approvers,
        **paths,
    )


class _File:
    """The content as far as it is there and of the right kind: a breach of the schema hides nothing else."""

    def __init__(self, path: Path, findings: Findings):
        self.path, self.findings, self.document = path, findings, Document(path)
        self.content: dict[str, Any] | None = self.document.load(findings)
        if self.content is not None and self.content.get("study") is None:
            self.content["study"] = {}  # so that every field of it is named as missing

    def problem(self, keys: tuple, text: str) -> None:
        """Note a problem at the line of a key path."""
        self.findings.add(self.path, self.document.line(keys), text)

    def get(self, *keys: str | int) -> Any:
        """The value at a key path, or None."""
        value: Any = self.content
        for key in keys:
            inside = isinstance(value, dict) and key in value
            value = value[key] if inside or (isinstance(value, list) and isinstance(key, int)) else None
        return value

    def text(self, *keys: str | int) -> str | None:
        """The value at a key path if it is text."""
        value = self.get(*keys)
        return value if isinstance(value, str) and value else None

    def beside(self, *keys: str | int) -> Path:
        """The absolute path that is written, relative to this file, at a key path."""
        return self.path.absolute().parent / self.get(*keys)

    def items(self, *keys: str | int) -> range:
        """The places of the list at a key path."""
        value = self.get(*keys)
        return range(len(value) if isinstance(value, list) else 0)

    def day(self, *keys: str | int) -> datetime.date | None:
        """The day at a key path; one that the calendar does not have is noted."""
        text = self.text(*keys)
        try:
            return datetime.date.fromisoformat(text) if text and len(text) == len("YYYY-MM-DD") else None
        except ValueError:
            if text and text.replace("-", "").isdigit():
                self.problem(keys, f"{dotted(keys)} '{text}' is not a day of the calendar")
            return None

    def check_texts(self) -> None:
        """Note every value that holds a personal number."""
        for keys, text in _texts(self.content, ()):
            if find_personal_number(text) is not None:
                self.problem(keys, f"{dotted(keys)} holds a personal number; nothing here may")

    def study_days(self) -> dict[str, datetime.date | None]:
        """The study's days, which must follow each other; reads must not bring germline variants along unasked."""
        days = {key: self.day("study", key) for key in _DAYS}
        for earlier, later in zip(_DAYS, _DAYS[1:], strict=False):
            if days[earlier] and days[later] and days[earlier] > days[later]:
                self.problem(("study", later), f"study.{later} is before study.{earlier}")
        categories = self.get("study", "data_categories")
        if isinstance(categories, list) and "reads" in categories and "germline_variants" not in categories:
            keys = ("study", "data_categories")
            self.problem(
                keys, "study.data_categories: reads hold germline variants; add germline_variants or omit reads"
            )
        return days

    def terms(self, keys: tuple, name: str) -> tuple[str, ...]:
        """The DUO terms at a key path."""
        texts = [self.text(*keys, place) or "" for place in self.items(*keys)]
        if texts and all(texts):
            for place, text in duo.problems(texts, name):
                at = keys if place is None else (*keys, place)
                self.problem(at, text if place is None else f"{dotted(at)}: {text}")
        return tuple(texts)

    def recipients(self) -> Iterator[Recipient]:
        """The recipients with their keys."""
        parties: dict[bytes, str | None] = {}
        for place in self.items("recipients"):
            at = ("recipients", place)
            party, key = self.text(*at, "party"), b""
            try:
                key = (
                    read_public_encryption_key(self.beside(*at, "public_key")) if self.text(*at, "public_key") else b""
                )
            except GmsError as error:
                self.problem((*at, "public_key"), f"{dotted((*at, 'public_key'))}: {error}")
            if key and parties.setdefault(key, party) != party:
                self.problem((*at, "public_key"), f"{dotted((*at, 'public_key'))} is also the key of {parties[key]}")
            request = self.terms((*at, "request"), dotted((*at, "request")))
            day = self.day(*at, "valid_until")
            if party and day:
                yield Recipient(party, key, day, self.get(*at, "revoked") is True, request)

    def check_files(self) -> None:
        """Note key files that are missing or open to others, and other files that are missing."""
        for key in filter(self.text, (*_SECRETS, *_FILES, "audit")):
            path = self.beside(key)
            if key in _SECRETS:
                wrong = secret_problem(path)
            elif key == "audit":
                wrong = None if path.is_file() or path.parent.is_dir() and not path.exists() else "cannot be written"
            else:
                wrong = None if path.is_file() else "does not exist"
            if wrong:
                self.problem((key,), f"{key}: the file {self.text(key)} {wrong}")
        for place in self.items("approvers"):
            if self.text("approvers", place) and (wrong := public_signing_problem(self.beside("approvers", place))):
                text = f"{dotted(('approvers', place))}: the file {self.text('approvers', place)} {wrong}"
                self.problem(("approvers", place), text)


def _texts(value: Any, keys: tuple) -> Iterator[tuple[tuple, str]]:
    """Every text below a value, with its key path."""
    if isinstance(value, str):
        yield keys, value
    elif isinstance(value, dict | list):
        for key, below in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _texts(below, (*keys, key))
