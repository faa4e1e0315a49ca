"""The audit log of the export: JSON lines, each signed by its actor and chained to the one before, and a signed head.

An append writes the line and forces it to the disk before the head that covers it replaces the old one, so the head is
never ahead of the log. Interrupted in between, it leaves a piece of a line or entries that no head covers: verification
says so, and the next append continues after them with an entry `recovered` that names what was found. Nothing is ever
cut off the log, so its file may be append-only (chattr +a). An append reads the end of the file only.
"""

import datetime
import io
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gms.sharing.audit.entries import CLOCKS, FIRST, TIME, check_entry, digest, signed, time_of
from gms.sharing.audit.files import (
    EXCLUSIVE,
    SHARED,
    AuditError,
    HeadRemoved,
    LogCut,
    head_path,
    locked,
    replace_file,
)
from gms.sharing.audit.lines import Line, begins_after, first_entry, lines_after, of_this_log, split_lines
from gms.sharing.package.keys import signing_fingerprint
from gms.sharing.package.manifest import canonical


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


def open_log(path: Path) -> tuple[BinaryIO, int, dict[str, Any] | None]:
    """The log, its size in bytes and its head while nobody appends; empty without a log. Raises AuditError."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return io.BytesIO(), 0, read_head(path)
    except OSError as error:
        raise AuditError(f"The audit log {path} cannot be read: {error.strerror}.") from None
    with locked(file, path, SHARED):
        return file, os.fstat(file.fileno()).st_size, read_head(path)


def log_identity(path: Path) -> str | None:
    """Digest of the first entry of a log, which every head names; None without a log. Raises AuditError."""
    file, end, head = open_log(path)
    with file:
        first = first_entry(file, end)
    return (head or {}).get("log") or (first.sha256 if first else None)


def read_state(path: Path) -> tuple[list[Line], dict[str, Any] | None]:
    """Every line of the log and its head as they are while nobody appends. Raises AuditError, LockError."""
    file, end, head = open_log(path)
    with file:
        return split_lines(file.read(end)), head


def read_log(path: Path, anchors: Iterable[Mapping[str, Any]] = ()) -> list[dict[str, Any]]:
    """The entries in order, for queries. Raises LogCut if the log lacks an entry that its head or an anchor covers.

    Signatures and chain are `check_log`'s; this check needs no key and keeps a cut log from looking like an empty one.
    """
    lines, head = read_state(path)
    uncovered(path, lines, head)
    there = {line.sha256 for line in lines}
    first = next((line for line in lines if line.entry is not None), None)
    if lost := [anchor for anchor in of_this_log(first, anchors) if anchor.get("sha256") not in there]:
        raise LogCut(path, f"entry {lost[-1].get('sequence')}, which was anchored")
    return [line.entry for line in lines if line.entry is not None]


def append(
    path: Path, entry: Mapping[str, Any], signing_key: Ed25519PrivateKey, *, now: datetime.datetime | None = None
) -> dict[str, Any]:
    """Add an entry (action and its keys, see workflow/schemas/audit.schema.json); the entry as it is in the log.

    Sequence, digest of the entry before, time (UTC), actor (fingerprint of the key) and signature are added. Safe for
    many processes at once. Raises EntryError for an entry of another form, LockError, and AuditError if the log does
    not continue its head or cannot be written: then the caller must not do what it wanted to log.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "a+b", opener=_for_the_group) as file, locked(file, path, EXCLUSIVE):
            return _append(path, file, entry, signing_key, now or datetime.datetime.now(datetime.UTC))
    except OSError as error:
        raise AuditError(
            f"The audit log {path} cannot be written: {error.strerror}. What is not logged is not done; make the file "
            "writable (or free space) and run the same command again."
        ) from None


def begin(
    path: Path, entry: Mapping[str, Any], signing_key: Ed25519PrivateKey, after: tuple[int, str]
) -> dict[str, Any]:
    """Make a log whose first entry follows an entry of a lost one (sequence and digest). Raises as `append`.

    Raises AuditError where there is a log already.
    """
    try:
        with open(path, "x+b", opener=_for_the_group) as file, locked(file, path, EXCLUSIVE):
            writer = _Writer(path, file, signing_key, datetime.datetime.now(datetime.UTC), None, None)
            writer.sequence, writer.previous = after
            content = writer.content(entry)
            check_entry(content)
            return writer.write(content)
    except OSError as error:
        raise AuditError(f"The audit log {path} cannot be made: {error.strerror}.") from None


