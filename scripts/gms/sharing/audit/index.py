"""Signed checkpoints of the audit log, with an index of what each person and package has in it.

A check, or a question about one package, costs the same however long the log is: up to the checkpoint the index
answers, after it the entries are read. The centre signs a checkpoint when it has verified the entries up to it. The
index has 256 files; the checkpoint has the digest of each, so that nobody changes them, or the entries that they point
to, without the centre's key. Without a checkpoint that counts everything is verified, and read, from the start.
"""

import contextlib
import datetime
import hashlib
import json
import os
import stat
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gms.sharing.audit.anchors import Trust
from gms.sharing.audit.entries import TIME, digest, signed
from gms.sharing.audit.files import EXCLUSIVE, locked, replace_file
from gms.sharing.audit.lines import Line, parsed
from gms.sharing.package.keys import signing_fingerprint
from gms.sharing.package.manifest import canonical

NEW_ENTRIES = 500  # after the last checkpoint that make another one worth its 50 ms
_EMPTY = ("0" * 64, 0)  # digest and bytes of an index file that is not there


@dataclass(frozen=True, slots=True)
class Milestone:
    """An entry up to which a log was verified: number, digest, where its line begins and the next one (bytes, 0-based).

    `lines` up to it; `latest` is the latest time (UTC) that an entry has, None before the first.
    """

    sequence: int
    sha256: str
    start: int
    end: int
    lines: int
    latest: str | None

    def is_in(self, file: BinaryIO, end: int) -> bool:
        """Whether that entry is at its place in a log of `end` bytes."""
        file.seek(self.start)
        line = file.read(self.end - self.start) if self.end <= end else b""
        return line.endswith(b"\n") and digest(line[:-1]) == self.sha256


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A milestone that the centre signed; `files`: name of an index file -> its digest and bytes."""

    place: Milestone
    files: Mapping[str, tuple[str, int]]


class IndexDamaged(Exception):
    """An index file, or an entry that it points to, that the checkpoint was not signed for."""


def folder_of(log: Path) -> Path:
    """Where the checkpoint and the index of a log are."""
    return log.with_name(log.name + ".index")


def read_checkpoint(log: Path, file: BinaryIO, end: int, trust: Trust) -> Checkpoint | None:
    """The checkpoint of a log of `end` bytes; None if there is none that counts: by other keys, or of another log."""
    try:
        content = json.loads((folder_of(log) / "checkpoint.json").read_bytes())
        if content["keys"] != trust.digest() or not trust.is_by_centre(content):
            return None
        files = {name: (sha256, size) for name, (sha256, size) in content["files"].items()}
        place = Milestone(**content["place"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return Checkpoint(place, files) if place.is_in(file, end) else None


class Checkpoints:
    """Takes the verified lines of a log, from a checkpoint on, and signs a new one; without `key` it only reads."""

    def __init__(self, log: Path, trust: Trust, key: Ed25519PrivateKey | None = None):
        self._log, self._trust, self._key = log, trust, key
        self._files: dict[str, tuple[str, int]] = {}
        self._new: dict[str, list[bytes]] = {}

    def load(self, file: BinaryIO, end: int) -> Milestone | None:
        """The entry to continue after, None to begin with the first."""
        found = read_checkpoint(self._log, file, end, self._trust)
        self._files = dict(found.files) if found else {}
        return found.place if found else None

    def take(self, line: Line) -> None:
        """A verified entry, in order."""
        if self._key:
            for name in _names(line.entry or {}):
                row = f"{name} {line.offset} {len(line.raw)} {line.sha256}\n".encode()
                self._new.setdefault(_file_of(name), []).append(row)

    def save(self, place: Milestone, entries: int) -> None:
        """Sign a checkpoint at the entry taken last, `entries` after the one before; not for a few, nor without key."""
        if not self._key or entries < NEW_ENTRIES:
            return
        with contextlib.suppress(OSError):  # only time is lost without it
            self._sign(place, self._key)
        self._new.clear()

    def _sign(self, place: Milestone, key: Ed25519PrivateKey) -> None:
        with open(self._log, "rb+") as file, locked(file, self._log, EXCLUSIVE):
            like = os.fstat(file.fileno())
            _make_folder(folder_of(self._log), like)
            for name, rows in self._new.items():
                self._files[name] = _extend(folder_of(self._log) / name, rows, self._files.get(name, _EMPTY), like)
            content = {"place": {key: getattr(place, key) for key in place.__slots__}, "files": self._files}
            content |= {"keys": self._trust.digest(), "time": datetime.datetime.now(datetime.UTC).strftime(TIME)}
            content |= {"actor": signing_fingerprint(key.public_key())}
            checkpoint = canonical(signed(json.loads(json.dumps(content)), key)) + b"\n"
            replace_file(folder_of(self._log) / "checkpoint.json", checkpoint, like)


def _make_folder(folder: Path, like: os.stat_result) -> None:
    """For those who may read the log."""
    folder.mkdir(exist_ok=True)
    mode = stat.S_IMODE(like.st_mode)
    with contextlib.suppress(PermissionError):
        os.chown(folder, -1, like.st_gid)
        folder.chmod(mode | (mode & 0o444) >> 2)


def _extend(path: Path, rows: Sequence[bytes], before: tuple[str, int], like: os.stat_result) -> tuple[str, int]:
    """Write rows behind the signed bytes of an index file; its digest and size then. A crash leaves more, unsigned."""
    with open(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "rb+") as file:
        with contextlib.suppress(PermissionError):  # another user made it
            os.fchmod(file.fileno(), stat.S_IMODE(like.st_mode))
        file.seek(before[1])
        file.writelines(rows)
    return _chained(rows, before[0]), before[1] + sum(map(len, rows))


def _chained(rows: Sequence[bytes], sha256: str) -> str:
    for row in rows:
        sha256 = hashlib.sha256(sha256.encode() + row).hexdigest()
    return sha256


def indexed(log: Path, file: BinaryIO, checkpoint: Checkpoint, names: Collection[str]) -> list[Mapping[str, Any]]:
    """The entries up to the checkpoint that are about one of these persons or packages, in order.

    Raises IndexDamaged.
    """
    places = {place for name in names for place in _places(folder_of(log) / _file_of(name), checkpoint, name)}
    return [_entry_at(file, *place) for place in sorted(places)]


def _places(path: Path, checkpoint: Checkpoint, name: str) -> Iterator[tuple[int, int, str]]:
    sha256, size = checkpoint.files.get(path.name, _EMPTY)
    if not size:
        return
    try:
        with open(path, "rb") as file:
            rows = file.read(size).splitlines(keepends=True)
    except OSError:
        rows = []
    if _chained(rows, _EMPTY[0]) != sha256:
        raise IndexDamaged
    for row in rows:
        if row.startswith(name.encode() + b" "):
            _, offset, length, digest_of_line = row.decode().split()
            yield int(offset), int(length), digest_of_line


def _entry_at(file: BinaryIO, offset: int, length: int, sha256: str) -> Mapping[str, Any]:
    file.seek(offset)
    line = file.read(length)
    entry = parsed(line)
    if entry is None or digest(line) != sha256:
        raise IndexDamaged
    return entry


def _names(entry: Mapping[str, Any]) -> set[str]:
    """The packages that an entry is about, the person who withdrew, the new log that was agreed to."""
    held = {one["package"] for one in entry.get("packages", ())}
    return {name for name in {entry.get("package"), entry.get("subject"), entry.get("restart"), *held} if name}


def is_about(entry: Mapping[str, Any], names: Collection[str]) -> bool:
    """Whether an entry is about one of these packages, or is the withdrawal of one of these persons."""
    return not _names(entry).isdisjoint(names)


def _file_of(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:2]
