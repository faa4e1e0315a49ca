"""What a normal shows: reads of each base at each position of the targets, and of indels, in one pass over a file; and
the alleles of its calls. Coordinates 0-based half-open."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pysam

from gms.genome.intervals import Interval
from gms.genome.vcf import UnreadableVcf, info_value, known, open_vcf, read_header, sample_values, samples_of
from gms.normals.members import Normal
from gms.variants.evidence.observe import SKIPPED

BASES = "ACGT"
LEAST_QUALITY, LEAST_MAPPING = 20, 20  # of a base and of a read, phred
LEAST_DEPTH = 100  # reads of a normal, to tell anything of an allele at a fraction of a few per cent
LEAST_READS, LEAST_FRACTION = 3, 0.002  # of an allele in a carrier: chance errors give three of 500 reads in 1 of 1,400
INHERITED = 0.25  # fraction of a heterozygous allele, less what capture and alignment take from it
_READS = 1_000  # that are counted together: they stay in the processor's cache, which more do not
_SPAN = 1_000_000  # bases of the genome between the first and the last of them
_CODES = np.full(256, 4, np.uint8)
_CODES[[ord(base) for base in BASES]] = range(4)
_INSERTION, _DELETION = 1, 2  # CIGAR operations
_ALIGNED, _IN_READ, _IN_REFERENCE = (0, 7, 8), (0, 1, 4, 7, 8), (0, 2, 3, 7, 8)

Indel = tuple[str, int, str, str]  # contig, position of the base before, REF, ALT


class Counts(NamedTuple):
    """`bases`: reads of A, C, G and T by position of the targets, in their order; `indels`: reads of each."""

    bases: np.ndarray
    indels: Counter


class Called(NamedTuple):
    """An allele of a sample's calls: its callers, the fraction of molecules with it (0-1), fragments with it, depth."""

    callers: tuple[str, ...]
    fraction: float
    reads: int
    depth: int


def called_alleles(merged: Path, sample: str) -> Iterator[tuple[Indel, Called]]:
    """Alleles of the merged calls of a sample that is a case of its own; none of a case with others, whose calls do not
    say in which sample a caller found an allele. Raises UnreadableVcf."""
    try:
        with open_vcf(merged) as lines:
            if samples_of(read_header(lines)) == [sample]:
                for fields in (line.rstrip("\n").split("\t") for line in lines):
                    if called := _called(fields):
                        yield (fields[0], int(fields[1]) - 1, fields[3], fields[4]), called
    except (IndexError, ValueError):
        raise UnreadableVcf(merged, "is damaged: it has a line that is cut or no record") from None


def _called(fields: Sequence[str]) -> Called | None:
    """What a record of a single sample says of its allele; None without reads or callers."""
    values = known(sample_values(fields[8], fields[9]))
    reads, depth = int(values.get("AD", "0").rpartition(",")[2]), int(values.get("DP", "0"))
    callers = info_value(fields[7], "CALLERS")
    if not (reads and depth and callers):
        return None
    fraction = float(values["AF"]) if "AF" in values else reads / depth
    return Called(tuple(callers.split(",")), fraction, reads, depth)


def carries(reads: np.ndarray | int, depth: np.ndarray | int) -> np.ndarray | bool:
    """Whether each normal carries an allele as an error does."""
    enough = (depth >= LEAST_DEPTH) & (reads >= LEAST_READS)
    return enough & (reads >= LEAST_FRACTION * depth) & (reads < INHERITED * depth)


def calls_of(normals: Iterable[Normal]) -> dict[Indel, list[Called]]:
    """What the calls of normals that are cases of their own say of the alleles that a normal carries as an error."""
    found: dict[Indel, list[Called]] = {}
    for normal in normals:
        if (merged := normal.path("merged")).is_file():
            for allele, called in called_alleles(merged, normal.name):
                if carries(called.reads, called.depth) and called.fraction < INHERITED:
                    found.setdefault(allele, []).append(called)
    return found


class Near(NamedTuple):
    """Parts of reads that are aligned without a gap, one after another: their places, bases and qualities; and the
    reads that have gaps, with their CIGAR."""

    starts: list[int]
    texts: list[str]
    qualities: list[str]
    gapped: list[tuple]

    def add(self, start: int, text: str | None, quality: str | None) -> None:
        if text and quality:
            self.starts.append(start)
            self.texts.append(text)
            self.qualities.append(quality)


