"""Crypt4GH files with their digests, written in one pass over the data, and read again as streams."""

import hashlib
import io
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import BinaryIO

from crypt4gh import lib, sodium

from gms.base.errors import GmsError
from gms.sharing.package.hashing import BLOCK, Hashing, RunDigests, md5
from gms.sharing.package.header import CIPHER_SEGMENT, OVERHEAD, SEGMENT, data_key, read_header, segments_of
from gms.sharing.package.keys import encryption_fingerprint, is_usable, public_of

PacketKeys = list[tuple[int, bytes, bytes]]  # as the library: method, secret key, public key of the reader
MOST_BLOCKS = 1024  # of a file: up to 64 MiB a block is one segment, so that a changed segment is named


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
    header_sha256: str
    body_sha256: str
    segments: int
    packets: int
    block_segments: int
    blocks: tuple[str, ...]


class NotEncrypted(GmsError):
    """A file that could not be encrypted."""


class DamagedFile(GmsError):
    """A Crypt4GH file that cannot be read."""

    def __init__(self, name: str, problem: str):
        super().__init__(f"{name} {problem}")


def block_segments(segments: int) -> int:
    """Segments in a block of a file of so many: the smallest power of two that makes at most 1024 blocks."""
    size = 1
    while size * MOST_BLOCKS < segments:
        size *= 2
    return size


class RunningDigests:
    """MD5, SHA-256 and size of a stream."""

    def __init__(self) -> None:
        self.bytes, self.digests = 0, (md5(), hashlib.sha256())

    def result(self) -> Digests:
        """The digests of everything so far; all threads must be done."""
        return Digests(*(digest.hexdigest() for digest in self.digests), self.bytes)


class _Source:
    """A file as crypt4gh reads it, segment by segment; its blocks are hashed on the way."""

    def __init__(self, file: BinaryIO, hashing: Hashing):
        self._file, self._hashing, self._block = file, hashing, memoryview(b"")
        self.plain = RunningDigests()

    def readinto(self, buffer: bytearray) -> int:
        """Fill the buffer; less only at the end."""
        if not self._block:
            block = self._file.read(BLOCK)  # a whole number of segments
            self._hashing.update(block, self.plain.digests)
            self.plain.bytes += len(block)
            self._block = memoryview(block)
        part = self._block[: len(buffer)]
        buffer[: len(part)] = part
        self._block = self._block[len(part) :]
        return len(part)


class CipherSink:
    """An encrypted file that is being written: the header first, then the body; both are hashed on the way."""

    def __init__(self, file: BinaryIO, hashing: Hashing, segments: int):
        self._file, self._hashing, self._buffer = file, hashing, bytearray()
        self.header, self.cipher = b"", RunningDigests()
        self._body, self._blocks = hashlib.sha256(), RunDigests(block_segments(segments) * CIPHER_SEGMENT)

    def write_header(self, header: bytes) -> None:
        """Take the header, whole and first."""
        self.header = bytes(header)
        self._put(self.header, self.cipher.digests)

    def write(self, data: bytes) -> None:
        """Take the next bytes of the body."""
        self._buffer += data
        if len(self._buffer) >= BLOCK:
            self.flush()

    def flush(self) -> None:
        """Write what was taken."""
        block = bytes(self._buffer)
        self._buffer.clear()
        self._put(block, (*self.cipher.digests, self._body, self._blocks))

    def _put(self, data: bytes, digests: Sequence) -> None:
        self._hashing.update(data, digests)
        self._file.write(data)
        self.cipher.bytes += len(data)

    def facts(self, plain: Digests, packets: int) -> CipherFacts:
        """What is known now; the body must be flushed and all threads done."""
        header, segments = hashlib.sha256(self.header).hexdigest(), segments_of(plain.bytes)
        return CipherFacts(
            plain=plain,
            cipher=self.cipher.result(),
            header_sha256=header,
            body_sha256=self._body.hexdigest(),
            segments=segments,
            packets=packets,
            block_segments=block_segments(segments),
            blocks=self._blocks.digests(),
        )


