"""A .tbi or .csi index and its file: made from this very content, by their offsets and numbers of records.

Formats: samtools/hts-specs, tabix and CSIv1; virtual offsets: SAM specification, section 4.1.1.
"""

import gzip
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

_COUNTED = 64 << 20  # bytes, compressed: the records of larger files are not counted
_BLOCK_HEAD = 18
_CHUNK = 1 << 20


class Indexed(NamedTuple):
    """What an index says: the virtual offset after the last record, and the number of records, None where unknown."""

    end: int
    records: int | None


def is_index_of(path: Path, index: Path) -> bool:
    """Whether an index leads to the end of a bgzipped file and, of a small one, has as many records.

    Raises OSError, EOFError, struct.error and zlib.error for damaged files.
    """
    found = read_index(index)
    with open(path, "rb") as file:
        if not _is_end(file, found.end, path.stat().st_size):
            return False
    if found.records is None or path.stat().st_size > _COUNTED:
        return True
    return count_records(path) == found.records


def read_index(index: Path) -> Indexed:
    """Raises struct.error for a damaged index."""
    with gzip.open(index) as file:
        magic = file.read(4)
        if magic == b"TBI\1":
            contigs, *_, names = struct.unpack("<8i", file.read(32))
            file.read(names)
            totals, head = 37_450, "<Ii"  # https://samtools.github.io/hts-specs/tabix.pdf
        elif magic == b"CSI\1":
            _, depth, extra = struct.unpack("<3i", file.read(12))
            file.read(extra)
            (contigs,) = struct.unpack("<i", file.read(4))
            totals, head = ((1 << (depth + 1) * 3) - 1) // 7 + 1, "<IQi"
        else:
            raise struct.error("neither TBI nor CSI")
        bins = [entry for _ in range(contigs) for entry in _bins(file, head, has_intervals=magic == b"TBI\1")]
    end = max((chunk[1] for number, chunks in bins if number != totals for chunk in chunks), default=0)
    counts = [sum(chunks[1]) for number, chunks in bins if number == totals]
    return Indexed(end, sum(counts) if counts or not bins else None)


def _bins(file: BinaryIO, head: str, has_intervals: bool) -> Iterator[tuple[int, list[tuple[int, int]]]]:
    """(number, chunks as pairs of virtual offsets) of each bin of one contig."""
    (bins,) = struct.unpack("<i", file.read(4))
    for _ in range(bins):
        number, *_, chunks = struct.unpack(head, file.read(struct.calcsize(head)))
        yield number, list(struct.iter_unpack("<2Q", file.read(16 * chunks)))
    if has_intervals:
        (intervals,) = struct.unpack("<i", file.read(4))
        file.read(8 * intervals)


def _is_end(file: BinaryIO, offset: int, size: int) -> bool:
    """Whether nothing but empty blocks follows a virtual offset."""
    at, within = offset >> 16, offset & 0xFFFF
    while at < size:
        file.seek(at)
        head = file.read(_BLOCK_HEAD)
        if len(head) < _BLOCK_HEAD or head[12:14] != b"BC":
            return False
        length = int.from_bytes(head[16:18], "little") + 1
        file.seek(at + length - 4)
        if int.from_bytes(file.read(4), "little") != within:
            return False
        at, within = at + length, 0
    return at == size and not within


def count_records(path: Path) -> int:
    """Lines of a compressed file that are neither header, comment nor blank."""
    lines = other = 0
    rest = b"\n"
    with gzip.open(path) as file:
        while chunk := file.read(_CHUNK):
            text = rest[-1:] + chunk
            lines += chunk.count(b"\n")
            other += text.count(b"\n#") + text.count(b"\n\n")
            rest = chunk
    return lines + (rest[-1:] != b"\n") - other
