"""The second person's approval: a signature, by a key that is not the sender's, of the manifest's digest."""

import datetime
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from gms.base.errors import GmsError
from gms.sharing.package import signatures
from gms.sharing.package.integrity import APPROVAL as NAME
from gms.sharing.package.integrity import APPROVAL_SIGNATURE as SIGNATURE
from gms.sharing.package.integrity import integrity_problems
from gms.sharing.package.manifest import canonical, manifest_sha256, read_manifest

_LARGEST = 4096  # bytes of an approval, which has five short fields


def approve(
    package: Path,
    key: Ed25519PrivateKey,
    approvers: Sequence[Ed25519PublicKey],
    sender_key: Ed25519PublicKey,
    on: datetime.date,
) -> Path:
    """Verify the package and write approval.json and approval.sig; its path.

    Raises GmsError, and writes nothing, when the key is not an approver's, is the sender's own (two persons release a
    package), or when the package does not verify.
    """
    approver = signatures.fingerprint(key.public_key())
    problems = _key_problems(approver, approvers, signatures.fingerprint(sender_key))
    problems += [] if problems else integrity_problems(package, sender_key)
    if problems:
        raise GmsError("\n".join([f"{package} is not approved:", *(f"  {problem}" for problem in problems)]))
    signatures.write_signed(package / NAME, canonical(_record(package, approver, on.isoformat())), key)
    return package / NAME


def is_approved(package: Path, approvers: Sequence[Ed25519PublicKey]) -> list[str]:
    """Why the package does not count as approved by one of the approvers; empty if it does.

    Says nothing about the sender's signature and the files, which `verify_package` checks.
    """
    try:
        text, signature = _read(package / NAME), _read(package / SIGNATURE)
        approval = json.loads(text)
        approver, date = str(approval["approver"]), str(approval["date"])
        genuine = canonical(_record(package, approver, date)) == text
        signer = read_manifest(package)["signer"]
    except GmsError as error:
        return [str(error)]
    except (ValueError, TypeError, KeyError, RecursionError):
        return [f"{NAME} is no approval"]
    if not genuine:
        return [f"{NAME} is not for this version of the package: the manifest was changed after it was approved"]
    return _key_problems(approver, approvers, signer) or _signature_problem(text, signature, approver, approvers)


def _record(package: Path, approver: str, date: str) -> dict[str, Any]:
    content = read_manifest(package)
    return {
        "schema": 1,
        "package": content["package"],
        "version": content["version"],
        "manifest_sha256": manifest_sha256(package),
        "approver": approver,
        "date": date,
    }


def _key_problems(approver: str, approvers: Sequence[Ed25519PublicKey], signer: str) -> list[str]:
    if approver == signer:
        return ["the approver's key is the sender's own; a second person approves, with another key"]
    if approver not in map(signatures.fingerprint, approvers):
        return [f"the key {approver} is not among the {len(approvers)} approvers"]
    return []


def _signature_problem(text: bytes, signature: bytes, approver: str, approvers: Sequence) -> list[str]:
    key = next(key for key in approvers if signatures.fingerprint(key) == approver)
    if signatures.is_signature(signature, text, key):
        return []
    return [f"{SIGNATURE} is not the approver's signature of {NAME}: one was changed after signing"]


def _read(path: Path) -> bytes:
    if path.is_symlink() or not path.is_file():
        raise GmsError(f"the package is not approved: {path.name} is missing (./gms export approve)")
    with open(path, "rb") as file:
        return file.read(_LARGEST)
