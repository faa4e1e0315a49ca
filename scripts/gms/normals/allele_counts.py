"""What a normal shows: reads of each base at each position of the targets, and of indels, in one pass over a file; and
the alleles of its calls. Coordinates 0-based half-open."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pysam

from gms.genome.intervals import Interval
from gms.genome.vcf import info_value, known, open_vcf, read_header, sample_values, samples_of
from gms.normals.members import Normal

BASES = "ACGT"
LEAST_QUALITY, LEAST_MAPPING = 20, 20  # of a base and of a read, phred
SKIPPED = pysam.FUNMAP | pysam.FSECONDARY | pysam.FQCFAIL | pysam.FDUP | pysam.FSUPPLEMENTARY
LEAST_DEPTH = 100  # reads of a normal, to tell anything of an allele at a fraction of a few per cent
LEAST_READS, LEAST_FRACTION = 3, 0.002  # of an allele in a carrier: chance errors give three of 500 reads in 1 of 1,400
INHERITED = 0.25  # fraction of a heterozygous allele, less what capture and alignment take from it
_BATCH = 5_000  # reads
_SPAN = 1_000_000  # bases of the genome in which stretches are counted together
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
    """Alleles of the merged calls of a case that a sample shows."""
    with open_vcf(merged) as lines:
        column = 9 + samples_of(read_header(lines)).index(sample)
        for fields in (line.rstrip("\n").split("\t") for line in lines):
            values = known(sample_values(fields[8], fields[column]))
            reads, depth = int(values.get("AD", "0").rpartition(",")[2]), int(values.get("DP", "0"))
            if reads and (callers := info_value(fields[7], "CALLERS")):
                of_allele = tuple(callers.split(",")), float(values.get("AF", reads / depth)), reads, depth
                yield (fields[0], int(fields[1]) - 1, fields[3], fields[4]), Called(*of_allele)


def carries(reads: np.ndarray | int, depth: np.ndarray | int) -> np.ndarray | bool:
    """Whether each normal carries an allele as an error does."""
    enough = (depth >= LEAST_DEPTH) & (reads >= LEAST_READS)
    return enough & (reads >= LEAST_FRACTION * depth) & (reads < INHERITED * depth)


def calls_of(normals: Iterable[Normal]) -> dict[Indel, list[Called]]:
    """What the calls of normals say of the alleles that a normal carries as an error."""
    found: dict[Indel, list[Called]] = {}
    for normal in normals:
        if (merged := normal.path("merged")).is_file():
            for allele, called in called_alleles(merged, normal.name):
                if carries(called.reads, called.depth) and called.fraction < INHERITED:
                    found.setdefault(allele, []).append(called)
    return found


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
            usable = _usable(reads.fetch(contig, parts[0].start, parts[-1].end))
            while batch := list(islice(usable, _BATCH)):
                for _, near in groupby(_stretches(batch), key=lambda stretch: stretch[0] // _SPAN):
                    _add(list(near), contig, layout, bases)
                with_indels = [read for read in batch if len(read[3]) > 1]
                indels.update(_indels(with_indels, contig, layout, reference))
    return Counts(bases[:, :4], indels)


def _usable(reads) -> Iterator[tuple]:
    """Start, bases, qualities and CIGAR of the reads that count."""
    for read in reads:
        if not read.flag & SKIPPED and read.mapping_quality >= LEAST_MAPPING and (cigar := read.cigartuples):
            yield read.reference_start, read.query_sequence, read.qual, cigar


def _stretches(batch: Sequence[tuple]) -> Iterator[tuple]:
    """Place, bases and qualities of each part of a read that is aligned without a gap."""
    for start, sequence, quality, cigar in batch:
        if not sequence or not quality:
            continue
        if len(cigar) == 1 and cigar[0][0] in _ALIGNED:
            yield start, sequence, quality
            continue
        at, position = 0, start
        for kind, length in cigar:
            if kind in _ALIGNED:
                yield position, sequence[at : at + length], quality[at : at + length]
            at += length if kind in _IN_READ else 0
            position += length if kind in _IN_REFERENCE else 0


def _add(stretches: Sequence[tuple], contig: str, layout: Layout, bases: np.ndarray) -> None:
    """Count the bases of stretches that are near each other: over the whole of their span, then those in targets."""
    places, texts, qualities = zip(*stretches, strict=True)
    codes = _CODES[np.frombuffer("".join(texts).encode(), np.uint8)]
    codes[np.frombuffer("".join(qualities).encode(), np.uint8) < LEAST_QUALITY + 33] = 4
    starts, sizes = np.array(places), np.array([*map(len, texts)])
    low, high = int(starts.min()), int((starts + sizes).max())
    before = np.cumsum(sizes) - sizes  # bases of the stretches before, of which `codes` has one after another
    keys = np.repeat(5 * (starts - low - before), sizes) + np.arange(0, 5 * len(codes), 5)
    keys += codes
    found = np.bincount(keys, minlength=5 * (high - low)).reshape(-1, 5)
    for left, right, number in layout.within(contig, low, high):
        bases[number : number + right - left] += found[left - low : right - low]


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
