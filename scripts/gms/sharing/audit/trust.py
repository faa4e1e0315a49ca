"""Whose signatures count in the audit log: keys in use, and keys that were replaced, each up to its last day.

Without the latter a log could not be relied on any more as soon as the centre or an approver has a new key.
"""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from gms.sharing.audit.entries import CLOCKS, is_signed_by, time_of
from gms.sharing.decision.model import Sharing
from gms.sharing.package.signatures import fingerprint, load_public

Former = tuple[Ed25519PublicKey, datetime.date]


def former_keys(sharing: Sharing) -> list[Former]:
    """The keys that the sharing file has as former, each with its last day (UTC). Raises GmsError."""
    return [(load_public(path), until) for path, until in sharing.former_keys]


class Trust:
    """Keys by their fingerprints; a former one counts up to the end of its last day (UTC)."""

    def __init__(self, keys: Iterable[Ed25519PublicKey], former: Iterable[Former] = ()):
        self._keys = {fingerprint(key): key for key in keys}
        self._former = {fingerprint(key): (key, until) for key, until in former}

    def problem(self, content: Mapping[str, Any], latest: datetime.datetime | None = None) -> str | None:
        """Why the signature of an entry or head does not count; None if it does.

        Whoever has a former key could sign with an earlier date. So nothing of it counts behind what was signed more
        than 5 minutes later; `latest` is the time of that.
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
