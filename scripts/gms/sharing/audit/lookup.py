"""What the audit log has of a package, or of the withdrawal of a person, without reading all of it; and what each
export verifies anew of the entries before the last checkpoint."""

import contextlib
import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from gms.sharing.audit.anchors import Trust
from gms.sharing.audit.files import replace_file
from gms.sharing.audit.index import IndexDamaged, folder_of, indexed, is_about, read_checkpoint
from gms.sharing.audit.lines import Line, entry_at, first_entry, lines_from, of_this_log
from gms.sharing.audit.log import LogCut, open_log, read_log, uncovered
from gms.sharing.audit.verification import check_all
from gms.sharing.package.manifest import canonical

Entry = Mapping[str, Any]
AGAIN = 100  # entries before the checkpoint that a call of verify_again reads


def entries_about(
    log: Path, names: Collection[str], trust: Trust | None = None, anchors: Iterable[Entry] = ()
) -> list[Entry]:
    """The entries about one of these packages, or the withdrawal of one of these persons, in order.

    With `trust` by the index up to the last checkpoint. Raises AuditError if the log lacks an entry that its head or an
    anchor covers, or if entries that the checkpoint covers were changed.
    """
    if trust is not None:
        try:
            found = _by_index(log, names, trust, list(anchors))
        except IndexDamaged:
            check_all(log, trust, anchors)
            found = None
        if found is not None:
            return found
    return [entry for entry in read_log(log, anchors) if is_about(entry, names)]


def _by_index(log: Path, names: Collection[str], trust: Trust, anchors: list[Entry]) -> list[Entry] | None:
    """None without a checkpoint that counts."""
    file, end, head = open_log(log)
    with file:
        checkpoint = read_checkpoint(log, file, end, trust)
        if checkpoint is None:
            return None
        place = checkpoint.place
        tail = list(lines_from(file, place.end, end, place.lines + 1))
        uncovered(log, tail, head, (place.sequence, place.sha256))
        for anchor in of_this_log(first_entry(file, end), anchors):
            line = entry_at(file, anchor.get("sequence", 0), end)
            if line is None or line.sha256 != anchor.get("sha256"):
                raise LogCut(log, f"entry {anchor.get('sequence')}, which was anchored")
        early = indexed(log, file, checkpoint, names)
        return [*early, *(line.entry for line in tail if line.entry is not None and is_about(line.entry, names))]


def verify_again(log: Path, trust: Trust) -> None:
    """Verify some of the entries before the last checkpoint anew, in turn: a log to which each export adds an entry has
    been read once more when it has grown by a hundredth. Raises AuditError, as check_all does."""
    file, end, _ = open_log(log)
    with file:
        checkpoint = read_checkpoint(log, file, end, trust)
        if checkpoint is None:
            return  # all was verified
        note = folder_of(log) / "verified_again"
        entries = _next_entries(file, note, checkpoint.place.end)
        like = os.fstat(file.fileno())
    if not entries or _is_doubtful(entries, trust):
        check_all(log, trust)
    last = entries[-1].entry["sequence"] if entries else 0
    with contextlib.suppress(OSError):  # one who may not write there reads the same part the next time
        replace_file(note, f"{0 if last >= checkpoint.place.sequence else last}\n".encode(), like)


def _next_entries(file: BinaryIO, note: Path, end: int) -> list[Line]:
    """The entry with the number in `note`, up to which the log was read, and those after it; else the first."""
    try:
        line = entry_at(file, int(note.read_text()), end)
    except (OSError, ValueError):
        line = None
    lines = lines_from(file, line.offset if line else 0, end)
    return list(islice((line for line in lines if line.entry is not None), AGAIN + 1))


def _is_doubtful(entries: Sequence[Line], trust: Trust) -> bool:
    """Whether an entry is not as it was signed, or does not follow the one before."""
    if any(canonical(line.entry) != line.raw or trust.problem(line.entry) for line in entries):
        return True
    pairs = zip(entries, entries[1:], strict=False)
    return any(
        (line.entry["sequence"], line.entry.get("previous")) != (before.entry["sequence"] + 1, before.sha256)
        for before, line in pairs
    )