def _for_the_group(path: str, flags: int) -> int:
    """Open a file; a new one is for the group of those who export and approve, whatever the umask, and nobody else."""
    try:
        new = os.open(path, flags | os.O_CREAT | os.O_EXCL, 0o600)  # pseudonyms are still personal data
    except FileExistsError:
        return os.open(path, flags & ~os.O_CREAT)
    os.fchmod(new, 0o660)
    return new


def _append(path: Path, file: BinaryIO, entry: Mapping, key: Ed25519PrivateKey, now: datetime.datetime) -> dict:
    end = file.seek(0, os.SEEK_END)
    head = read_head(path)
    lines = _end_of(path, file, head, end)
    after = uncovered(path, lines, head)
    last = next((line for line in reversed(lines) if line.entry is not None), None)
    _check_clock(last, now)
    first = next((line.sha256 for line in lines if line.entry is not None), None)
    writer = _Writer(path, file, key, now, head.get("log") if head else first, last)
    content = writer.content(entry)
    check_entry(content)
    if end and not _ends_a_line(file, end):
        file.write(b"\n")
    if after:
        torn = [{"bytes": len(line.raw), "sha256": line.sha256} for line in after if line.entry is None]
        unseen = [line.entry["sequence"] for line in after if line.entry is not None]
        writer.write(writer.content({"action": "recovered", "torn": torn, "uncovered": unseen}))
        content = writer.content(entry)
    return writer.write(content)


def _end_of(path: Path, file: BinaryIO, head: Mapping[str, Any] | None, end: int) -> list[Line]:
    """The line that the head covers and those after it; without a head all. Raises LogCut."""
    if head is None:
        file.seek(0)
        return split_lines(file.read(end))
    lines = lines_after(file, str(head.get("sha256")), end)
    if lines is None:
        raise _not_its_head(path)
    return lines


def _ends_a_line(file: BinaryIO, end: int) -> bool:
    file.seek(end - 1)
    return file.read(1) == b"\n"


def _check_clock(last: Line | None, now: datetime.datetime) -> None:
    """Times must not run backwards: they decide which entries a replaced key may have signed."""
    before = time_of(last.entry) if last and last.entry else None
    if before and now + CLOCKS < before:
        raise AuditError(
            f"The clock of this machine says {now.astimezone(datetime.UTC):{TIME}}, but the last entry of the audit "
            f"log was written at {before:{TIME}}. Nothing was done. Correct this clock; if the other one was wrong, "
            "run the same command again after that time."
        )


def uncovered(
    path: Path, lines: Sequence[Line], head: Mapping[str, Any] | None, base: tuple[int, str] | None = None
) -> list[Line]:
    """The lines after the entry that the head covers; only an interrupted append leaves any. Raises AuditError.

    `lines` are those of the log or, with `base` (sequence and digest of the entry before), the last ones of it.
    """
    covered = 0
    if head is not None:
        covered = next((n for n in range(len(lines), 0, -1) if lines[n - 1].sha256 == head.get("sha256")), 0)
        if not covered and not (base and base[1] == head.get("sha256")):
            raise _not_its_head(path)
    after = list(lines[covered:])
    if head is None and (base or sum(line.entry is not None for line in after) > 1):
        raise HeadRemoved(path)
    last = lines[covered - 1] if covered else None
    place = (last.entry["sequence"], last.sha256) if last else base or begins_after(next(iter(lines), None))
    for line in (line for line in after if line.entry is not None):
        if (line.entry["sequence"], line.entry.get("previous")) != (place[0] + 1, place[1]):
            raise AuditError(
                f"After entry {place[0]} of the audit log {path}, an entry does not follow the one before."
            )
        place = (line.entry["sequence"], line.sha256)
    return after


def _not_its_head(path: Path) -> LogCut:
    return LogCut(path, f"the entry that its head, {head_path(path).name}, was signed for")


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
        place = {"log": self.log, "sequence": self.sequence, "sha256": self.previous}
        head = signed({**place, "time": self.time, "actor": self.actor}, self.key)
        replace_file(head_path(self.path), canonical(head) + b"\n", os.fstat(self.file.fileno()))
        return content
