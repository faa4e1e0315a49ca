"""Loci: neighbouring alleles that must be judged together. SNVs are judged base by base, indels by their haplotypes.

Coordinates are 0-based half-open.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter

import pysam

from gms.genome.alleles import Allele, copy_span
from gms.variants.evidence.indel_loci import FLANK, MAX_ALLELES_PAIRED, IndelLocus
from gms.variants.evidence.likelihoods import MIN_ERROR
from gms.variants.evidence.reads import MIN_BASE_QUALITY, UNFIT, Observation, query_position, strands_of
from gms.variants.evidence.stutter import PRIOR_STUTTER, Stutter


class SnvLocus:
    """One reference base and its alternates. Haplotype 0 is the reference; any other base fits none, but is seen.
    `error`: probability, 0-1, of a wrong base whatever its quality says."""

    counts_other = True
    error = MIN_ERROR

    def __init__(self, alleles: list[Allele]):
        self.alleles = alleles
        self.start, self.end = alleles[0].pos, alleles[0].pos + 1
        self.carried = [(), *((index,) for index in range(len(alleles)))]
        bases = [alleles[0].ref, *(allele.alt for allele in alleles)]
        self.distances = {base: tuple(int(base != other) for other in bases) for base in bases}
        self.unfit = (UNFIT,) * len(bases)
        self.fragments: dict[str, Observation | None] = {}

    def observe(self, read: pysam.AlignedSegment) -> Observation | None:
        index = query_position(read, self.start)
        if index is None or (quality := read.query_qualities[index]) < MIN_BASE_QUALITY:
            return None
        distances = self.distances.get(read.query_sequence[index], self.unfit)
        end = min(index, read.query_length - 1 - index)
        return Observation(distances, quality, read.mapping_quality, strands_of(read), end)

    def shown(self, seen: Observation) -> tuple[int, ...]:
        """Alleles (indices) that a fragment shows."""
        best = seen.best
        return self.carried[best] if best is not None else ()


Locus = SnvLocus | IndelLocus


def loci(alleles: Iterable[Allele], sequence: str, offset: int, stutter: Stutter = PRIOR_STUTTER) -> Iterator[Locus]:
    """Group alleles of one contig into loci of a sample, in order of their start."""
    alleles = sorted(alleles)
    snvs = groupby((allele for allele in alleles if allele.is_snv), key=lambda allele: allele.pos)
    found: list[Locus] = [SnvLocus(list(group)) for _, group in snvs]
    indels = ((allele, *copy_span(allele, sequence, offset)) for allele in alleles if not allele.is_snv)
    groups = near(overlapping(sorted(indels, key=itemgetter(1, 2))))
    found += [IndelLocus(*group, sequence, offset, stutter) for group in groups]
    return iter(sorted(found, key=lambda locus: (locus.start, locus.end)))


def near(groups: Iterable[tuple[list[Allele], int, int]]) -> Iterator[tuple[list[Allele], int, int]]:
    """Groups of which one reaches into the flank of the next are one, if all their pairs can be haplotypes: a read with
    changes of both shows neither group as one of its own haplotypes."""
    group: list[Allele] = []
    start = end = 0
    for alleles, low, high in groups:
        if group and (low >= end + FLANK or len(group) + len(alleles) > MAX_ALLELES_PAIRED):
            yield group, start, end
            group = []
        start, end = (start, max(end, high)) if group else (low, high)
        group = group + alleles
    if group:
        yield group, start, end


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
