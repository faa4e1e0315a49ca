"""Execution of logged decisions to remove versions of packages: tombstones, removal of the copies, the log of it."""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gms.sharing.audit import events
from gms.sharing.audit.anchors import Trust
from gms.sharing.audit.log import append, read_log
from gms.sharing.audit.queries import Entry, Place, Version, uploaded_versions, versions
from gms.sharing.withdrawal.removal import Copy, ObjectStore, Removed, local_copies, place_of, remove, stored_copies
from gms.sharing.withdrawal.tombstones import (
    grant_tombstone,
    local_tombstone,
    put_tombstone,
    stored_tombstone,
    tombstone,
    write_tombstone,
)

Id = tuple[str, int]  # package and version


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Objects of a version that the log has at a place that this command does not reach."""

    package: str
    version: int
    place: Place
    prefix: str
    objects: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done: copies removed (or refused), tombstones written, tombstones that the storage did not take.

    `unread` are tombstones that an organisation which had the package may not read, with the reason.
    """

    removed: tuple[Removed, ...]
    elsewhere: tuple[Elsewhere, ...]
    tombstones: tuple[str, ...]
    refused_tombstones: tuple[str, ...]
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Locations:
    """Where packages of a study can be: folders of packages, and the store if there is one."""

    study: str
    folders: tuple[Path, ...]
    store: ObjectStore | None

    def places(self) -> set[Place]:
        """The places that can be looked at."""
        return ({("folder", None, None)} if self.folders else set()) | ({place_of(self.store)} if self.store else set())

    def copies(self, made: Sequence[Version]) -> list[Copy]:
        """Every copy of every version there."""
        stored = stored_copies(self.store, self.study, made) if self.store else []
        return local_copies(self.folders, self.study) + stored

    def unreached(self, made: Iterable[Version]) -> list[Elsewhere]:
        """What the log has in other stores and nobody removed there."""
        return [
            Elsewhere(*version.id, where, transfer["prefix"], len(transfer.get("objects", ())))
            for version in made
            for where, transfers in version.places().items()
            if where not in self.places() and version.removal(where) is None
            for transfer in transfers
        ]


def execute(
    log: Path,
    decisions: Mapping[Id, int],
    copies: Sequence[Copy],
    rooms: Locations,
    key: Ed25519PrivateKey,
    now: datetime.datetime | None = None,
) -> Outcome:
    """Remove these copies of versions, each by the decision of that sequence in the log. What is gone is not an error.

    A version of that number made after the decision is another one. Raises GmsError; the same call goes on from there.
    """
    entries = read_log(log)
    made = [one for one in versions(entries) if one.origin["sequence"] < decisions.get(one.id, 0)]
    notes = _write_tombstones(log, {package for package, _ in decisions}, entries, rooms, (copies, made), key)
    removed: list[Removed] = []
    for identity, where in product(sorted(decisions), sorted(rooms.places())):
        here = [remove(copy, rooms.store) for copy in copies if (copy.id, copy.place) == (identity, where)]
        about = dict(zip(("package", "version", "target", "endpoint", "bucket"), (*identity, *where), strict=True))
        about |= {"study": rooms.study, "decision": decisions[identity]}
        for found in _entries([version for version in made if version.id == identity], where, here):
            if (entry := {**found, **about})["action"] == "deleted" or not _is_logged(entry, entries):
                append(log, entry, key, now=now)
        removed += here
    return Outcome(tuple(removed), tuple(rooms.unreached(made)), *map(tuple, notes))


def _is_logged(entry: Entry, entries: Sequence[Entry]) -> bool:
    return any(entry.items() <= other.items() for other in entries)


def _entries(same: Sequence[Version], where: Place, removed: Sequence[Removed]) -> list[Entry]:
    """What is to be logged of a version at a place: what it keeps, else that nothing is left and was not before."""
    if refused := [item for one in removed for item in one.refused]:
        return [{"action": "refused_by_storage", "object": path, "reason": reason} for path, reason in refused]
    count = sum(one.objects for one in removed)
    expected = any(where in version.places() and version.removal(where) is None for version in same)
    return [{"action": "deleted", "removed": count}] if count or expected else []


