"""Tombstones: signed notes that stand where packages were, for those who read them and may have copies."""

import contextlib
import json
from collections.abc import Iterable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from gms.audit.entries import is_signed_by, signed
from gms.audit.files import replace_file
from gms.audit.queries import Entry
from gms.audit.removal import ObjectStore
from gms.package.manifest import canonical
from gms.package.signatures import fingerprint

REQUEST = (
    "Delete every copy of these versions, and what was derived from them for the persons named. Removing the package "
    "does not reach copies that were made before."
)
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
        "signer": fingerprint(key.public_key()),
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
    except ValueError:
        return False
    return isinstance(note, dict) and "versions" in note and is_signed_by(note, key)


def local_tombstone(log: Path, package: str) -> Path:
    """Where the note on a package is kept: beside the audit log, so that it outlives the results."""
    return log.with_name(log.name + ".tombstones") / f"{package}.json"


def write_tombstone(log: Path, package: str, content: bytes) -> bool:
    """Keep the note beside the audit log; False if it is there already."""
    path = local_tombstone(log, package)
    with contextlib.suppress(FileNotFoundError):
        if path.read_bytes() == content:
            return False
    replace_file(path, content)
    return True


def stored_tombstone(study: str, package: str) -> str:
    """The key of the note in the store."""
    return f"{study}/{package}/tombstone.json"


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
