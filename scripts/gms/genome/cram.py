"""Digest of the reads in a CRAM file: of all its containers but the first, which holds the header.

The digest says that a file is the one that was measured, whatever was done to its header. It does not say that two
files hold the same reads: threads that compress at the same time may choose other codecs for the same reads.
Layout: CRAM format specification (samtools/hts-specs, CRAMv3), sections 6 and 7.
"""

import hashlib
from pathlib import Path
from typing import BinaryIO

from gms.base.errors import GmsError

_FILE_DEFINITION = 26  # bytes: magic, version (major, minor), file id
_BLOCK = 1 << 20


class CramUnusable(GmsError):
    """A file that is not CRAM, or ends within its header."""

    def __init__(self, path: Path):
        super().__init__(f"{path} is not a CRAM file, or is truncated within its header. Run the workflow again.")


def reads_sha256(path: Path | str) -> str:
    """SHA-256 of all bytes after the header container, hexadecimal. Raises CramUnusable, OSError."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        definition = file.read(_FILE_DEFINITION)
        if len(definition) < _FILE_DEFINITION or not definition.startswith(b"CRAM"):
            raise CramUnusable(Path(path))
        try:
            file.seek(_size_of_container(file, definition[4]), 1)
        except IndexError:
            raise CramUnusable(Path(path)) from None
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _size_of_container(file: BinaryIO, version: int) -> int:
    """Read the header of a container; bytes of the blocks that follow it."""
    size = int.from_bytes(_exactly(file, 4), "little")
    for _ in range(4):  # reference sequence, start, span, records
        _skip_number(file, 4)
    for _ in range(2):  # record counter, bases
        _skip_number(file, 8)
    _skip_number(file, 4)  # blocks
    for _ in range(_small_number(file)):  # landmarks
        _skip_number(file, 4)
    _exactly(file, 4 if version >= 3 else 0)  # CRC-32
    return size


def _skip_number(file: BinaryIO, most: int) -> None:
    """Skip an ITF8 (at most 4 more bytes) or LTF8 (8): the leading ones of the first byte count the bytes after it."""
    first = _exactly(file, 1)[0]
    more = 8 - (first ^ 0xFF).bit_length()
    _exactly(file, min(more, most))


def _small_number(file: BinaryIO) -> int:
    """An ITF8 below 2^14, such as the number of landmarks of a header."""
    first = _exactly(file, 1)[0]
    if first < 0x80:
        return first
    if first < 0xC0:
        return (first & 0x3F) << 8 | _exactly(file, 1)[0]
    raise IndexError


def _exactly(file: BinaryIO, size: int) -> bytes:
    data = file.read(size)
    if len(data) < size:
        raise IndexError
    return data
