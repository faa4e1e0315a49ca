"""Withdrawal of a person from a study: no further export, every copy removed that can be, and a note in its place.

First it is logged, which keeps the workflow from exporting the person again (`withdrawn_subjects`); then it is done.
Every step looks at what is there, so the same command goes on after an interruption and does nothing when nothing is
left. What an organisation copied before stays with that organisation, which alone can delete it.
"""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gms.base.errors import GmsError
from gms.sharing.audit.log import append, read_log
from gms.sharing.audit.queries import Entry, Version, versions
from gms.sharing.decision.model import Sharing
from gms.sharing.decision.pseudonyms import is_pseudonym
from gms.sharing.package.keys import load_private
from gms.sharing.withdrawal.execution import Elsewhere, Id, Locations, Outcome, execute
from gms.sharing.withdrawal.removal import Copy, ObjectStore


class UnknownPerson(GmsError):
    """A pseudonym that nothing of the study has."""

    def __init__(self, pseudonym: str, study: str):
        super().__init__(
            f"{pseudonym} is not in the consents, the sample sheet, the audit log or a package of study {study}. "
            "Pseudonyms differ between studies and pseudonym keys. Nothing was done; look the person up in a package's "
            "manifest (subjects), or give the study's own configuration."
        )


class NotAPseudonym(GmsError):
    """A text without the form of a pseudonym; not repeated, as it may be a personal number."""

    def __init__(self) -> None:
        super().__init__(
            "This is not the pseudonym of a person: P and 17 digits and capital letters, as in a package's manifest "
            "(subjects), with a check symbol at the end. Nothing was done."
        )


@dataclass(frozen=True, slots=True)
class Listing:
    """Everything that holds a person: versions that the log knows, copies that were found, and what was not reached.

    `withdrawn` is when the withdrawal was logged first (UTC); `unknown` are copies whose persons are not known.
    `is_known` says whether there is such a person: in the log, in a copy, or among those named by the caller.
    """

    subject: str
    study: str
    withdrawn: str | None
    decided: frozenset[Id]
    versions: tuple[Version, ...]
    copies: tuple[Copy, ...]
    elsewhere: tuple[Elsewhere, ...]
    unknown: tuple[Copy, ...]
    is_known: bool

    def held(self) -> dict[Id, bool]:
        """Package and version -> whether it holds other persons too."""
        subjects = {copy.id: copy.subjects or frozenset() for copy in self.copies}
        subjects |= {version.id: frozenset(version.origin["subjects"]) for version in self.versions}
        return {identity: bool(subjects[identity] - {self.subject}) for identity in sorted(subjects)}

    def receivers(self) -> list[str]:
        """Parties that could read a copy, and so may have one."""
        return sorted({organisation for version in self.versions for organisation in version.receivers()})


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What was found, what was done, and whether this is the first call for the person."""

    listing: Listing
    outcome: Outcome
    first: bool

    @property
    def nothing_left(self) -> bool:
        """Whether nothing was found that this command could remove."""
        return not self.listing.copies


def list_holdings(
    pseudonym: str,
    sharing: Sharing,
    folders: Sequence[Path],
    store: ObjectStore | None = None,
    *,
    known: Collection[str] = (),
) -> Listing:
    """What `withdraw` would remove; nothing is written. `folders` hold packages, as export/folder of results does.

    `known` are the pseudonyms of the persons in the consents and the sample sheet. Raises GmsError: no pseudonym of a
    person, of nobody known there, in the log or in a package; an unusable log; a store that does not answer.
    """
    listing = _listing(pseudonym, sharing, folders, store, known)
    if not listing.is_known:
        raise UnknownPerson(pseudonym, sharing.study.id)
    return listing


def holdings_here(pseudonym: str, sharing: Sharing, folders: Sequence[Path], known: Collection[str]) -> Listing:
    """As `list_holdings`, without asking the store, which may not answer; somebody unknown is not an error."""
    return _listing(pseudonym, sharing, folders, None, known)


def _listing(
    pseudonym: str, sharing: Sharing, folders: Sequence[Path], store: ObjectStore | None, known: Collection[str]
) -> Listing:
    _check_pseudonym(pseudonym)
    entries = read_log(sharing.audit)
    said = [entry for entry in entries if entry["action"] == "withdrawn" and entry["subject"] == pseudonym]
    made, rooms = versions(entries), Locations(sharing.study.id, tuple(folders), store)
    copies = rooms.copies(made)
    theirs = [version for version in made if pseudonym in version.origin["subjects"]]
    held = tuple(copy for copy in copies if copy.subjects and pseudonym in copy.subjects)
    return Listing(
        subject=pseudonym,
        study=sharing.study.id,
        withdrawn=said[0]["time"] if said else None,
        decided=frozenset((held["package"], held["version"]) for entry in said for held in entry["packages"]),
        versions=tuple(theirs),
        copies=held,
        elsewhere=tuple(rooms.unreached(theirs)),
        unknown=tuple(copy for copy in copies if copy.subjects is None),
        is_known=bool(held) or pseudonym in known or any(pseudonym in _persons(entry) for entry in entries),
    )


def _persons(entry: Entry) -> set[str | None]:
    """Everybody whom an entry of the log is about."""
    left_out = {one["subject"] for one in entry.get("left_out", ())}
    return {entry.get("subject"), *entry.get("subjects", ()), *left_out}


def _check_pseudonym(text: str) -> None:
    if not (is_pseudonym(text) and text.startswith("P")):
        raise NotAPseudonym


def withdraw(
    pseudonym: str,
    sharing: Sharing,
    folders: Sequence[Path],
    store: ObjectStore | None = None,
    now: datetime.datetime | None = None,
    *,
    known: Collection[str] = (),
) -> Withdrawal:
    """Log the withdrawal, write tombstones, remove every copy that is reached; signed with the study's signing key.

    Raises GmsError as `list_holdings`. A store that does not answer is found after the withdrawal was logged: no export
    follows, and the same command goes on. Only of a person that nothing here knows the store is asked first.
    """
    key = load_private(sharing.signing_key)
    here = holdings_here(pseudonym, sharing, folders, known)
    if not here.is_known:
        list_holdings(pseudonym, sharing, folders, store)
    _decide(here, sharing.audit, key, now)
    listing = list_holdings(pseudonym, sharing, folders, store, known=known)
    _decide(listing, sharing.audit, key, now)
    rooms = Locations(sharing.study.id, tuple(folders), store)
    outcome = execute(sharing.audit, _decisions(sharing.audit, pseudonym), listing.copies, rooms, key, now)
    return Withdrawal(listing, outcome, here.withdrawn is None)


def _decide(listing: Listing, log: Path, key: Ed25519PrivateKey, now: datetime.datetime | None) -> None:
    """Log the withdrawal unless it is logged for these versions."""
    held = listing.held()
    if listing.withdrawn is None or not held.keys() <= listing.decided:
        packages = [
            {"package": package, "version": number, "others": held[package, number]} for package, number in held
        ]
        about = {"study": listing.study, "subject": listing.subject, "packages": packages}
        append(log, {"action": "withdrawn", **about}, key, now=now)


def _decisions(log: Path, pseudonym: str) -> dict[Id, int]:
    """Version -> sequence of the entry that withdrew it."""
    return {
        (held["package"], held["version"]): entry["sequence"]
        for entry in read_log(log)
        if entry["action"] == "withdrawn" and entry["subject"] == pseudonym
        for held in entry["packages"]
    }
