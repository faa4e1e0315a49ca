"""Lines of the audit log as bytes in a file: read forward, backward from the end, or by the number of an entry.

Offsets are 0-based, in bytes; a line ends before its line end.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from gms.sharing.audit.entries import FIRST, digest

_BLOCK = 1 << 16  # bytes that are read at once from the end; an entry has about 1,000


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the log: number (1-based, 0 if not counted), bytes, entry (None if it is none), offset."""

    number: int
    raw: bytes
    entry: dict[str, Any] | None
    offset: int = 0

    @property
    def sha256(self) -> str:
        """What the next entry calls `previous`."""
        return digest(self.raw)


def restart_in(first: Line | None) -> Mapping[str, Any] | None:
    """The first entry of a log if that log was begun after the loss of another."""
    entry = first.entry if first else None
    return entry if entry and entry["action"] == "restarted" else None


def begins_after(first: Line | None) -> tuple[int, str]:
    """Sequence and digest of what comes before the first entry of a log: 0, or the last known entry of a lost log."""
    entry = restart_in(first)
    return (entry["sequence"] - 1, str(entry.get("previous"))) if entry else (0, FIRST)


def of_this_log(first: Line | None, anchors: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The anchors without those of a lost log that this one replaces, up to the last one known when it was begun."""
    entry, (last, sha256) = restart_in(first), begins_after(first)

    def is_of_the_lost_log(anchor: Mapping[str, Any]) -> bool:
        sequence = anchor.get("sequence")
        if not entry or anchor.get("log") != entry.get("lost_log") or not isinstance(sequence, int):
            return False
        return sequence < last or (sequence == last and anchor.get("sha256") == sha256)

    return [anchor for anchor in anchors if not is_of_the_lost_log(anchor)]


def split_lines(data: bytes) -> list[Line]:
    """The lines of a log; a last one without line end is a line too."""
    pieces = data.split(b"\n")
    if not pieces[-1]:
        pieces.pop()
    return [Line(number, piece, parsed(piece)) for number, piece in enumerate(pieces, 1)]


def parsed(piece: bytes) -> dict[str, Any] | None:
    """The entry of a line, None where it is none."""
    try:
        content = json.loads(piece)
    except (ValueError, RecursionError):
        return None
    whole = isinstance(content, dict) and isinstance(content.get("sequence"), int)
    return content if whole and isinstance(content.get("action"), str) else None


def lines_from(file: BinaryIO, start: int, end: int, number: int = 1) -> Iterator[Line]:
    """The lines between two offsets, of which `start` begins line `number`; one at a time."""
    file.seek(start)
    while start < end and (raw := file.readline(end - start)):
        piece = raw.removesuffix(b"\n")
        yield Line(number, piece, parsed(piece), start)
        start, number = start + len(raw), number + 1


def first_entry(file: BinaryIO, end: int) -> Line | None:
    """The first entry of a log, with its line."""
    return next((line for line in lines_from(file, 0, end) if line.entry is not None), None)


def lines_after(file: BinaryIO, sha256: str, end: int) -> list[Line] | None:
    """The line with this digest and those after it, read backward from `end`; None if the file has no such line."""
    size = _BLOCK
    while True:
        start = max(0, end - size)
        file.seek(start)
        data = file.read(end - start)
        begin = 0 if start == 0 else data.find(b"\n") + 1
        found = [Line(0, line.raw, line.entry) for line in split_lines(data[begin:])] if begin or start == 0 else []
        for place in range(len(found) - 1, -1, -1):
            if found[place].sha256 == sha256:
                return found[place:]
        if start == 0:
            return None
        size *= 8


def entry_at(file: BinaryIO, sequence: int, end: int) -> Line | None:
    """The entry of this number in a log whose numbers rise, found by bisection; None if it is not there."""
    low, high = 0, end
    while low < high:
        middle = (low + high) // 2
        line = _next_entry(file, middle, end)
        if line is not None and line.entry["sequence"] < sequence:
            low = line.offset + len(line.raw) + 1
        else:
            high = middle
    line = _next_entry(file, low, end)
    return line if line and line.entry["sequence"] == sequence else None


def _next_entry(file: BinaryIO, offset: int, end: int) -> Line | None:
    """The first entry whose line begins at an offset or after it."""
    start = offset
    if offset:
        file.seek(offset - 1)
        start = offset - 1 + len(file.readline())
    return next((line for line in lines_from(file, start, end) if line.entry is not None), None)
