"""FASTQ files: their first reads, and the pairs of a lane read to the end."""

import gzip
import hashlib
import itertools
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from isal import igzip, isal_zlib

from gms.base.errors import GmsError
from gms.base.personal_numbers import mask_personal_numbers

GZIP = b"\x1f\x8b"
_CHUNK = 1 << 20  # bytes per read
_FIRST = 20  # reads that tell a file's kind, and R1 from R2
_PHRED_64 = 59  # ';', a quality of -5: the lowest that Solexa wrote
_MOST_PHRED_33 = 83  # 'S', a quality of 50: the highest of today's short reads


class Read(NamedTuple):
    """One read: its name with @ up to the first space, its bases and qualities, all as bytes of the file."""

    name: bytes
    bases: bytes
    qualities: bytes


class BrokenFastq(GmsError):
    """A FASTQ file that cannot be read to its end. `is_damage`: it once was whole; the sheet is not what is wrong."""

    def __init__(self, name: str, reason: str, is_damage: bool = False):
        self.reason, self.is_damage = reason, is_damage
        super().__init__(mask_personal_numbers(f"FASTQ file '{name}' {reason}"))


class NoReads(BrokenFastq):
    """A whole FASTQ file without reads: of a control or an empty well that is a result."""


class UnequalReads(GmsError):
    """R1 and R2 of a lane with different numbers of reads."""

    def __init__(self, sample: str, lane: str, fastq_1: Path, fastq_2: Path, counts: tuple[int, int]):
        text = (
            f"sample '{sample}', lane '{lane}': {fastq_1.name} has {counts[0]} reads but {fastq_2.name} has {counts[1]}"
            "; they are not of one lane, or one is truncated. Copy both again from the sequencer's output"
        )
        super().__init__(mask_personal_numbers(text))


class MatesDiffer(GmsError):
    """Reads at the same place of R1 and R2 that have different names; `number` is 1-based."""

    def __init__(self, number: int, name_1: bytes, name_2: bytes):
        one, two = (name[1:].decode(errors="replace") for name in (name_1, name_2))
        super().__init__(
            mask_personal_numbers(
                f"fastq_1 and fastq_2 are not pairs: read {number} is '{one}' in one and '{two}' in the other. "
                "They need the reads of one lane in the same order"
            )
        )


def check_mates(fastq_1: Path, fastq_2: Path) -> tuple[int, int]:
    """Numbers of reads in the two files of a lane, both read to the end. Raises BrokenFastq, MatesDiffer."""
    pairs = only_1 = only_2 = 0
    names = [itertools.chain.from_iterable(_names(path)) for path in (fastq_1, fastq_2)]
    for one, two in itertools.zip_longest(*names):
        if two is None:
            only_1 += 1
        elif one is None:
            only_2 += 1
        else:
            pairs += 1
            if one != two and not are_mates(one, two):
                raise MatesDiffer(pairs, one, two)
    return pairs + only_1, pairs + only_2


def are_mates(name_1: bytes, name_2: bytes) -> bool:
    """Whether names are equal but for /1 and /2, or .1 and .2, at their ends."""
    return name_1 == name_2 or (
        name_1[:-1] == name_2[:-1] and name_1[-2:] in (b"/1", b".1") and name_2[-2:] in (b"/2", b".2")
    )


def _names(path: Path) -> Iterator[list[bytes]]:
    """Names of a file's reads, up to the first space, in batches; blank lines at the end are no reads."""
    lines, rest, read = [], b"", 0
    with opened(path) as file:
        for chunk in _chunks(file, path):
            *whole, rest = (rest + chunk).split(b"\n")
            lines += whole
            if full := _without_blank_end(lines) // 4 * 4:
                yield _named(lines[:full:4], read, path)
                lines, read = lines[full:], read + full // 4
    lines.append(rest)
    number = _without_blank_end(lines)
    if number % 4 and not (number % 4 == 3 and lines[number - 1][:1] == b"+"):  # a read without bases
        text = f"ends within a read ({4 * read + number} lines, four per read). Copy it again"
        raise BrokenFastq(path.name, text, True)
    yield _named(lines[:number:4], read, path)


