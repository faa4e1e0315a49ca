"""The audit log of the export: JSON lines, each signed by its actor and chained to the one before, and a signed head.

An append writes the line and forces it to the disk before the head that covers it takes the old one's place, so the
head is never ahead of the log. Interrupted in between, it leaves a piece of a line or entries that no head covers:
verification says so, and the next append goes on after them with an entry `recovered` that tells what was found.
Nothing is ever cut off the log, so its file may be append-only (chattr +a).
"""

import datetime
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gms.base.errors import GmsError
from gms.sharing.audit.entries import CLOCKS, FIRST, TIME, check_entry, digest, signed, time_of
from gms.sharing.audit.files import EXCLUSIVE, SHARED, locked, replace_file
from gms.sharing.package.keys import signing_fingerprint
from gms.sharing.package.manifest import canonical


class AuditError(GmsError):
    """The audit log can not be used; says why and what to do."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the log: 1-based number, its bytes, and the entry, None for what is no entry."""

    number: int
    raw: bytes
    entry: dict[str, Any] | None

    @property
    def sha256(self) -> str:
        """What the next entry calls `previous`."""
        return digest(self.raw)


def head_path(path: Path) -> Path:
    """The head of a log: sequence and digest of its last entry, signed; beside the log."""
    return path.with_name(path.name + ".head.json")


def read_head(path: Path) -> dict[str, Any] | None:
    """The head of the log at `path`, unchecked, {} if it is no JSON; None if there is none."""
    try:
        content = json.loads(head_path(path).read_bytes())
    except FileNotFoundError:
        return None
    except ValueError:
        return {}
    except OSError as error:
        raise AuditError(f"{head_path(path)} cannot be read: {error.strerror}.") from None
    return content if isinstance(content, dict) else {}


def log_identity(path: Path) -> str | None:
    """Digest of the first entry of a log, which every head names; None without a log. Raises AuditError."""
    lines, head = read_state(path)
    return (head or {}).get("log") or next((line.sha256 for line in lines if line.entry is not None), None)


def split_lines(data: bytes) -> list[Line]:
    """The lines of a log; a last one without line end is a line too."""
    pieces = data.split(b"\n")
    if not pieces[-1]:
        pieces.pop()
    return [Line(number, piece, _entry(piece)) for number, piece in enumerate(pieces, 1)]


def _entry(piece: bytes) -> dict[str, Any] | None:
    try:
        content = json.loads(piece)
    except (ValueError, RecursionError):
        return None
    whole = isinstance(content, dict) and isinstance(content.get("sequence"), int)
    return content if whole and isinstance(content.get("action"), str) else None


def read_state(path: Path) -> tuple[list[Line], dict[str, Any] | None]:
    """Every line of the log and its head as they are while nobody appends. Raises AuditError, LockError."""
    try:
        with path.open("rb") as file, locked(file, path, SHARED):
            return split_lines(file.read()), read_head(path)
    except FileNotFoundError:
        return [], read_head(path)
    except OSError as error:
        raise AuditError(f"The audit log {path} cannot be read: {error.strerror}.") from None


def read_log(path: Path, anchors: Iterable[Mapping[str, Any]] = ()) -> list[dict[str, Any]]:
    """The entries in order, for queries. Raises AuditError if the log lacks an entry that its head or an anchor covers.

    Signatures and chain are `check_log`'s; this check needs no key and keeps a cut log from looking like an empty one.
    """
    lines, head = read_state(path)
    _uncovered(lines, head, path)
    there = {line.sha256 for line in lines}
    if lost := [anchor for anchor in anchors if anchor.get("sha256") not in there]:
        raise AuditError(
            f"The audit log {path} does not hold entry {lost[-1].get('sequence')}, which was anchored: it was set back "
            "or exchanged. Nothing was done. './gms export log' says what is wrong; put the log back from the "
            "backup."
        )
    return [line.entry for line in lines if line.entry is not None]


