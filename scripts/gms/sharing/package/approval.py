"""The second person's approval: a signature, by a key that is not the sender's, of the manifest's digest."""

import datetime
from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from gms.base.errors import Refusal
from gms.sharing.package.keys import signing_fingerprint, write_signed
from gms.sharing.package.manifest import canonical
from gms.sharing.package.verify import APPROVAL, approval_record, approver_problems, integrity_problems


class ApprovalRefused(Refusal):
    """A package that this key cannot approve."""


def approve(
    package: Path,
    key: Ed25519PrivateKey,
    approvers: Sequence[Ed25519PublicKey],
    sender_key: Ed25519PublicKey,
    on: datetime.date,
) -> Path:
    """Verify the package and write approval.json and approval.sig; its path.

    Raises ApprovalRefused, and writes nothing, if the key is not an approver's or is the sender's own (two persons
    release a package), or if the package does not verify.
    """
    approver = signing_fingerprint(key.public_key())
    problems = approver_problems(approver, approvers, signing_fingerprint(sender_key))
    problems += [] if problems else integrity_problems(package, sender_key)
    if problems:
        raise ApprovalRefused(f"{package} is not approved:", problems)
    write_signed(package / APPROVAL, canonical(approval_record(package, approver, on.isoformat())), key)
    return package / APPROVAL
