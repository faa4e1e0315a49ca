"""Fills loci with the fragments of an alignment file, the same way whichever caller proposed the alleles, and takes
those of SNVs that a long allele explains."""

import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

import pysam

from gms.genome.intervals import Interval
from gms.variants.evidence.edges import OVERRUN
from gms.variants.evidence.indel_loci import IndelLocus
from gms.variants.evidence.loci import Locus, SnvLocus

MIN_MAPPING_QUALITY = 20  # as for the callers
# Flags of reads that are no evidence.
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


def withdraw_explained(loci: Iterable[Locus]) -> None:
    """Take the fragments that fit a haplotype with a long insertion or deletion exactly from the SNVs in it, and those
    whose alignment ends beyond it from the SNVs there, unless the fragments that go on have them, too. In those
    haplotypes these bases are the reference's. Loci are sorted by start."""
    loci = list(loci)
    snvs = [locus for locus in loci if isinstance(locus, SnvLocus)]
    starts = [snv.start for snv in snvs]
    for long in (locus for locus in loci if isinstance(locus, IndelLocus) and locus.edges):
        names = {name for name, seen in long.fragments.items() if seen and seen.best and not min(seen.distances)}
        low, high = bisect_left(starts, long.start - OVERRUN), bisect_left(starts, long.end + OVERRUN)
        for snv in snvs[low:high]:
            is_inside = long.start <= snv.start < long.end
            ending = names if is_inside else names & long.edges.ending[snv.start >= long.end]
            further = [seen.best for name in names - ending if (seen := snv.fragments.get(name))]
            if 2 * sum(best != 0 for best in further) <= len(further):
                others = (name for name in ending if (seen := snv.fragments.get(name)) and seen.best != 0)
                snv.fragments |= dict.fromkeys(others)
            if is_inside:
                withdraw_copied(long, snv)


def withdraw_copied(long: IndelLocus, snv: SnvLocus) -> None:
    """Take from an SNV that one copy in a long insertion has the fragments of the insertion, and those that do not tell
    it from the reference, unless those of the reference have the SNV half as often. Where fewer than a tenth of the
    insertion's show the other base, all copies have it: it is an SNV of its molecules."""
    if not any(has_copy(long, number, snv) for number in range(len(long.alleles))):
        return
    carried = {name: seen.best != 0 for name, seen in snv.fragments.items() if seen}
    best = {name: seen.best for name in carried if (seen := long.fragments.get(name))}
    usual = [carried[name] for name, haplotype in best.items() if haplotype == 0]
    own = [carried[name] for name, haplotype in best.items() if haplotype]
    undecided = carried.keys() - best.keys()
    is_rare = 2 * sum(usual) * len(undecided) < sum(carried[name] for name in undecided) * len(usual)
    if is_rare and 10 * own.count(False) >= len(own) > 0:
        snv.fragments |= dict.fromkeys([*undecided, *(name for name in best if carried[name] and best[name] != 0)])


def has_copy(long: IndelLocus, number: int, snv: SnvLocus) -> bool:
    """Whether a copy of the base of an SNV, which lies within the locus, is an alternate one in a long insertion."""
    more, at, whole = len(long.alleles[number].alt) - 1, snv.start - long.start, long.haplotypes[number + 1]
    copies = whole[at : at + 1] + whole[at + more : at + more + 1]
    return more > 0 and any(allele.alt in copies for allele in snv.alleles)
