"""Fills loci with the fragments of an alignment file, the same way whichever caller proposed the alleles."""

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

import pysam

from gms.genome.intervals import Interval
from gms.variants.evidence.loci import Locus

MIN_MAPPING_QUALITY = 20  # as for the callers
SKIPPED = pysam.FUNMAP | pysam.FSECONDARY | pysam.FQCFAIL | pysam.FDUP | pysam.FSUPPLEMENTARY
FETCH_GAP = 20_000  # bases; each fetch decodes a CRAM slice from its start: 10,000 reads, 50,000 bases at 30 x


class Collector(Protocol):
    """Something that also needs the reads of its intervals (0-based half-open, sorted)."""

    intervals: Sequence[Interval]

    def add(self, read: pysam.AlignedSegment) -> None: ...


def observe(
    alignment: pysam.AlignmentFile, contig: str, loci: Iterable[Locus], collector: Collector | None = None
) -> None:
    """Fill the fragments of loci (sorted by start) in one pass. Mates count once, and not at all if they disagree."""
    for (low, high), group in stretches(loci, collector.intervals if collector else ()):
        first = 0
        starts, ends = [*(locus.start for locus in group), math.inf], [*(locus.end for locus in group), math.inf]
        for read in alignment.fetch(contig, low, high):
            if collector:
                collector.add(read)
            start = read.reference_start
            while ends[first] <= start:
                first += 1
            end = read.reference_end  # None of an unmapped read, which lies where its mate does
            if end is None or starts[first] >= end or not is_evidence(read):
                continue
            index = first
            while starts[index] < end:
                add(group[index], read)
                index += 1


def is_evidence(read: pysam.AlignedSegment) -> bool:
    return not read.flag & SKIPPED and read.mapping_quality >= MIN_MAPPING_QUALITY


def add(locus: Locus, read: pysam.AlignedSegment) -> None:
    """One observation a fragment: mates that disagree cancel out; at an indel, one that cannot tell yields. What either
    shows far from its end is not the error of a read's end: in an amplicon all ends are at the same bases."""
    seen = locus.observe(read)
    if seen is None:
        return
    name = read.query_name
    mate = locus.fragments.get(name, seen)
    if mate is not None and mate is not seen and mate.best != seen.best:
        undecided = not locus.counts_other and None in (mate.best, seen.best)
        mate = (seen if mate.best is None else mate) if undecided else None
    elif mate is not None and seen.end_distance > mate.end_distance:
        mate = mate._replace(end_distance=seen.end_distance)
    locus.fragments[name] = mate


def stretches(loci: Iterable[Locus], intervals: Iterable[Interval]) -> Iterator[tuple[Interval, list[Locus]]]:
    """What is near enough to be read in one pass, with the loci in it: random access costs a whole CRAM slice."""
    asked: list[tuple[int, int, Locus | None]] = [(locus.start, locus.end, locus) for locus in loci]
    asked += [(start, end, None) for start, end in intervals]
    group: list[Locus] = []
    here = None
    for start, end, locus in sorted(asked, key=start_and_end):
        if here and start - here.end > FETCH_GAP:
            yield here, group
            here, group = None, []
        here = Interval(here.start, max(here.end, end)) if here else Interval(start, end)
        if locus:
            group.append(locus)
    if here:
        yield here, group


def start_and_end(asked: tuple[int, int, Locus | None]) -> tuple[int, int]:
    return asked[:2]
