"""Digests of files."""

import hashlib
from pathlib import Path


def sha256(path: Path | str) -> str:
    """SHA-256 of a file, hexadecimal. Raises OSError."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


_END = 1 << 16  # bytes at either end of a large file that are read
_SMALL = 1 << 22  # bytes: smaller files are read whole
_INDICES = (".tbi", ".csi", ".fai", ".gzi")


def content_key(path: Path) -> str:
    """Twelve hexadecimal digits that change with the content of a file, and not with its date; "" where it is missing.

    Of a file of more than 4 MiB, the size, both ends and the index beside it are read: an index holds the offset of
    every compressed block.
    """
    if not path.is_file():
        return ""
    size = path.stat().st_size
    if size <= _SMALL:
        return sha256(path)[:12]
    with open(path, "rb") as file:
        parts = [str(size).encode(), file.read(_END)]
        file.seek(size - _END)
        parts.append(file.read(_END))
    indices = (path.with_name(path.name + suffix) for suffix in _INDICES)
    parts += [index.read_bytes() for index in indices if index.is_file()]
    return hashlib.sha256(b"".join(parts)).hexdigest()[:12]
