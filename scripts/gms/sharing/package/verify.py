"""Verification of a package with public keys only: everything that is wrong with it, in words."""

from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from gms.sharing.package.approval import is_approved
from gms.sharing.package.integrity import integrity_problems


def verify_package(
    package: Path, sender_key: Ed25519PublicKey, approver_keys: Sequence[Ed25519PublicKey] = ()
) -> list[str]:
    """Everything that is wrong, empty if nothing is; with approver keys the approval is required and checked."""
    problems = integrity_problems(package, sender_key)
    return problems + (is_approved(package, approver_keys) if approver_keys else [])
