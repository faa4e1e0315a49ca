"""Verification of an audit log: one pass over its entries, in bounded memory, that can be taken up where it stopped.

What the pass does not understand goes to `tampering`, which says what was done to the log. Exports verify the entries
since the centre's last checkpoint (`index`); './gms export log' verifies all, and remembers how far it came in a file
of its user, who need not trust the centre for that.
"""

import contextlib
import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import BinaryIO, Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from gms.sharing.audit.anchors import Former, Trust
from gms.sharing.audit.entries import TIME, time_of
from gms.sharing.audit.files import replace_file
from gms.sharing.audit.index import Checkpoints, Milestone
from gms.sharing.audit.lines import Line, begins_after, entry_at, first_entry, lines_from, of_this_log
from gms.sharing.audit.log import AuditError, head_path, open_log, read_state
from gms.sharing.audit.tampering import Head, entries_text, problems_of
from gms.sharing.package.manifest import canonical

Keys = Ed25519PublicKey | Sequence[Ed25519PublicKey] | Trust
_EVERY = 10_000  # entries after which it is noted how far a pass came
_BLOCK = 1 << 20


class Unclear(Exception):
    """Something in a log that a pass over it does not understand."""


class Memory(Protocol):
    """Where it is kept how far a log was verified."""

    def load(self, file: BinaryIO, end: int) -> Milestone | None:
        """The entry to continue after, None to begin with the first."""

    def take(self, line: Line) -> None:
        """A verified entry, in order."""

    def save(self, place: Milestone, entries: int) -> None:
        """Keep that the log was verified up to the entry taken last, `entries` after the one kept before."""


def verify_log(
    path: Path,
    public_keys: Keys,
    anchors: Iterable[Head] = (),
    former: Iterable[Former] = (),
    memory: Path | None = None,
) -> list[str]:
    """Everything that is wrong with the log, empty if nothing is; each text begins with the name of its kind.

    `public_keys` are those whose entries count: the centre's and the approvers'. Of `former` keys, each with its last
    day, the entries up to then count. `anchors` are heads kept elsewhere; `memory` is a file, for this user only, by
    which a later call continues. Raises AuditError if a file cannot be read.
    """
    trust = _trust(public_keys, former)
    return _problems(path, trust, list(anchors), _OwnMemory(memory, trust))


def check_log(
    path: Path,
    public_keys: Keys,
    anchors: Iterable[Head] = (),
    former: Iterable[Former] = (),
    signing: Ed25519PrivateKey | None = None,
) -> None:
    """Raise AuditError with everything that is wrong with the log since its last checkpoint, before it is relied on.

    No log at all, and what an interrupted append left, are nothing wrong here. With the centre's `signing` key a new
    checkpoint is signed where the last one is far behind.
    """
    trust = _trust(public_keys, former)
    _refuse(path, _problems(path, trust, list(anchors), Checkpoints(path, trust, signing)))


def check_all(path: Path, trust: Trust, anchors: Iterable[Head] = ()) -> None:
    """As `check_log`, from the first entry on, whatever a checkpoint says."""
    _refuse(path, _problems(path, trust, list(anchors), _OwnMemory(None, trust)))


def _refuse(path: Path, problems: list[str]) -> None:
    if wrong := [text for text in problems if not text.startswith(("interrupted: ", "missing: there is no audit log"))]:
        raise AuditError(
            "\n".join([f"The audit log {path} cannot be relied on:", *(f"  {text}" for text in wrong)])
            + "\nNothing was done. Restore the log and its head from the backup, and find out who wrote to them."
        )


def _trust(public_keys: Keys, former: Iterable[Former]) -> Trust:
    if isinstance(public_keys, Trust):
        return public_keys
    return Trust([public_keys] if isinstance(public_keys, Ed25519PublicKey) else public_keys, former)


def _problems(path: Path, trust: Trust, anchors: list[Head], memory: Memory) -> list[str]:
    file, end, head = open_log(path)
    with file:
        if not end and head is None and not anchors:
            return [f"missing: there is no audit log at {path}"]
        try:
            return _Pass(file, end, trust, memory).problems(head, anchors)
        except Unclear:
            pass
    lines, head = read_state(path)
    return problems_of(lines, head, head_path(path).name, trust, anchors)


