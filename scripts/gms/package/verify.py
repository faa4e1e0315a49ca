"""Verification of a package with public keys only: everything that is wrong with it, in words."""

from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from gms.package.approval import is_approved
from gms.package.integrity import integrity_problems


def verify_package(
    package: Path,
    sender_key: Ed25519PublicKey,
    approver_keys: Sequence[Ed25519PublicKey] = (),
    reader_secret: bytes | None = None,
) -> list[str]:
    """Everything that is wrong; empty if nothing is.

    With approver keys the approval is required and checked; with a reader's Crypt4GH secret key the files are decrypted
    as well, in memory, and compared with their plain digests.
    """
    problems = integrity_problems(package, sender_key, reader_secret)
    return problems + (is_approved(package, approver_keys) if approver_keys else [])
