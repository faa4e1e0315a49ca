"""Digests of files."""

import hashlib
from pathlib import Path


def sha256(path: Path | str) -> str:
    """SHA-256 of a file, hexadecimal. Raises OSError."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
