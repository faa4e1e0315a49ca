"""Tombstones: signed notes in place of removed packages, for readers who may have copies."""

import contextlib
import json
from collections.abc import Iterable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from gms.base.errors import GmsError
from gms.sharing.audit.anchors import Trust
from gms.sharing.audit.entries import is_signed_by, signed
from gms.sharing.audit.files import replace_file
from gms.sharing.audit.queries import Entry
from gms.sharing.package.keys import signing_fingerprint
from gms.sharing.package.manifest import canonical
from gms.sharing.withdrawal.removal import ObjectStore

REQUEST = (
    "Delete every copy of these versions, and everything derived from them for the persons named. The centre cannot "
    "reach copies that were made before."
)
_KEYS = {"study", "package", "versions", "reasons", "persons", "note", "request", "time"}
_WHY = {"withdrawn": "a person in it withdrew", "retention_ended": "its retention has ended"}
_LARGEST = 1 << 20  # bytes that are read of somebody else's file; a note has some hundred for each version and person
SUPERSEDED = "superseded: run the workflow again to export the others"


def tombstone(package: str, entries: Iterable[Entry], key: Ed25519PrivateKey) -> bytes:
    """The note on a package from what the log holds of withdrawals and retention: the same log gives the same note.

    `persons` are the pseudonyms of those who withdrew; `note` says that a version held other persons too.
    """
    held = [(entry, one) for entry in entries for one in _held(entry) if one["package"] == package]
    decisions = [entry for entry, _ in held]
    content = {
        "study": decisions[0]["study"],
        "package": package,
        "versions": sorted({one["version"] for _, one in held}),
        "reasons": sorted({entry.get("reason", "withdrawn") for entry in decisions}),
        "persons": sorted({entry["subject"] for entry in decisions if "subject" in entry}),
        "note": SUPERSEDED if any(one.get("others") for _, one in held) else None,
        "request": REQUEST,
        "time": max(entry["time"] for entry in decisions),
        "signer": signing_fingerprint(key.public_key()),
    }
    return canonical(signed(content, key)) + b"\n"


def _held(entry: Entry) -> Iterable[Entry]:
    if entry["action"] == "withdrawn":
        return entry["packages"]
    return [entry] if entry["action"] == "retention" else []


def is_tombstone(content: bytes, key: Ed25519PublicKey) -> bool:
    """Whether the content is a tombstone that this key signed."""
    try:
        note = json.loads(content)
    except (ValueError, RecursionError):
        return False
    return isinstance(note, dict) and note.keys() >= _KEYS and is_signed_by(note, key)


def local_tombstone(log: Path, package: str) -> Path:
    """Where the note on a package is kept: next to the audit log, so that it outlives the results."""
    return log.with_name(log.name + ".tombstones") / f"{package}.json"


def write_tombstone(log: Path, package: str, content: bytes) -> bool:
    """Keep the note next to the audit log; False if it is there already."""
    path = local_tombstone(log, package)
    with contextlib.suppress(FileNotFoundError):
        if path.read_bytes() == content:
            return False
    replace_file(path, content, log.stat() if log.exists() else None)  # it names persons, as the log does
    return True


def persons_in_tombstones(log: Path, trust: Trust) -> set[str]:
    """Pseudonyms of those who withdrew, by the notes kept next to an audit log that a key of the log signed."""
    persons: set[str] = set()
    for path in sorted(local_tombstone(log, "any").parent.glob("*.json")):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            note = json.loads(path.read_bytes())
            key = trust.key(note.get("signer"))
            if note.keys() >= _KEYS and key and is_signed_by(note, key):
                persons |= set(note["persons"])
    return persons


def stored_tombstone(study: str, package: str) -> str:
    """The key of the note in the store."""
    return f"{study}/{package}/tombstone.json"


class BadTombstone(GmsError):
    """A file that is not a tombstone of this sender."""


def verify_tombstone(path: Path, sender_key: Ed25519PublicKey) -> str:
    """What a tombstone says, for its reader. Raises BadTombstone if it is not the sender's."""
    try:
        with open(path, "rb") as file:
            content = file.read(_LARGEST)
    except OSError as error:
        raise BadTombstone(f"{path} cannot be read: {error.strerror}") from None
    if not is_tombstone(content, sender_key):
        raise BadTombstone(f"{path} is NOT a tombstone of this sender: it was changed, or signed with another key")
    note = json.loads(content)
    versions = ", ".join(map(str, note["versions"]))
    why = " and ".join(_WHY.get(reason, reason) for reason in note["reasons"])
    lines = [f"{path} verifies: {note['package']} of study {note['study']}, version {versions}, is no longer shared"]
    lines.append(f"  because {why} ({note['time']})")
    lines += [f"  persons: {', '.join(note['persons'])}"] if note["persons"] else []
    lines += [f"  note: {note['note']}"] if note["note"] else []
    return "\n".join([*lines, f"  {note['request']}"])


def grant_tombstone(store: ObjectStore, key: str, organisations: Iterable[str]) -> list[str]:
    """Let the organisations that had the package read the note on it; why one may not, empty if all may.

    In the joint bucket its members read the note as they read everything there. Raises TransferError where the store
    does not answer.
    """
    from gms.sharing.transfer import acl
    from gms.sharing.transfer.errors import TransferError

    known = store.settings.grants
    if known is None:
        return []
    ids = {organisation: known[organisation] for organisation in sorted(set(organisations)) if organisation in known}
    problems = [
        f"{key}: export.s3.grants has no id of {organisation}"
        for organisation in sorted(set(organisations) - ids.keys())
    ]
    try:
        acl.grant(store, key, ids)
    except TransferError as error:
        if not error.code:
            raise
        problems.append(f"{key}: {error}")
    return problems


def put_tombstone(store: ObjectStore, key: str, content: bytes) -> bool:
    """Put the note where the package was, in place of an older one; False if it is there already.

    Raises RefusedByStorage where write-once storage keeps the older one, and TransferError.
    """
    there = store.get_small(key)
    if there == content:
        return False
    if there is not None:
        store.delete_object(key)
    store.put_small(key, content)
    return True
