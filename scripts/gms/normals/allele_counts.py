"""Reads of each base at each position of the targets, and of indels, in one pass over a file. Coordinates 0-based
half-open."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pysam

from gms.genome.intervals import Interval

BASES = "ACGT"
LEAST_QUALITY, LEAST_MAPPING = 20, 20  # of a base and of a read, phred
SKIPPED = pysam.FUNMAP | pysam.FSECONDARY | pysam.FQCFAIL | pysam.FDUP | pysam.FSUPPLEMENTARY
_BATCH = 50_000  # reads
_CODES = np.full(256, 4, np.uint8)
_CODES[[ord(base) for base in BASES]] = range(4)
_INSERTION, _DELETION = 1, 2  # CIGAR operations
_ALIGNED, _IN_READ, _IN_REFERENCE = (0, 7, 8), (0, 1, 4, 7, 8), (0, 2, 3, 7, 8)

Indel = tuple[str, int, str, str]  # contig, position of the base before, REF, ALT


class Counts(NamedTuple):
    """`bases`: reads of A, C, G and T by position of the targets, in their order; `indels`: reads of each."""

    bases: np.ndarray
    indels: Counter


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

    def parts(self, contig: str, places: np.ndarray, sizes: np.ndarray) -> Iterator[tuple[np.ndarray, ...]]:
        """What lies in targets of stretches whose bases stand one after another in a text: the number of the first
        position, its place in the text, and the length. A stretch over several targets is in several of the results."""
        texts, starts, ends = np.cumsum(sizes) - sizes, places, places + sizes
        while len(starts):
            at = np.searchsorted(self.ends[contig], starts, "right")  # the first target that ends behind the start
            known = at < len(self.ends[contig])
            at, texts, starts, ends = at[known], texts[known], starts[known], ends[known]
            left, right = np.maximum(starts, self.starts[contig][at]), np.minimum(ends, self.ends[contig][at])
            inside = right > left
            numbers = self.offsets[contig][at] + left - self.starts[contig][at]
            if inside.any():
                yield numbers[inside], (texts + left - starts)[inside], (right - left)[inside]
            left_over = ends > self.ends[contig][at]
            texts = (texts + self.ends[contig][at] - starts)[left_over]
            starts, ends = self.ends[contig][at][left_over], ends[left_over]

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
    bases, indels = np.zeros(layout.size * 5, np.int64), Counter()
    with (
        pysam.AlignmentFile(str(cram), reference_filename=str(fasta), threads=1) as reads,
        pysam.FastaFile(str(fasta)) as reference,
    ):
        for contig, parts in layout.targets.items():
            usable = _usable(reads.fetch(contig, parts[0].start, parts[-1].end))
            while batch := list(islice(usable, _BATCH)):
                _add(batch, contig, layout, bases)
                with_indels = [read for read in batch if len(read[3]) > 1]
                indels.update(_indels(with_indels, contig, layout, reference))
    return Counts(bases.reshape(-1, 5)[:, :4], indels)


def _usable(reads) -> Iterator[tuple]:
    """Start, bases, qualities and CIGAR of the reads that count."""
    for read in reads:
        if not read.flag & SKIPPED and read.mapping_quality >= LEAST_MAPPING and (cigar := read.cigartuples):
            yield read.reference_start, read.query_sequence, read.qual, cigar


def _add(batch: Sequence[tuple], contig: str, layout: Layout, bases: np.ndarray) -> None:
    """Count the bases of stretches that are aligned without gaps."""
    stretches = [part for read in batch for part in _stretches(*read)]
    if not stretches:
        return
    places, texts, qualities = zip(*stretches, strict=True)
    codes = _CODES[np.frombuffer("".join(texts).encode(), np.uint8)]
    codes[np.frombuffer("".join(qualities).encode(), np.uint8) < LEAST_QUALITY + 33] = 4
    sizes = np.array(list(map(len, texts)))
    for numbers, texts_at, lengths in layout.parts(contig, np.array(places), sizes):
        shift = np.repeat(np.cumsum(lengths) - lengths, lengths)
        steps = np.arange(lengths.sum()) - shift
        low = int(numbers.min())  # reads of a batch are next to each other: their counts are few
        keys = (np.repeat(numbers - low, lengths) + steps) * 5 + codes[np.repeat(texts_at, lengths) + steps]
        found = np.bincount(keys)
        bases[5 * low : 5 * low + len(found)] += found


def _stretches(start: int, sequence: str | None, quality: str | None, cigar: Sequence) -> Iterator[tuple]:
    """Place, bases and qualities of each part of a read that is aligned without a gap."""
    at, position = 0, start
    for kind, length in cigar if sequence and quality else ():
        if kind in _ALIGNED:
            yield position, sequence[at : at + length], quality[at : at + length]
        at += length if kind in _IN_READ else 0
        position += length if kind in _IN_REFERENCE else 0


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
