"""Entries of the audit log: their signature and the closed form that keeps personal data out."""

import base64
import binascii
import datetime
import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from gms.base.errors import GmsError
from gms.sharing.package.manifest import canonical

FIRST = "0" * 64  # what the first entry has for the digest of the one before
SIGNATURE = "signature"
TIME = "%Y-%m-%dT%H:%M:%SZ"  # UTC
CLOCKS = datetime.timedelta(minutes=5)  # what the clocks of two machines may differ by, as in Kerberos (RFC 4120)
# Texts that somebody wrote rather than software; digests hold digits enough to look like a personal number by chance.
_WRITTEN = ("study", "rule_set", "ethics_approval", "disclosing_decision", "bucket", "prefix", "object", "objects")


class EntryError(GmsError):
    """An entry that the audit log does not take; says which key, never its value."""

    def __init__(self, action: Any, where: list[str]):
        super().__init__(
            f"The audit log does not take this entry ({action}): {', '.join(where)} is not as "
            "workflow/schemas/audit.schema.json describes. It holds pseudonyms, digests and words of closed sets only."
        )


def digest(line: bytes) -> str:
    """SHA-256 of an entry's line without its line end, hexadecimal."""
    return hashlib.sha256(line).hexdigest()


def time_of(content: Mapping[str, Any]) -> datetime.datetime | None:
    """When an entry or head was signed, as it says; None where it has no such time."""
    try:
        return datetime.datetime.strptime(str(content.get("time")), TIME).replace(tzinfo=datetime.UTC)
    except ValueError:
        return None


def signed(content: Mapping[str, Any], key: Ed25519PrivateKey) -> dict[str, Any]:
    """The content with `signature`: Ed25519 (RFC 8032) over its canonical form, base64."""
    return {**content, SIGNATURE: base64.b64encode(key.sign(canonical(content))).decode("ascii")}


def is_signed_by(content: Mapping[str, Any], key: Ed25519PublicKey) -> bool:
    """Whether the content's `signature` is this key's over everything else in it."""
    rest = {name: value for name, value in content.items() if name != SIGNATURE}
    try:
        key.verify(base64.b64decode(content[SIGNATURE], validate=True), canonical(rest))
    except (KeyError, TypeError, ValueError, binascii.Error, InvalidSignature):
        return False
    return True


def check_entry(entry: Mapping[str, Any]) -> None:
    """Raise `EntryError` unless the entry, as it will stand in the log, has the form of its action."""
    from jsonschema import Draft202012Validator  # 0.1 s that readers of the log do not need

    from gms.base.schemas import load_schema

    errors = Draft202012Validator(load_schema("audit")).iter_errors(entry)
    where = {".".join(map(str, error.absolute_path)) or _keys(error) for error in errors} | set(_personal(entry))
    if where:
        raise EntryError(entry.get("action"), sorted(where))


def _keys(error: Any) -> str:
    """Which keys are missing or unknown; a key is a word of the code that made the entry, not data."""
    if error.validator == "required":
        return " ".join(sorted(set(error.validator_value) - set(error.instance))) + " (missing)"
    return "the set of keys"


def _personal(entry: Mapping[str, Any]) -> Iterator[str]:
    from gms.base.personal_numbers import find_personal_number

    for name in _WRITTEN:
        values = entry.get(name)
        for value in values if isinstance(values, list) else [values]:
            if isinstance(value, str) and find_personal_number(value) is not None:
                yield f"{name} (a personal number)"