class Layout:
    """Positions of targets one after another."""

    def __init__(self, targets: dict[str, list[Interval]]):
        self.targets = targets  # merged, by contig
        sizes = [part.end - part.start for parts in targets.values() for part in parts]
        self.size = sum(sizes)
        first = iter(np.cumsum([0, *sizes]))
        self.starts = {contig: np.array([part.start for part in parts]) for contig, parts in targets.items()}
        self.ends = {contig: np.array([part.end for part in parts]) for contig, parts in targets.items()}
        self.offsets = {contig: np.array([next(first) for _ in parts]) for contig, parts in targets.items()}

    def within(self, contig: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """Start and end of each part of the targets in a stretch, and the number of its first position."""
        first = int(np.searchsorted(self.ends[contig], start, "right"))
        last = int(np.searchsorted(self.starts[contig], end, "left"))
        for at in range(first, last):
            left, right = max(start, self.starts[contig][at]), min(end, self.ends[contig][at])
            yield left, right, self.offsets[contig][at] + left - self.starts[contig][at]

    def holds(self, contig: str, position: int) -> bool:
        """Whether a position is in a target."""
        at = int(np.searchsorted(self.ends[contig], position, "right"))
        return at < len(self.ends[contig]) and position >= self.starts[contig][at]

    def number(self, contig: str, position: int) -> int:
        """Number of a position that is in a target."""
        at = int(np.searchsorted(self.ends[contig], position, "right"))
        return int(self.offsets[contig][at] + position - self.starts[contig][at])

    def places(self) -> Iterator[tuple[str, int]]:
        """Contig and position of each number."""
        for contig, parts in self.targets.items():
            yield from ((contig, position) for part in parts for position in range(part.start, part.end))


def count_alleles(cram: Path, fasta: Path, layout: Layout) -> Counts:
    """Of reads that a caller would use: primary, no duplicates, of mapping quality 20, bases of quality 20."""
    bases, indels = np.zeros((layout.size, 5), np.int64), Counter()
    with (
        pysam.AlignmentFile(str(cram), reference_filename=str(fasta), threads=1) as reads,
        pysam.FastaFile(str(fasta)) as reference,
    ):
        for contig, parts in layout.targets.items():
            for near in _near(reads.fetch(contig, parts[0].start, parts[-1].end)):
                _add(near, contig, layout, reference, bases)
                indels.update(_indels(near.gapped, contig, layout, reference))
    return Counts(bases[:, :4], indels)


def _near(reads: Iterable[pysam.AlignedSegment]) -> Iterator[Near]:
    """The reads that count, in lots of _READS or fewer."""
    near, number, first = Near([], [], [], []), 0, 0
    for read in reads:
        if read.flag & SKIPPED or read.mapping_quality < LEAST_MAPPING or not (cigar := read.cigartuples):
            continue
        start, number = read.reference_start, number + 1
        if number > _READS or start - first > _SPAN:
            yield near
            near, number, first = Near([], [], [], []), 1, start
        if len(cigar) == 1 and cigar[0][0] in _ALIGNED:
            near.add(start, read.query_sequence, read.qual)
        else:
            near.gapped.append((start, read.query_sequence, read.qual, cigar))
            _add_parts(near, *near.gapped[-1])
    yield near


def _add_parts(near: Near, position: int, sequence: str, quality: str, cigar: Sequence[tuple[int, int]]) -> None:
    at = 0
    for kind, length in cigar:
        if kind in _ALIGNED and sequence and quality:
            near.add(position, sequence[at : at + length], quality[at : at + length])
        at += length if kind in _IN_READ else 0
        position += length if kind in _IN_REFERENCE else 0


def _add(near: Near, contig: str, layout: Layout, reference: pysam.FastaFile, bases: np.ndarray) -> None:
    """Count the bases of stretches over the whole of their span, then those in targets.

    Nearly all are those of the reference: depth counts as these, and the others are moved from them."""
    starts, sizes = np.array(near.starts, int), np.array([*map(len, near.texts)], int)
    if not len(starts):
        return
    low, high = int(starts.min()), int((starts + sizes).max())
    usual = reference.fetch(contig, low, high).upper().ljust(high - low, "N")
    found = _depth(starts - low, sizes, _CODES[_bytes([usual])])
    expected = _bytes([usual[at : at + size] for at, size in zip((starts - low).tolist(), sizes.tolist(), strict=True)])
    seen, is_weak = _bytes(near.texts), _bytes(near.qualities) < LEAST_QUALITY + 33
    others = np.flatnonzero((seen != expected) | is_weak)
    ends = np.cumsum(sizes)  # of the stretches in `seen`
    stretch = np.searchsorted(ends, others, "right")
    keys = 5 * (others + (starts - low - ends + sizes)[stretch])
    np.subtract.at(found, keys + _CODES[expected[others]], 1)
    np.add.at(found, keys + np.where(is_weak[others], 4, _CODES[seen[others]]), 1)
    for left, right, number in layout.within(contig, low, high):
        bases[number : number + right - left] += found.reshape(-1, 5)[left - low : right - low]


def _depth(starts: np.ndarray, sizes: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Depth of each position as reads of its base in the reference, of which `codes` are given; five for a position."""
    steps = np.bincount(starts, minlength=len(codes) + 1) - np.bincount(starts + sizes, minlength=len(codes) + 1)
    found = np.zeros((len(codes), 5), np.int64)
    found[np.arange(len(codes)), codes] = np.cumsum(steps)[:-1]
    return found.reshape(-1)


def _bytes(texts: Iterable[str]) -> np.ndarray:
    """Characters of texts, one after another."""
    return np.frombuffer("".join(texts).encode(), np.uint8)


def _indels(batch: Sequence[tuple], contig: str, layout: Layout, reference: pysam.FastaFile) -> Iterator[Indel]:
    """Insertions and deletions inside the targets, as the aligner placed them: to the left."""
    for start, sequence, _, cigar in batch:
        at, position = 0, start
        for kind, length in cigar:
            if kind in (_INSERTION, _DELETION) and start < position and layout.holds(contig, position - 1):
                before = reference.fetch(contig, position - 1, position + (length if kind == _DELETION else 0)).upper()
                added = sequence[at : at + length] if kind == _INSERTION and sequence else ""
                yield contig, position - 1, before, before[0] + added
            at += length if kind in _IN_READ else 0
            position += length if kind in _IN_REFERENCE else 0
