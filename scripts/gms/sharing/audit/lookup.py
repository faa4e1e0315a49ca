"""What the audit log has of a package, or of the withdrawal of a person, without reading all of it."""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from gms.sharing.audit.anchors import Trust
from gms.sharing.audit.index import IndexDamaged, indexed, is_about, read_checkpoint
from gms.sharing.audit.lines import entry_at, first_entry, lines_from, of_this_log
from gms.sharing.audit.log import LogCut, open_log, read_log, uncovered
from gms.sharing.audit.verification import check_all

Entry = Mapping[str, Any]


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
