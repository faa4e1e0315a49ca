"""A package decrypted by one of its readers, after it was verified."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def decrypt_package(package: Path, reader_secret: bytes, sender_key: Ed25519PublicKey, to: Path) -> list[Path]:
    """Write the plain files into the new folder `to` (mode 0700); their paths. Raises GmsError, leaving no file."""
    raise NotImplementedError