def _without_blank_end(lines: list[bytes]) -> int:
    """Number of lines up to the last that is not blank."""
    return next((number for number in range(len(lines), 0, -1) if lines[number - 1].strip()), 0)


def _named(lines: list[bytes], before: int, path: Path) -> list[bytes]:
    """Names in the first lines of reads; `before`: number of reads before them."""
    names = [line.split(None, 1)[0] if line else line for line in lines]
    if not all(name[:1] == b"@" for name in names):
        number = before + 1 + next(at for at, name in enumerate(names) if name[:1] != b"@")
        raise BrokenFastq(path.name, f"is not FASTQ: its read {number} has no line that begins with @")
    return names


def opened(path: Path) -> BinaryIO:
    """The file opened for reading its text, if it is a file, gzipped and not empty. Raises BrokenFastq."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe or device could be read only once, or never ends
            raise BrokenFastq(path.name, "is not a regular file; save the reads in one")
        with path.open("rb") as file:
            magic = file.read(2)
    except OSError as error:
        reason = "does not exist" if isinstance(error, FileNotFoundError) else f"cannot be read: {error.strerror}"
        raise BrokenFastq(path.name, reason) from None
    if not magic:
        raise BrokenFastq(path.name, "is empty (0 bytes). Copy it again")
    if magic != GZIP:
        raise BrokenFastq(path.name, "is not gzipped. Compress it with gzip")
    return igzip.open(path)


def first_reads(path: Path, whole: bool) -> list[Read]:
    """The first reads of a file; `whole` reads on to its end. Raises BrokenFastq."""
    with opened(path) as file:
        chunks = _chunks(file, path)
        head = b""
        for head in itertools.accumulate(chunks):
            if head.count(b"\n") >= 4 * _FIRST or len(head) > 8 * _CHUNK:
                break
        reads = list(_reads(head, path))
        _check_encoding(head, path)
        if whole:
            for _ in chunks:
                pass
    return reads


def head_digest(path: Path) -> str | None:
    """SHA-256 of names and bases of the first reads, by which the same reads are recognised under another name; None of
    a file without reads."""
    try:
        reads = first_reads(path, whole=False)
    except BrokenFastq:
        return None
    return hashlib.sha256(b"\n".join(text for read in reads for text in (read.name, read.bases))).hexdigest()


def _check_encoding(text: bytes, path: Path) -> None:
    """Raises BrokenFastq for qualities as Illumina wrote them before 2011: quality + 64, from @ to about h.

    Aligners and callers would take them for qualities of 31 and more. Today's (+ 33) have some below that among a
    thousand reads, and end at about S (50).
    """
    qualities = set(b"".join(text.split(b"\n")[3:-4:4]))
    if qualities and min(qualities) >= _PHRED_64 and max(qualities) > _MOST_PHRED_33:
        raise BrokenFastq(
            path.name, "has qualities in the old Phred+64 encoding. Convert it to Phred+33, as with seqtk"
        )


def _chunks(file: BinaryIO, path: Path) -> Iterator[bytes]:
    try:
        while chunk := file.read(_CHUNK):
            yield chunk
    except EOFError:
        raise BrokenFastq(path.name, "is truncated (unexpected end of gzip data). Copy it again", True) from None
    except (gzip.BadGzipFile, isal_zlib.error):
        raise BrokenFastq(path.name, "is damaged (its gzip data cannot be decompressed). Copy it again", True) from None


def _reads(text: bytes, path: Path) -> Iterator[Read]:
    lines = text.splitlines()[: 4 * _FIRST]
    if not lines:
        raise NoReads(path.name, "holds no reads")
    for start in range(0, len(lines) - 3, 4):
        name, bases, plus, qualities = lines[start : start + 4]
        if name[:1] != b"@" or plus[:1] != b"+" or len(bases) != len(qualities):
            raise BrokenFastq(path.name, f"is not FASTQ: its read {start // 4 + 1} is not @name, bases, +, qualities")
        yield Read(name.split(None, 1)[0], bases, qualities)
    if len(lines) < 4:
        raise BrokenFastq(path.name, "is not FASTQ: a read has four lines, @name, bases, +, qualities")
