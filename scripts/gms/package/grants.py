"""Other readers for a package: only the headers are rewritten, the encrypted data stay byte for byte the same."""

import datetime
from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gms.sharing.model import Recipient


def regrant(
    package: Path,
    out: Path,
    recipients: Sequence[Recipient],
    centre_secret: bytes,
    signing_key: Ed25519PrivateKey,
    on: datetime.date,
) -> str:
    """Write the next version of the package into the new folder `out`, for exactly these recipients and the centre.

    Returns the SHA-256 of the new manifest, which supersedes the old one and needs its own approval. Raises GmsError
    for a package that does not verify and for an expired, revoked or unknown recipient.
    """
    raise NotImplementedError
