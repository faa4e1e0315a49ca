"""Reads at repeats of the reference, from which the stutter rates of a sample are estimated. Coordinates are 0-based
half-open."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import pysam

from gms.genome.intervals import Interval
from gms.variants.evidence.observe import is_evidence
from gms.variants.evidence.reads import DELETION, INSERTION, SKIP, SOFT_CLIP
from gms.variants.evidence.stutter import Repeat, Stutter, fit, repeats

BLOCK = 50_000  # bases read at once
MOST_BASES = 2_000_000  # read in all, spread evenly: some 3 processor seconds at 30 x
FLANK = 5  # bases on both sides of a repeat that a read must show
MIN_READS = 8  # that show a repeat


def estimate_stutter(
    alignment: pysam.AlignmentFile, reference: pysam.FastaFile, asked: Iterable[tuple[str, Interval]]
) -> Stutter:
    """Stutter rates of a sample, from repeats in the intervals that are asked for, by contig."""
    sites: list[tuple[Repeat, Counter[int]]] = []
    for contig, (start, end) in chosen(asked):
        found = repeats(reference.fetch(contig, start, end).upper(), start)
        sites += zip(found, changes(alignment.fetch(contig, start, end), found), strict=True)
    return fit((repeat, seen) for repeat, seen in sites if seen.total() >= MIN_READS)


def chosen(asked: Iterable[tuple[str, Interval]]) -> Iterator[tuple[str, Interval]]:
    """Every n-th block of the intervals, about MOST_BASES in all."""
    blocks = [
        (contig, Interval(low, min(end, low + BLOCK)))
        for contig, (start, end) in asked
        for low in range(start, end, BLOCK)
    ]
    total = sum(end - start for _, (start, end) in blocks)
    return iter(blocks[:: max(1, total // MOST_BASES)])


def changes(reads: Iterable[pysam.AlignedSegment], found: Sequence[Repeat]) -> list[Counter[int]]:
    """For each repeat (by start) how many reads show it with how many bases more or less than the reference has."""
    starts = [repeat.start for repeat in found]
    counts: list[Counter[int]] = [Counter() for _ in found]
    for read in reads:
        cigar = read.cigartuples
        if not cigar or not is_evidence(read):
            continue
        first, last = read.reference_start + FLANK, read.reference_end - FLANK
        for index in range(bisect_left(starts, first), bisect_left(starts, last)):
            if found[index].end <= last:
                counts[index][change(cigar, read.reference_start, found[index]) if len(cigar) > 1 else 0] += 1
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
