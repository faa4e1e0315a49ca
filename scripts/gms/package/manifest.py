"""The manifest of a package, version 2: what it holds, what it rests on, for whom it is; canonical JSON, signed."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

NAME, SIGNATURE = "manifest.json", "manifest.sig"


def canonical(content: Any) -> bytes:
    """Canonical JSON (RFC 8785 without floating-point numbers)."""
    raise NotImplementedError


def plain_digest(files: Iterable[Mapping[str, Any]]) -> str:
    """SHA-256 over the sorted lines 'sha256  path' of the plain files: the same inputs give the same digest."""
    raise NotImplementedError


def write_manifest(package: Path, content: Mapping[str, Any], signing_key: Ed25519PrivateKey) -> str:
    """Write manifest.json and manifest.sig; adds schema, signer and plain_digest. Returns the manifest's SHA-256."""
    raise NotImplementedError


def read_manifest(package: Path) -> dict[str, Any]:
    """The manifest's content, valid by its schema; says nothing about its signature. Raises GmsError."""
    raise NotImplementedError


def manifest_sha256(package: Path) -> str:
    """SHA-256 of the manifest's bytes. Raises GmsError."""
    raise NotImplementedError