def _write_tombstones(
    log: Path,
    packages: Iterable[str],
    entries: Sequence[Entry],
    rooms: Locations,
    known: tuple[Sequence[Copy], Sequence[Version]],
    key: Ed25519PrivateKey,
) -> tuple[list[str], list[str], list[str]]:
    """Tombstones come first: readers learn at once. Those that are new, refused for an older one, and not readable."""
    copies, made = known
    new, refused, unread = [], [], []
    for package in sorted(packages):
        note = tombstone(package, entries, key)
        if write_tombstone(log, package, note):
            new.append(str(local_tombstone(log, package)))
        if rooms.store is None or not _was_stored(package, place_of(rooms.store), copies, made):
            continue
        name = stored_tombstone(rooms.study, package)
        state = _stored(rooms.store, name, note)
        new += [name] if state == "new" else []
        refused += [name] if state == "refused" else []
        unread += grant_tombstone(rooms.store, name, _had(package, place_of(rooms.store), versions(entries)))
    return new, refused, unread


def _stored(store: ObjectStore, name: str, note: bytes) -> str:
    """Whether a tombstone in the store is new, as before, or was refused for an older one that the storage keeps."""
    from gms.sharing.transfer.errors import RefusedByStorage

    try:
        return "new" if put_tombstone(store, name, note) else "as before"
    except RefusedByStorage:
        return "refused"


def _had(package: str, where: Place, made: Iterable[Version]) -> set[str]:
    """The organisations with access to any version of a package at a place."""
    transfers = (version.places().get(where, ()) for version in made if version.id[0] == package)
    return {organisation for some in transfers for transfer in some for organisation in transfer["parties"]}


def _was_stored(package: str, where: Place, copies: Sequence[Copy], made: Sequence[Version]) -> bool:
    return any(copy.package == package and copy.place == where for copy in copies) or any(
        version.id[0] == package and where in version.places() for version in made
    )


if TYPE_CHECKING:
    from gms.sharing.transfer.client import Store
    from gms.sharing.transfer.retire import Retired


def supersede(
    store: "Store", manifest: Mapping[str, Any], log: Path, trust: Trust | None = None
) -> tuple[list[Entry], list[str]]:
    """Close the versions before the manifest's, which was sent and verified: entries to append, lines to print.

    An entry is of a version that no organisation may read any longer and that the log does not have as closed yet. What
    could not be closed is in the lines only, each of which begins with the package. Raises TransferError, AuditError.
    """
    from gms.sharing.transfer.retire import retire_versions

    package, study = manifest["package"], manifest["study"]["id"]
    retired = retire_versions(store, study, package, manifest["version"])
    where = place_of(store)
    known = [one for one in uploaded_versions(log, package, trust) if one.place == where]
    done = {one.version for one in known if one.superseded is not None}
    entries = [
        events.superseded(manifest, one.version, one.closed, where[1], where[2])
        for one in retired
        if not one.open and one.version not in done
    ]
    return entries, [line for one in retired for line in _lines(one, package, manifest["version"])]


def _lines(one: "Retired", package: str, by: int) -> Iterator[str]:
    about = f"{package}, version {one.version}"
    if not one.open:
        yield f"{about}: superseded by version {by}; only the owner can read it now"
    elif any(why is None for _, why in one.open):
        yield (
            f"{about}: superseded by version {by}, but members of the joint bucket can still read it, since "
            "access lists do not apply there. Remove it by hand if that is not wanted."
        )
    else:
        objects = ", ".join(f"{path} ({why})" for path, why in one.open)
        yield (
            f"{about}: NOT closed to its organisations: the store refused to change the access lists of {objects}. "
            "Ask the tenant's administrator for that right and run the same command again."
        )
