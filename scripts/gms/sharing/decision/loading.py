"""Reading of the sharing file: everything that is wrong with it, its tables and its key files is noted at once."""

import datetime
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from gms.base.errors import GmsError
from gms.base.personal_numbers import find_personal_number
from gms.base.problems import Findings
from gms.base.schemas import Document, check, dotted, load_schema
from gms.inputs.run_model import Run
from gms.sharing.decision import duo
from gms.sharing.decision.keyfiles import read_public_encryption_key
from gms.sharing.decision.loading_files import KEYS, TABLES, file_problems
from gms.sharing.decision.model import Consent, Recipient, Sharing, Study
from gms.sharing.decision.tables import read_consents, read_individuals

_PATHS = (*KEYS, "audit", "known_identifiers", *TABLES)
_DAYS = ("valid_from", "valid_until", "retention_until")


def load_sharing(path: Path, with_secrets: bool = True) -> Sharing:
    """The sharing file and its tables; raises `Problems` with everything that is wrong.

    Of secret files, only existence and mode are checked, and whether they are the miniature data set's. Without
    `with_secrets`, for an approver or auditor, they are not, nor whether the audit log is writable. A study or key that
    is out of date is not a problem of the file but a reason of the day's decision (`gms.sharing.decision.decisions`):
    withdrawal must still work then.
    """
    findings = Findings()
    sharing = _load(path, findings, with_secrets)
    findings.raise_if_any()
    assert sharing  # without problems there is a result
    return sharing


def check_sharing(run: Run, findings: Findings) -> None:
    """Note what is wrong with the run's sharing file, if it names one."""
    if run.sharing:
        _load(run.sharing, findings)


def _load(path: Path, findings: Findings, with_secrets: bool = True) -> Sharing | None:
    file, before = _File(path, findings), len(findings.problems)
    if file.content is None:
        return None
    check(file.content, load_schema("sharing"), file.document, findings)
    file.check_texts()
    for keys, text in file_problems(file, with_secrets):
        file.problem(keys, text)
    parts = {
        "data_use": file.terms(("data_use",), "data_use"),
        "recipients": tuple(file.recipients()),
        "consents": file.table("consents", file.consents),
        "individuals": file.table("individuals", read_individuals) or {},
        "former_keys": tuple(file.former_keys()),
    }
    days = file.study_days()
    return None if len(findings.problems) > before else _sharing(file, days, parts)


def _sharing(file: "_File", days: dict[str, datetime.date], parts: dict[str, Any]) -> Sharing:
    """The sharing of a file without problems."""
    study = {**file.content["study"], **days, "data_categories": frozenset(file.content["study"]["data_categories"])}
    paths = {key: file.beside(key) if key in file.content else None for key in _PATHS}
    approvers = tuple(file.beside("approvers", place) for place in file.items("approvers"))
    return Sharing(path=file.path, study=Study(**study), approvers=approvers, **paths, **parts)


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

    def table(self, key: str, read: Callable[[Path, Findings], Any]) -> Any:
        """The table whose path is at a key, read; None where there is no path."""
        return read(self.beside(key), self.findings) if self.text(key) else None

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
                self.problem(keys, f"{dotted(keys)} '{text}' is not a date of the calendar")
            return None

    def check_texts(self) -> None:
        """Note every value that holds a personal number."""
        for keys, text in _texts(self.content, ()):
            if find_personal_number(text) is not None:
                self.problem(keys, f"{dotted(keys)} contains a personal number, which is not allowed here")

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
                keys, "study.data_categories: reads reveal germline variants; add germline_variants or omit reads"
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
        """The recipients, each organisation once and with a key of its own."""
        keys: dict[bytes, str | None] = {}
        organisations = {
            self.text("study", "disclosing_party"): "is the disclosing party, which can read its packages anyway"
        }
        for place in self.items("recipients"):
            at = ("recipients", place)
            organisation, key, day = (
                self.text(*at, "party"),
                self.public_key((*at, "public_key")),
                self.day(*at, "valid_until"),
            )
            request = self.terms((*at, "request"), dotted((*at, "request")))
            if organisation in organisations and organisation:
                self.problem((*at, "party"), f"{dotted((*at, 'party'))} {organisations[organisation]}")
            elif key and keys.setdefault(key, organisation) != organisation:
                self.problem((*at, "public_key"), f"{dotted((*at, 'public_key'))} is also the key of {keys[key]}")
            organisations.setdefault(organisation, "is listed twice; an organisation has one key")
            if organisation and key and day:
                yield Recipient(organisation, key, day, self.get(*at, "revoked") is True, request)

    def public_key(self, keys: tuple) -> bytes | None:
        """The Crypt4GH key in the file at a key path."""
        try:
            return read_public_encryption_key(self.beside(*keys)) if self.text(*keys) else None
        except GmsError as error:
            self.problem(keys, f"{dotted(keys)}: {error}")
            return None

    def former_keys(self) -> Iterator[tuple[Path, datetime.date]]:
        """The public signing keys that were replaced, each with the last day of what it signed."""
        for place in self.items("former_keys"):
            at = ("former_keys", place)
            if (until := self.day(*at, "until")) and self.text(*at, "key"):
                yield self.beside(*at, "key"), until

    def consents(self, path: Path, findings: Findings) -> tuple[Consent, ...]:
        """The rows of the consents table, as they stand today."""
        return read_consents(path, findings, self.text("study", "id") or "", datetime.date.today())


def _texts(value: Any, keys: tuple) -> Iterator[tuple[tuple, str]]:
    """Every text below a value, with its key path."""
    if isinstance(value, str):
        yield keys, value
    elif isinstance(value, dict | list):
        for key, below in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _texts(below, (*keys, key))
