"""The .fai index of a FASTA: made from this very file, by where its contigs begin and end.

Format: https://www.htslib.org/doc/faidx.html.
"""

from bisect import bisect_right
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pysam

_LINE = 4_096  # bytes, more than a line of names
_PACKED = 100  # contigs of a compressed FASTA that are looked at, where each takes a millisecond; and the last


class Entry(NamedTuple):
    """A line of the index: `offset` of the first base, and bases and bytes of each full line."""

    name: str
    length: int
    offset: int
    line_bases: int
    line_bytes: int

    def offset_of(self, base: int) -> int:
        """Byte of a 0-based base."""
        return self.offset + base // self.line_bases * self.line_bytes + base % self.line_bases


def is_index_of(fasta: Path, index: Path) -> bool:
    """Whether each contig of an index begins after its name, ends with a base, and is followed by the next one.

    Of a bgzipped FASTA the .gzi is used, and needed. Raises ValueError for a damaged index, OSError.
    """
    entries = [_entry(line) for line in index.read_text().splitlines()]
    read, close = _reader(fasta)
    try:
        pairs = list(pairwise([*entries, None]))
        if is_packed(fasta):
            pairs = [*pairs[:_PACKED], *pairs[-1:]]
        return all(_begins(entry, read) and _ends(entry, following, read) for entry, following in pairs)
    finally:
        close()


def is_packed(fasta: Path) -> bool:
    return Path(f"{fasta}.gzi").is_file()


def _entry(line: str) -> Entry:
    name, *numbers = line.split("\t")
    return Entry(name, *map(int, numbers[:4]))


def _begins(entry: Entry, read: Callable[[int, int], bytes]) -> bool:
    start = max(0, entry.offset - _LINE)
    *_, line, rest = (b"\n" + read(start, entry.offset - start)).split(b"\n")
    return not rest and _is_name(line, entry.name)


def _is_name(line: bytes, name: str) -> bool:
    return line[:1] == b">" and line[1:].split()[:1] == [name.encode()]


def _ends(entry: Entry, following: Entry | None, read: Callable[[int, int], bytes]) -> bool:
    if not entry.length:
        return True
    if not read(entry.offset_of(entry.length - 1), 1).isalpha():
        return False
    rest = read(entry.offset_of(entry.length - 1) + 1, _LINE).lstrip()
    return _is_name(rest.partition(b"\n")[0], following.name) if following else not rest


def _reader(fasta: Path) -> tuple[Callable[[int, int], bytes], Callable[[], None]]:
    """A function (offset, size) -> bytes of the uncompressed FASTA, and one that closes it."""
    if not is_packed(fasta):
        file = fasta.open("rb")
        return lambda offset, size: (file.seek(offset), file.read(size))[1], file.close
    numbers = memoryview(Path(f"{fasta}.gzi").read_bytes()).cast("Q")
    packed, plain = [0, *numbers[1::2]], [0, *numbers[2::2]]
    blocks = pysam.BGZFile(str(fasta), "rb")

    def read(offset: int, size: int) -> bytes:
        at = bisect_right(plain, offset) - 1
        blocks.seek(packed[at] << 16)
        return blocks.read(offset - plain[at] + size)[offset - plain[at] :]

    return read, blocks.close
