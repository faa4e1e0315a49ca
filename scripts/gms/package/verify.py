"""Verification of a package with public keys only: everything that is wrong with it, in words."""

from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def verify_package(
    package: Path,
    sender_key: Ed25519PublicKey,
    approver_keys: Sequence[Ed25519PublicKey] = (),
    reader_secret: bytes | None = None,
) -> list[str]:
    """Everything that is wrong; empty if nothing is. With approver keys the approval is required and checked;
    with a reader's Crypt4GH secret key the files are decrypted as well and compared with their plain digests."""
    raise NotImplementedError
