"""What is read of a sample before its variants: stutter rates, from reads at repeats of the reference, and the usual
depth. Coordinates are 0-based half-open."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from statistics import median
from typing import NamedTuple

import pysam

from gms.genome.intervals import Interval
from gms.variants.evidence.observe import is_evidence
from gms.variants.evidence.reads import DELETION, INSERTION, SKIP, SOFT_CLIP
from gms.variants.evidence.stutter import Repeat, Stutter, fit, repeats

BLOCK = 50_000  # bases read at once
MOST_BASES = 2_000_000  # read in all, spread evenly: some 3 processor seconds at 30 x
FLANK = 5  # bases on both sides of a repeat that a read must show
MIN_READS = 8  # that show a repeat
WINDOW = 100  # bases over which depth is averaged


class Sample(NamedTuple):
    """Stutter rates and median depth (reads, over windows that have any; None without reads)."""

    stutter: Stutter
    depth: float | None


def estimate(
    alignment: pysam.AlignmentFile, reference: pysam.FastaFile, asked: Iterable[tuple[str, Interval]]
) -> Sample:
    """Estimates from the intervals that are asked for, by contig."""
    sites: list[tuple[Repeat, Counter[int]]] = []
    depths: list[float] = []
    for contig, (start, end) in chosen(asked):
        found = repeats(reference.fetch(contig, start, end).upper(), start)
        bases: Counter[int] = Counter()
        sites += zip(found, changes(alignment.fetch(contig, start, end), found, bases), strict=True)
        depths += (number / WINDOW for number in bases.values())
    stutter = fit((repeat, seen) for repeat, seen in sites if seen.total() >= MIN_READS)
    return Sample(stutter, median(depths) if depths else None)


def chosen(asked: Iterable[tuple[str, Interval]]) -> Iterator[tuple[str, Interval]]:
    """Every n-th block of the intervals, about MOST_BASES in all."""
    blocks = [
        (contig, Interval(low, min(end, low + BLOCK)))
        for contig, (start, end) in asked
        for low in range(start, end, BLOCK)
    ]
    total = sum(end - start for _, (start, end) in blocks)
    return iter(blocks[:: max(1, total // MOST_BASES)])


def changes(reads: Iterable[pysam.AlignedSegment], found: Sequence[Repeat], bases: Counter[int]) -> list[Counter[int]]:
    """For each repeat (by start) how many reads show it with how many bases more or less than the reference has.
    Counts in `bases` what reads cover, by the window in which they begin."""
    starts = [repeat.start for repeat in found]
    counts: list[Counter[int]] = [Counter() for _ in found]
    for read in reads:
        cigar = read.cigartuples
        if not cigar or not is_evidence(read):
            continue
        start, end = read.reference_start, read.reference_end
        bases[start // WINDOW] += end - start
        first, last = start + FLANK, end - FLANK
        for index in range(bisect_left(starts, first), bisect_left(starts, last)):
            if found[index].end <= last:
                counts[index][change(cigar, start, found[index]) if len(cigar) > 1 else 0] += 1
    return counts


def change(cigar: Iterable[tuple[int, int]], pos: int, repeat: Repeat) -> int:
    """Bases that a CIGAR from 0-based `pos` inserts into a repeat or next to it, less those that it deletes."""
    total = 0
    for operation, length in cigar:
        if operation == INSERTION:
            total += length if repeat.start <= pos <= repeat.end else 0
        elif operation in (DELETION, SKIP):
            total -= length if pos <= repeat.end and pos + length >= repeat.start else 0
            pos += length
        elif operation != SOFT_CLIP:
            pos += length
    return total
