"""Loci: neighbouring alleles that must be judged together, and which of their haplotypes each fragment fits.

SNVs are judged base by base. Indels whose possible placements overlap share one locus: its haplotypes are the
reference, each allele alone and, for few alleles, each compatible pair. A read that covers the whole stretch is
compared with every haplotype, so neither the aligner's placement nor its soft clips decide. Coordinates are 0-based
half-open.
"""

from collections.abc import Iterable, Iterator
from itertools import combinations, groupby
from typing import NamedTuple

import edlib
import pysam

from gms.genome.alleles import Allele, repeat_length, span

MIN_BASE_QUALITY = 15  # as for the callers: at most 3 % errors
FLANK = 3  # reference bases on both sides that a read must show besides the stretch itself
MAX_ALLELES_PAIRED = 4  # pairs grow with the square of the alleles; more than four are repeats that no caller settles
MAX_MISFIT = 10  # a read with more than one difference in ten bases lies elsewhere
MIN_LEAD = 2  # differences by which a read that does not span a locus must prefer a haplotype: one may be an error
UNFIT = 99  # distance of a base that is in no haplotype
MATCH, INSERTION, DELETION, SKIP, SOFT_CLIP, EQUAL, DIFFERENT = 0, 1, 2, 3, 4, 7, 8


class Observation(NamedTuple):
    """What one read says: its distance to each haplotype of the locus (edits), and how far it can be trusted."""

    distances: tuple[int, ...]
    base_quality: int
    mapping_quality: int
    reverse: bool
    end_distance: int

    @property
    def best(self) -> int | None:
        """Index of the haplotype the read fits better than any other; None when it cannot tell."""
        least = min(self.distances)
        return self.distances.index(least) if least < UNFIT and self.distances.count(least) == 1 else None


def query_position(read: pysam.AlignedSegment, target: int) -> int | None:
    """Index into the read of the base aligned to 0-based reference `target`; None where none is aligned there."""
    reference, query = read.reference_start, 0
    for operation, length in read.cigartuples:
        if operation in (MATCH, EQUAL, DIFFERENT):
            if target < reference + length:
                return query + target - reference if target >= reference else None
            reference, query = reference + length, query + length
        elif operation in (INSERTION, SOFT_CLIP):
            query += length
        elif operation in (DELETION, SKIP):
            if target < reference + length:
                return None
            reference += length
    return None


class SnvLocus:
    """One reference base and its alternates. Haplotype 0 is the reference; any other base fits none, but is seen."""

    counts_other = True

    def __init__(self, alleles: list[Allele]):
        self.alleles = alleles
        self.start, self.end = alleles[0].pos, alleles[0].pos + 1
        self.carried = [(), *((index,) for index in range(len(alleles)))]
        bases = [alleles[0].ref, *(allele.alt for allele in alleles)]
        self.distances = {base: tuple(int(base != other) for other in bases) for base in bases}
        self.unfit = (UNFIT,) * len(bases)
        self.repeat = 0
        self.fragments: dict[str, Observation | None] = {}

    def observe(self, read: pysam.AlignedSegment) -> Observation | None:
        index = query_position(read, self.start)
        if index is None or (quality := read.query_qualities[index]) < MIN_BASE_QUALITY:
            return None
        distances = self.distances.get(read.query_sequence[index], self.unfit)
        end = min(index, read.query_length - 1 - index)
        return Observation(distances, quality, read.mapping_quality, read.is_reverse, end)