def encrypt_file(source: Path, out: Path, readers: Sequence[bytes], writer_secret: bytes) -> CipherFacts:
    """Encrypt a file for readers (public keys of 32 bytes), one header packet for each; the writer is always a reader.

    One pass, memory bounded at some 40 MiB. `out` must not exist and is removed again on failure. Raises NotEncrypted.
    """
    keys = packet_keys(readers, writer_secret)
    try:
        with open(source, "rb") as plain, open(out, "xb") as cipher:
            return _encrypt(plain, cipher, keys)
    except FileExistsError:
        raise NotEncrypted(f"{out} already exists; encrypted files are never overwritten") from None
    except BaseException as error:
        out.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise NotEncrypted(f"{source.name} cannot be encrypted to {out}: {error.strerror}") from None
        raise


def packet_keys(readers: Sequence[bytes], writer_secret: bytes) -> PacketKeys:
    """The library's keys of the header packets for readers and writer. Raises NotEncrypted for an unusable key."""
    for reader in readers:
        if len(reader) != len(writer_secret) or not is_usable(reader):
            raise NotEncrypted(
                f"a reader's public key {encryption_fingerprint(reader)} is not usable: anybody could decrypt"
            )
    return [(0, writer_secret, reader) for reader in sorted({*readers, public_of(writer_secret)})]


def _encrypt(plain: BinaryIO, cipher: BinaryIO, keys: PacketKeys) -> CipherFacts:
    before = os.fstat(plain.fileno())
    with Hashing() as hashing:
        source, sink = _Source(plain, hashing), CipherSink(cipher, hashing, segments_of(before.st_size))
        lib.encrypt(keys, source, sink, headerfile=SimpleNamespace(write=sink.write_header))
        sink.flush()
    after = os.fstat(plain.fileno())
    if (after.st_size, after.st_mtime_ns) != (source.plain.bytes, before.st_mtime_ns):
        raise NotEncrypted(f"{Path(plain.name).name} changed while it was encrypted; run the command again")
    return sink.facts(source.plain.result(), len(keys))


class _Decrypted(io.RawIOBase):
    """The plain bytes of a Crypt4GH file, decrypted as they are read; closes the file."""

    def __init__(self, file: BinaryIO, key: bytes):
        self._file, self._key = file, key
        self._plain, self._rest, self._number = bytearray(SEGMENT), memoryview(b""), 0

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self._file.close()
        super().close()

    def readinto(self, buffer: memoryview) -> int:
        if not self._rest:
            self._next()
        part = self._rest[: len(buffer)]
        buffer[: len(part)] = part
        self._rest = self._rest[len(part) :]
        return len(part)

    def _next(self) -> None:
        cipher = self._file.read(CIPHER_SEGMENT)
        self._number += 1
        if not cipher:
            return
        if len(cipher) <= OVERHEAD:
            raise DamagedFile(self._file.name, f"is truncated within segment {self._number}")
        try:
            size = sodium.chacha20poly1305_decrypt(self._plain, cipher, self._key)
        except ValueError:
            problem = f"does not decrypt in segment {self._number}: changed, truncated, or from another file"
            raise DamagedFile(self._file.name, problem) from None
        self._rest = memoryview(self._plain)[:size]


def open_decrypted(path: Path, secret: bytes) -> io.BufferedReader:
    """The plain content as a binary stream: bounded memory, not seekable; close it.

    Raises DamagedFile, also while it is read; a file cut at a segment border or with exchanged segments reads without
    error, which only the manifest's digests find.
    """
    file = open(path, "rb")  # noqa: SIM115 - the stream closes it
    try:
        key = data_key(read_header(file), secret)
    except GmsError as error:
        file.close()
        raise DamagedFile(str(path), str(error)) from None
    return io.BufferedReader(_Decrypted(file, key), BLOCK)
