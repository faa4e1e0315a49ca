"""The end of retention: which packages are due, the logged decision to delete them, and the deletion, in this order."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gms.sharing.audit.log import append, read_log
from gms.sharing.audit.queries import Entry, Place, Version, versions
from gms.sharing.decision.model import Sharing
from gms.sharing.package.keys import load_private
from gms.sharing.withdrawal.execution import Locations, Outcome, execute
from gms.sharing.withdrawal.removal import ObjectStore


@dataclass(frozen=True, slots=True)
class Due:
    """A version that may not be kept any more: since `retention_until`, the last day, where, and who could read it.

    `decision` is the logged decision to delete it, None as long as nobody decided.
    """

    study: str
    package: str
    version: int
    retention_until: datetime.date
    places: tuple[Place, ...]
    organisations: tuple[str, ...]
    decision: Entry | None

    @property
    def id(self) -> tuple[str, int]:
        """Package and version."""
        return self.package, self.version


def deletion_plan(log: Path, on: datetime.date) -> list[Due]:
    """Versions whose retention ended before a day and that are not deleted everywhere; the longest overdue first.

    Nothing is written. Raises AuditError.
    """
    due = [_due(version) for version in versions(read_log(log))]
    return sorted((one for one in due if one.places and one.retention_until < on), key=lambda one: one.retention_until)


def _due(version: Version) -> Due:
    ended = datetime.date.fromisoformat(version.origin["retention_until"])
    places = tuple(where for where in version.places() if version.removal(where) is None)
    decision = version.retention[-1] if version.retention else None
    return Due(version.origin["study"], *version.id, ended, places, tuple(version.origin["parties"]), decision)


def decide_deletion(due: Iterable[Due], sharing: Sharing, now: datetime.datetime | None = None) -> list[Entry]:
    """Log the decision to delete what is due; the signing key's holder decides. What is decided already is left out."""
    key = load_private(sharing.signing_key)
    entries = [
        {
            "action": "retention",
            "study": one.study,
            "package": one.package,
            "version": one.version,
            "retention_until": one.retention_until.isoformat(),
            "decision": "delete",
            "reason": "retention_ended",
        }
        for one in due
        if one.decision is None
    ]
    return [append(sharing.audit, entry, key, now=now) for entry in entries]


def delete_expired(
    sharing: Sharing,
    on: datetime.date,
    folders: Sequence[Path],
    store: ObjectStore | None = None,
    now: datetime.datetime | None = None,
) -> Outcome:
    """Delete what is due and decided; what nobody decided on stays.

    Raises GmsError where the log can not be written or the store does not answer; the same call goes on from there.
    """
    decided = [one for one in deletion_plan(sharing.audit, on) if one.decision and one.study == sharing.study.id]
    decisions = {one.id: one.decision["sequence"] for one in decided if one.decision}
    rooms = Locations(sharing.study.id, tuple(folders), store)
    copies = [copy for copy in rooms.copies(versions(read_log(sharing.audit))) if copy.id in decisions]
    return execute(sharing.audit, decisions, copies, rooms, load_private(sharing.signing_key), now)
