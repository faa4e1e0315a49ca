"""Crypt4GH files with their digests, written in one pass over the data, and read again as streams."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gms.package.keys import fingerprint  # noqa: F401


@dataclass(frozen=True, slots=True)
class Digests:
    """MD5 and SHA-256, hexadecimal, and size in bytes."""

    md5: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class CipherFacts:
    """What is known of an encrypted file; `blocks` are the SHA-256 of runs of `block_segments` segments of the body."""

    plain: Digests
    cipher: Digests
    header_bytes: int
    body_sha256: str
    segments: int
    packets: int
    block_segments: int
    blocks: tuple[str, ...]


def encrypt_file(source: Path, out: Path, readers: Sequence[bytes], writer_secret: bytes) -> CipherFacts:
    """Encrypt for the readers (public keys, 32 bytes each; one header packet each). Raises GmsError."""
    raise NotImplementedError


def encrypt_tree(plain: Path, package: Path, readers: Sequence[bytes], writer_secret: bytes) -> list[dict[str, Any]]:
    """Encrypt every file below `plain` to PACKAGE/<path>.c4gh; the manifest's entries of the files, by path."""
    raise NotImplementedError


def open_decrypted(path: Path, secret: bytes, writer: bytes | None = None) -> io.BufferedReader:
    """The plain content as a binary stream (bounded memory, not seekable). Raises GmsError."""
    raise NotImplementedError