class _Pass:
    """One pass over the entries of a log, from where `memory` has it verified to its end."""

    def __init__(self, file: BinaryIO, end: int, trust: Trust, memory: Memory):
        self._file, self._end, self._trust, self._memory = file, end, trust, memory
        self._first = first_entry(file, end)
        self._base = memory.load(file, end) or Milestone(*begins_after(self._first), 0, 0, 0, None)
        self._at, self._torn, self._since = self._base, list[Line](), 0

    def problems(self, head: Head | None, anchors: Sequence[Head]) -> list[str]:
        """What an interrupted append left, empty if nothing. Raises Unclear where anything else is wrong."""
        heads = [*([head] if head is not None else []), *of_this_log(self._first, anchors)]
        if head is None or not all(isinstance(one.get("sequence"), int) for one in heads):
            raise Unclear
        if any(self._trust.problem(one) for one in heads):
            raise Unclear
        later = {one["sequence"]: one["sha256"] for one in heads if one["sequence"] > self._base.sequence}
        first = self._first.sha256 if self._first else None
        if any(later.get(one["sequence"], one["sha256"]) != one["sha256"] or one["log"] != first for one in heads):
            raise Unclear
        for one in heads:
            if one["sequence"] <= self._base.sequence:
                self._check_earlier(one)
        self._walk(later)
        return self._left(head["sequence"])

    def _check_earlier(self, head: Head) -> None:
        """A head of an entry that was verified before."""
        line = entry_at(self._file, head["sequence"], self._end)
        if line is None or line.sha256 != head["sha256"]:
            raise Unclear

    def _walk(self, heads: dict[int, str]) -> None:
        for line in lines_from(self._file, self._base.end, self._end, self._base.lines + 1):
            if line.entry is None:
                self._torn.append(line)
                continue
            self._check(line)
            if heads.pop(self._at.sequence, self._at.sha256) != self._at.sha256:
                raise Unclear
            self._memory.take(line)
            self._since += 1
            if self._since == _EVERY:
                self._save()
        if heads:
            raise Unclear
        if not self._torn and self._at.end <= self._end:
            self._save()

    def _save(self) -> None:
        self._memory.save(self._at, self._since)
        self._since = 0

    def _check(self, line: Line) -> None:
        """One more entry, or Unclear."""
        entry, latest = line.entry or {}, time_of({"time": self._at.latest})
        place = (entry["sequence"], entry.get("previous"))
        if place != (self._at.sequence + 1, self._at.sha256) or canonical(entry) != line.raw:
            raise Unclear
        if self._trust.problem(entry, latest):
            raise Unclear
        if self._torn:
            named = [(piece["bytes"], piece["sha256"]) for piece in entry.get("torn", ())]
            if [(len(piece.raw), piece.sha256) for piece in self._torn] != named:
                raise Unclear
            self._torn.clear()
        time = max(filter(None, (latest, time_of(entry))), default=None)
        text = time.strftime(TIME) if time else None
        end = line.offset + len(line.raw) + 1
        self._at = Milestone(entry["sequence"], line.sha256, line.offset, end, line.number, text)

    def _left(self, covered: int) -> list[str]:
        """What an interrupted append left; the next one continues after it and records it."""
        texts = [
            f"interrupted: line {line.number} is a piece of an entry ({len(line.raw)} bytes) whose writing was cut; "
            "the next append keeps it and records it"
            for line in self._torn
        ]
        if self._at.sequence > covered:
            entries = entries_text(covered + 1, self._at.sequence)
            texts.append(
                f"interrupted: {entries} written, but the head was not renewed; the next append does so and records it"
            )
        return texts


class _OwnMemory:
    """How far this user has verified a log, in a file for this user only; the log must still begin with those bytes."""

    def __init__(self, path: Path | None, trust: Trust):
        self._path, self._keys = path, trust.digest()
        self._file, self._digest, self._bytes = None, hashlib.sha256(), 0

    def load(self, file: BinaryIO, end: int) -> Milestone | None:
        """The entry to continue after, once the bytes up to it were compared."""
        self._file = file
        try:
            content = json.loads(self._path.read_bytes()) if self._path else {}
            place = Milestone(**content["place"])
        except (OSError, ValueError, KeyError, TypeError):
            return None
        if content.get("keys") == self._keys and place.is_in(file, end):
            self._read_to(place.end)
            if self._digest.hexdigest() == content.get("sha256"):
                return place
            self._digest, self._bytes = hashlib.sha256(), 0
        return None

    def take(self, line: Line) -> None:
        """Nothing is kept of single entries."""

    def save(self, place: Milestone, entries: int) -> None:
        """Keep it, for the next call."""
        if not self._path or not entries:
            return
        self._read_to(place.end)
        content = {"place": {name: getattr(place, name) for name in place.__slots__}}
        content |= {"keys": self._keys, "sha256": self._digest.hexdigest()}
        with contextlib.suppress(OSError):  # only time is lost without it
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            replace_file(self._path, canonical(content))
            self._path.chmod(0o600)

    def _read_to(self, end: int) -> None:
        before = self._file.tell()
        self._file.seek(self._bytes)
        while self._bytes < end and (block := self._file.read(min(_BLOCK, end - self._bytes))):
            self._digest.update(block)
            self._bytes += len(block)
        self._file.seek(before)
