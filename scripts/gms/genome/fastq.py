"""FASTQ files: what their beginning and their end tell, and how many reads they hold."""

import gzip
import itertools
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from gms.base.errors import GmsError
from gms.base.personal_numbers import mask_personal_numbers

GZIP = b"\x1f\x8b"
_CHUNK = 1 << 20  # bytes per read
_FIRST = 20  # reads that tell a file's kind, and R1 from R2


class BrokenFastq(GmsError):
    """A FASTQ file that cannot be read to its end. `is_damage`: it once was whole; the sheet is not what is wrong."""

    def __init__(self, name: str, reason: str, is_damage: bool = False):
        self.reason, self.is_damage = reason, is_damage
        super().__init__(mask_personal_numbers(f"FASTQ file '{name}' {reason}"))


class UnequalReads(GmsError):
    """R1 and R2 of a lane with different numbers of reads."""

    def __init__(self, sample: str, lane: str, fastq_1: Path, fastq_2: Path, counts: tuple[int, int]):
        text = (
            f"sample '{sample}', lane '{lane}': {fastq_1.name} has {counts[0]} reads but {fastq_2.name} has {counts[1]}"
            "; they are not of one lane, or one is cut short: copy both again from the sequencer's output"
        )
        super().__init__(mask_personal_numbers(text))


def read_counts(fastq_1: Path, fastq_2: Path) -> tuple[int, int]:
    """Numbers of reads in the two files of a lane, both read to the end. Raises BrokenFastq."""
    return _count(fastq_1), _count(fastq_2)


def _count(path: Path) -> int:
    lines, last = 0, b"\n"
    with opened(path) as file:
        for chunk in _chunks(file, path):
            lines, last = lines + chunk.count(b"\n"), chunk[-1:]
    lines += last != b"\n"
    if lines % 4:
        raise BrokenFastq(path.name, f"ends within a read ({lines} lines, four per read); copy it again")
    return lines // 4


def opened(path: Path) -> BinaryIO:
    """The file opened for reading its text, if it is there, gzipped and not empty. Raises BrokenFastq."""
    try:
        with path.open("rb") as file:
            magic = file.read(2)
    except OSError as error:
        reason = "does not exist" if isinstance(error, FileNotFoundError) else f"cannot be read: {error.strerror}"
        raise BrokenFastq(path.name, reason) from None
    if not magic:
        raise BrokenFastq(path.name, "is empty (0 bytes); copy it again")
    if magic != GZIP:
        raise BrokenFastq(path.name, "is not gzipped; compress it with gzip")
    return gzip.open(path)


def first_reads(path: Path, whole: bool) -> list[tuple[bytes, bytes]]:
    """(sequence, qualities) of the first reads; `whole` reads on to the end of the file. Raises BrokenFastq."""
    with opened(path) as file:
        chunks = _chunks(file, path)
        head = b""
        for head in itertools.accumulate(chunks):
            if head.count(b"\n") >= 4 * _FIRST or len(head) > 8 * _CHUNK:
                break
        reads = list(_reads(head, path))
        if whole:
            for _ in chunks:
                pass
    return reads


def _chunks(file: BinaryIO, path: Path) -> Iterator[bytes]:
    try:
        while chunk := file.read(_CHUNK):
            yield chunk
    except EOFError:
        raise BrokenFastq(path.name, "is cut short (the gzip data has no end); copy it again", True) from None
    except (gzip.BadGzipFile, zlib.error):
        raise BrokenFastq(path.name, "is damaged (the gzip data cannot be unpacked); copy it again", True) from None


def _reads(text: bytes, path: Path) -> Iterator[tuple[bytes, bytes]]:
    lines = text.splitlines()[: 4 * _FIRST]
    if not lines:
        raise BrokenFastq(path.name, "holds no reads")
    for start in range(0, len(lines) - 3, 4):
        name, bases, plus, qualities = lines[start : start + 4]
        if name[:1] != b"@" or plus[:1] != b"+" or len(bases) != len(qualities):
            raise BrokenFastq(path.name, f"is not FASTQ: its read {start // 4 + 1} is not @name, bases, +, qualities")
        yield bases, qualities
    if len(lines) < 4:
        raise BrokenFastq(path.name, "is not FASTQ: a read has four lines, @name, bases, +, qualities")
