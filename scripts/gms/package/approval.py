"""The second person's approval: a signature, by a key that is not the sender's, of the manifest's digest."""

import datetime
from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

NAME, SIGNATURE = "approval.json", "approval.sig"


def approve(
    package: Path,
    key: Ed25519PrivateKey,
    approvers: Sequence[Ed25519PublicKey],
    sender_key: Ed25519PublicKey,
    on: datetime.date,
) -> Path:
    """Verify the package and write approval.json and approval.sig. Raises GmsError and writes nothing if refused."""
    raise NotImplementedError


def is_approved(package: Path, approvers: Sequence[Ed25519PublicKey]) -> list[str]:
    """Why the package does not count as approved; empty if it does."""
    raise NotImplementedError
