"""Heads of the audit log kept next to the packages and in the store, and the keys whose signatures count.

Anchors show that a log was set back together with its head. In a bucket with object lock nobody can remove them.
Former keys keep a log reliable after the centre or an approver has a new key.
"""

import contextlib
import datetime
import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from gms.sharing.audit.entries import CLOCKS, is_signed_by, time_of
from gms.sharing.audit.log import AuditError, read_head
from gms.sharing.decision.model import Sharing
from gms.sharing.package.keys import load_public, signing_fingerprint
from gms.sharing.package.manifest import canonical

NEWEST = 3  # anchors that an export compares: one covers all entries before it
_NEWEST, _KEPT = 100, 1000


class NoteStore(Protocol):
    """What anchors need of `gms.sharing.transfer.client.Store`."""

    def list_objects(self, prefix: str) -> Iterable[Any]:
        """Objects, each with its `key`."""

    def get_small(self, key: str) -> bytes | None:
        """The content, None if there is no such object."""

    def put_small(self, key: str, content: bytes) -> bool:
        """Whether it was stored now; False if it is there already."""


def anchor(path: Path) -> dict[str, Any]:
    """The head of the log at `path`, signed when its last entry was written. Raises AuditError if there is none."""
    head = read_head(path)
    if not head:
        raise AuditError(
            f"The audit log {path} has no head to anchor: nothing was logged yet, or the head was removed."
        )
    return head


def write_anchor(head: dict[str, Any], folder: Path) -> Path:
    """Keep a head as <folder>/<sequence>.json, read-only. Raises AuditError if another of this sequence is there."""
    path, content = folder / _name(head), canonical(head) + b"\n"
    folder.mkdir(parents=True, exist_ok=True)
    new = folder / f".{path.name}.{os.getpid()}"
    new.write_bytes(content)
    new.chmod(0o444)
    try:
        os.link(new, path)  # whole or not at all, and never over another one
    except FileExistsError:
        if path.read_bytes() != content:
            raise AuditError(
                f"{path} holds another head of the same entry: the audit log was forked, or is another log. "
                "Nothing was overwritten; './gms export log' says what is wrong."
            ) from None
    finally:
        new.unlink()
    if head["sequence"] % _NEWEST == 0:
        _thin_out(folder)
    return path


def read_anchors(folder: Path, newest: int | None = None) -> list[dict[str, Any]]:
    """Anchors of a folder, all or the newest, oldest first; {} for one that is no JSON, which verification reports."""
    paths = sorted(folder.glob("*.json"))
    return [_content(path.read_bytes()) for path in (paths if newest is None else paths[-newest:])]


def _thin_out(folder: Path) -> None:
    """Keep the newest 100 anchors and each thousandth: an anchor covers all entries before it. One that is protected
    stays."""
    for path in sorted(folder.glob("*.json"))[:-_NEWEST]:
        if int(path.stem) % _KEPT:
            with contextlib.suppress(OSError):
                path.unlink()


def put_anchor(head: dict[str, Any], store: NoteStore, study: str) -> str:
    """Keep a head in the store as <study>/audit/<sequence>.json, never overwritten; its key. Raises TransferError."""
    key = f"{study}/audit/{_name(head)}"
    store.put_small(key, canonical(head) + b"\n")
    return key


def stored_anchors(store: NoteStore, study: str, newest: int | None = None) -> list[dict[str, Any]]:
    """Anchors that the store holds for a study, all or the newest, oldest first. Raises TransferError."""
    keys = [found.key for found in store.list_objects(f"{study}/audit/") if found.key.endswith(".json")]
    return [_content(store.get_small(key) or b"") for key in (keys if newest is None else keys[-newest:])]


def _name(head: dict[str, Any]) -> str:
    return f"{head['sequence']:08d}.json"


def _content(data: bytes) -> dict[str, Any]:
    try:
        content = json.loads(data)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


Former = tuple[Ed25519PublicKey, datetime.date]


def former_keys(sharing: Sharing) -> list[Former]:
    """The keys that the sharing file has as former, each with its last day (UTC). Raises GmsError."""
    return [(load_public(path), until) for path, until in sharing.former_keys]


class Trust:
    """Keys by their fingerprints, the centre's first; a former one counts up to the end of its last day (UTC)."""

    def __init__(self, keys: Iterable[Ed25519PublicKey], former: Iterable[Former] = ()):
        self._keys = {signing_fingerprint(key): key for key in keys}
        self._former = {signing_fingerprint(key): (key, until) for key, until in former}
        self.centre = next(iter(self._keys), "")

    def digest(self) -> str:
        """SHA-256 over the keys and last days: what was verified by other ones is verified again."""
        former = sorted(f"{name} {until}" for name, (_, until) in self._former.items())
        return hashlib.sha256("\n".join([self.centre, *sorted(self._keys), *former]).encode()).hexdigest()

    def counts(self, fingerprint: str) -> bool:
        """Whether what a key signs today counts."""
        return fingerprint in self._keys

    def key(self, fingerprint: Any) -> Ed25519PublicKey | None:
        """The key of this fingerprint, present or former."""
        return self._keys.get(fingerprint) or self._former.get(fingerprint, (None, None))[0]

    def is_by_centre(self, content: Mapping[str, Any]) -> bool:
        """Whether the centre signed it, with its key of today."""
        return content.get("actor") == self.centre and is_signed_by(content, self._keys[self.centre])

    def problem(self, content: Mapping[str, Any], latest: datetime.datetime | None = None) -> str | None:
        """Why the signature of an entry or head does not count; None if it does.

        Whoever has a former key could sign with an earlier date. So nothing of it counts after an entry that was signed
        more than 5 minutes later; `latest` is the time of that.
        """
        actor = str(content.get("actor"))
        key, until = self._former.get(actor, (None, None))
        if key := self._keys.get(actor, key):
            if not is_signed_by(content, key):
                return "does not match its signature"
            return _out_of_time(time_of(content), until, latest) if actor not in self._keys else None
        return "is signed by a key that does not count here"


def _out_of_time(
    time: datetime.datetime | None, until: datetime.date | None, latest: datetime.datetime | None
) -> str | None:
    if time is None or until is None or time.date() > until:
        return f"is signed by a former key after its last day, {until}"
    if latest and time + CLOCKS < latest:
        return "is signed by a former key and dated before the entries that it stands after"
    return None
