"""Crypt4GH keys (X25519): read, checked, and named by fingerprints that are safe to publish."""

from collections.abc import Callable
from pathlib import Path


def fingerprint(public_key: bytes) -> str:
    """SHA-256 of the 32 bytes of a public key, hexadecimal: `sed -n 2p KEY.pub | base64 -d | sha256sum`."""
    raise NotImplementedError


def public_of(secret: bytes) -> bytes:
    """The public key (32 bytes) of a secret key (32 bytes)."""
    raise NotImplementedError


def read_secret_key(path: Path, passphrase: Callable[[], str] | None = None) -> bytes:
    """The 32 bytes of a Crypt4GH secret key file of mode 0600 or 0400; `passphrase` is asked for if it is locked."""
    raise NotImplementedError


def read_public_key(path: Path) -> bytes:
    """The 32 bytes of a Crypt4GH public key file. Raises GmsError."""
    raise NotImplementedError