class IndelLocus:
    """Indels that can be placed over each other; `sequence` is the contig from 0-based `offset`. `paired`: two of the
    alleles can also be on one chromosome."""

    counts_other = False

    def __init__(self, alleles: list[Allele], start: int, end: int, sequence: str, offset: int, paired: bool = True):
        self.alleles, self.sequence, self.offset = alleles, sequence, offset
        self.start, self.end = max(offset, start - FLANK), min(offset + len(sequence), end + FLANK)
        self.carried: list[tuple[int, ...]] = [(), *((index,) for index in range(len(alleles)))]
        self.carried += compatible_pairs(alleles) if paired else []
        self.haplotypes = [self.haplotype(carried, self.start, self.end) for carried in self.carried]
        self.longest = max(map(len, self.haplotypes))
        self.repeat = max(repeat_length(allele, sequence, offset) for allele in alleles)
        self.fragments: dict[str, Observation | None] = {}

    def haplotype(self, carried: Iterable[int], start: int, end: int) -> str:
        """Sequence of the reference interval with the carried alleles put in."""
        text, here = "", start
        for allele in sorted(self.alleles[index] for index in carried):
            text += self.sequence[here - self.offset : allele.pos - self.offset] + allele.alt
            here = allele.pos + len(allele.ref)
        return text + self.sequence[here - self.offset : end - self.offset]

    def observe(self, read: pysam.AlignedSegment) -> Observation | None:
        left, right = query_position(read, self.start), query_position(read, self.end - 1)
        if left is None and right is None:
            return None
        sequence = read.query_sequence
        if left is not None and right is not None:
            margins = left - read.query_alignment_start, read.query_alignment_end - 1 - right
            distances = self.spanning(sequence, left, right, margins)
        else:
            distances = self.partial(sequence, left, right)
        if distances is None:
            return None
        first, last = left if left is not None else 0, right if right is not None else read.query_length - 1
        qualities = read.query_qualities[first : last + 1]
        end = min(last, read.query_length - 1 - first)
        return Observation(distances, sum(qualities) // len(qualities), read.mapping_quality, read.is_reverse, end)

    def spanning(self, sequence: str, left: int, right: int, margins: tuple[int, int]) -> tuple[int, ...]:
        """Distances of a read aligned on both sides. One that fits no haplotype exactly may still end in an insertion
        that its alignment does not show, so what lies beyond is asked first. One with no more aligned bases beyond the
        locus (`margins`, left and right) than the longest haplotype has more inside may end in that haplotype, whatever
        its alignment makes of it: the bases of an insertion often look like the reference with a small change."""
        segment = sequence[left : right + 1]
        if segment not in self.haplotypes:
            beyond = self.partial(sequence, left, None) or self.partial(sequence, None, right)
            if beyond:
                return beyond
        distances = tuple(edlib.align(segment, haplotype)["editDistance"] for haplotype in self.haplotypes)
        missing = self.longest - len(segment)
        if margins[0] <= missing:
            distances = tuple(map(min, distances, self.mismatches(sequence, None, right)))
        if margins[1] <= missing:
            distances = tuple(map(min, distances, self.mismatches(sequence, left, None)))
        return distances

    def partial(self, sequence: str, left: int | None, right: int | None) -> tuple[int, ...] | None:
        """Distances of a read that enters from one side and ends or is clipped inside; None unless MIN_LEAD decides."""
        distances = self.mismatches(sequence, left, right)
        first, second = sorted(distances)[:2]
        reach = len(sequence) - left if left is not None else right + 1
        return None if second - first < MIN_LEAD or first * MAX_MISFIT > reach else distances

    def mismatches(self, sequence: str, left: int | None, right: int | None) -> tuple[int, ...]:
        """Differences between each haplotype and the read from its first or up to its last base inside the locus."""
        reach = len(sequence)
        if left is not None:
            tail = sequence[left:]
            ends = [self.haplotype(carried, self.start, self.end + reach) for carried in self.carried]
        else:
            tail = sequence[right::-1]
            start = max(self.offset, self.start - reach)
            ends = [self.haplotype(carried, start, self.end)[::-1] for carried in self.carried]
        return tuple(sum(map(str.__ne__, tail, end)) for end in ends)


Locus = SnvLocus | IndelLocus


def compatible_pairs(alleles: list[Allele]) -> list[tuple[int, int]]:
    """Pairs of alleles that one chromosome can carry: they change different bases."""
    if len(alleles) > MAX_ALLELES_PAIRED:
        return []
    pairs = combinations(range(len(alleles)), 2)
    return [(i, j) for i, j in pairs if apart(alleles[i], alleles[j])]


def apart(a: Allele, b: Allele) -> bool:
    return a.pos + len(a.ref) <= b.pos or b.pos + len(b.ref) <= a.pos


def loci(alleles: Iterable[Allele], sequence: str, offset: int) -> Iterator[Locus]:
    """Group alleles of one contig into loci, in order of their start."""
    alleles = sorted(alleles)
    snvs = groupby((allele for allele in alleles if allele.is_snv), key=lambda allele: allele.pos)
    found: list[Locus] = [SnvLocus(list(group)) for _, group in snvs]
    indels = ((allele, *span(allele, sequence, offset)) for allele in alleles if not allele.is_snv)
    found += [IndelLocus(*group, sequence, offset) for group in overlapping(indels)]
    return iter(sorted(found, key=lambda locus: (locus.start, locus.end)))


def overlapping(spans: Iterable[tuple[Allele, int, int]]) -> Iterator[tuple[list[Allele], int, int]]:
    """Alleles whose intervals, sorted by start, overlap, with the interval of all of them."""
    group: list[Allele] = []
    start = end = 0
    for allele, low, high in spans:
        if group and low >= end:
            yield group, start, end
            group = []
        start, end = (start, max(end, high)) if group else (low, high)
        group.append(allele)
    if group:
        yield group, start, end