def append(
    path: Path, entry: Mapping[str, Any], signing_key: Ed25519PrivateKey, *, now: datetime.datetime | None = None
) -> dict[str, Any]:
    """Add an entry (action and its keys, see workflow/schemas/audit.schema.json); the entry as it stands in the log.

    Sequence, digest of the entry before, time (UTC), actor (fingerprint of the key) and signature are added. Safe for
    many processes at once. Raises EntryError for an entry of another form, LockError, and AuditError if the log does
    not continue its head or can not be written: then the caller must not do what it wanted to log.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "a+b", opener=_for_the_group) as file, locked(file, path, EXCLUSIVE):
            return _append(path, file, entry, signing_key, now)
    except OSError as error:
        raise AuditError(
            f"The audit log {path} cannot be written: {error.strerror}. What is not logged is not done; make the file "
            "writable (or free space) and run the same command again."
        ) from None


def _for_the_group(path: str, flags: int) -> int:
    """Open a file; a new one is for the group of those who export and approve, whatever the umask, and nobody else."""
    try:
        new = os.open(path, flags | os.O_CREAT | os.O_EXCL, 0o600)  # pseudonyms are personal data still
    except FileExistsError:
        return os.open(path, flags & ~os.O_CREAT)
    os.fchmod(new, 0o660)
    return new


def _append(path: Path, file: BinaryIO, entry: Mapping, key: Ed25519PrivateKey, now: datetime.datetime | None) -> dict:
    file.seek(0)
    data = file.read()
    lines = split_lines(data)
    head = read_head(path)
    after = _uncovered(lines, head, path)
    last = next((line for line in reversed(lines) if line.entry is not None), None)
    _check_clock(last, now or datetime.datetime.now(datetime.UTC))
    log = head.get("log") if head else next((line.sha256 for line in lines if line.entry is not None), None)
    writer = _Writer(path, file, key, now or datetime.datetime.now(datetime.UTC), log, last)
    content = writer.content(entry)
    check_entry(content)
    if data and not data.endswith(b"\n"):
        file.write(b"\n")
    if after:
        torn = [{"bytes": len(line.raw), "sha256": line.sha256} for line in after if line.entry is None]
        uncovered = [line.entry["sequence"] for line in after if line.entry is not None]
        writer.write(writer.content({"action": "recovered", "torn": torn, "uncovered": uncovered}))
        content = writer.content(entry)
    return writer.write(content)


def _check_clock(last: Line | None, now: datetime.datetime) -> None:
    """Times must not run backwards: they decide which entries a replaced key may have signed."""
    before = time_of(last.entry) if last and last.entry else None
    if before and now + CLOCKS < before:
        raise AuditError(
            f"The clock of this machine says {now.astimezone(datetime.UTC):{TIME}}, but the last entry of the audit "
            f"log was written at {before:{TIME}}. Nothing was done. Correct this clock; if the other one was wrong, "
            "run the same command again when that time has come."
        )


def _uncovered(lines: list[Line], head: Mapping[str, Any] | None, path: Path) -> list[Line]:
    """The lines after the entry that the head covers; only an interrupted append leaves any."""
    covered = 0
    if head is not None:
        covered = next((line.number for line in reversed(lines) if line.sha256 == head.get("sha256")), 0)
        if not covered:
            raise AuditError(
                f"The audit log {path} does not hold the entry that its head, {head_path(path).name}, was signed for: "
                "it was cut or changed. Nothing was done. './gms export log' says what is wrong; put the log "
                "back from the backup."
            )
    after = lines[covered:]
    if head is None and sum(line.entry is not None for line in after) > 1:
        raise AuditError(
            f"The audit log {path} has entries, but its head, {head_path(path).name}, was removed. Nothing was done. "
            "Put it back from the backup, or copy the newest anchor there: it is the head of its time."
        )
    previous = lines[covered - 1] if covered else None
    for line in (line for line in after if line.entry is not None):
        if not _follows(line, previous):
            raise AuditError(f"Line {line.number} of the audit log {path} does not follow the entry before it.")
        previous = line
    return after


def _follows(line: Line, previous: Line | None) -> bool:
    sequence, sha256 = (previous.entry["sequence"], previous.sha256) if previous and previous.entry else (0, FIRST)
    return line.entry["sequence"] == sequence + 1 and line.entry.get("previous") == sha256


class _Writer:
    """Writes entries to the end of a locked log, and the head after each."""

    def __init__(
        self,
        path: Path,
        file: BinaryIO,
        key: Ed25519PrivateKey,
        now: datetime.datetime,
        log: str | None,
        last: Line | None,
    ):
        self.path, self.file, self.key, self.log = path, file, key, log
        self.time = now.astimezone(datetime.UTC).strftime(TIME)
        self.sequence, self.previous = (last.entry["sequence"], last.sha256) if last else (0, FIRST)
        self.actor = signing_fingerprint(key.public_key())

    def content(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        """The entry that would come next, signed."""
        place = {"sequence": self.sequence + 1, "previous": self.previous, "time": self.time, "actor": self.actor}
        return signed({**entry, **place}, self.key)

    def write(self, content: dict[str, Any]) -> dict[str, Any]:
        """Write the entry to the disk, then the head that covers it."""
        line = canonical(content)
        self.file.write(line + b"\n")
        self.file.flush()
        os.fsync(self.file.fileno())
        self.sequence, self.previous = content["sequence"], digest(line)
        self.log = self.log or self.previous
        head = {
            "log": self.log,
            "sequence": self.sequence,
            "sha256": self.previous,
            "time": self.time,
            "actor": self.actor,
        }
        like = os.fstat(self.file.fileno())
        replace_file(head_path(self.path), canonical(signed(head, self.key)) + b"\n", like)
        return content
