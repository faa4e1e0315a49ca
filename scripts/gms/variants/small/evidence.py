"""Counts fragments at loci and genotypes from them, the same way whichever caller proposed the allele."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations_with_replacement
from typing import NamedTuple

import pysam

from gms.variants.small.likelihoods import MAX_BASE_QUALITY
from gms.variants.small.loci import UNFIT, Locus, Observation, SnvLocus

MIN_MAPPING_QUALITY = 20  # as for the callers
SKIPPED = pysam.FUNMAP | pysam.FSECONDARY | pysam.FQCFAIL | pysam.FDUP | pysam.FSUPPLEMENTARY
FETCH_GAP = 20_000  # bases; each fetch decodes a CRAM slice from its start: 10,000 reads, 50,000 bases at 30 x
MAX_QUALITY = 99  # phred; two digits, as GATK writes GQ
EXTENSION = math.log10(0.3)  # each further edit, given that a read already differs: errors in indels come together
OUTLIER = -3.0  # one read in a thousand is misplaced or chimeric, however badly it fits


class Genotype(NamedTuple):
    """Copies of each allele in a diploid sample, their phred quality, each allele's phred support over absence."""

    copies: tuple[int, ...]
    quality: int
    support: tuple[int, ...]


def observe(alignment: pysam.AlignmentFile, contig: str, loci: Iterable[Locus]) -> None:
    """Fill the fragments of loci (sorted by start) in one pass. Mates count once, and not at all if they disagree."""
    for group in clusters(loci):
        first = 0
        last = len(group)
        for read in alignment.fetch(contig, group[0].start, max(locus.end for locus in group)):
            start = read.reference_start
            while first < last and group[first].end <= start:
                first += 1
            end = read.reference_end  # None of an unmapped read, which lies where its mate does
            if end is None or first == last or group[first].start >= end or not is_evidence(read):
                continue
            for index in range(first, last):
                if group[index].start >= end:
                    break
                add(group[index], read)


def is_evidence(read: pysam.AlignedSegment) -> bool:
    return not read.flag & SKIPPED and read.mapping_quality >= MIN_MAPPING_QUALITY


def add(locus: Locus, read: pysam.AlignedSegment) -> None:
    """One observation a fragment: mates that disagree cancel out; at an indel, one that cannot tell yields."""
    seen = locus.observe(read)
    if seen is None:
        return
    mate = locus.fragments.get(read.query_name, seen)
    if mate is not None and mate.best != seen.best:
        undecided = not locus.counts_other and None in (mate.best, seen.best)
        mate = (seen if mate.best is None else mate) if undecided else None
    locus.fragments[read.query_name] = mate


def clusters(loci: Iterable[Locus]) -> Iterator[list[Locus]]:
    """Groups of loci near enough to be read in one pass: random access costs a whole CRAM slice."""
    group: list[Locus] = []
    for locus in loci:
        if group and locus.start - group[-1].end > FETCH_GAP:
            yield group
            group = []
        group.append(locus)
    if group:
        yield group


def stutter_rate(repeat: int) -> float:
    """Stutter rate, 0-1: the probability that a read shows a repeat length other than that of its molecule.

    `repeat` in bases of reference sequence. An empirical curve: 1 in 500 outside of repeats, half as much again for
    each base beyond five, at most 15 %. In GIAB genomes of 30-60 reads, 12 to 28 % of the reads over runs of 12 to 15
    bases show stutter, some in both directions.
    """
    return min(0.15, 0.002 * 1.45 ** max(0, repeat - 5))


def log_likelihoods(seen: Observation, locus: Locus) -> tuple[float, ...]:
    """log10 P(read | haplotype) for each haplotype, up to a constant."""
    least = min(seen.distances)
    if least >= UNFIT:
        return (0.0,) * len(seen.distances)
    if isinstance(locus, SnvLocus):
        error = 10 ** (-min(seen.base_quality, MAX_BASE_QUALITY) / 10)
    else:
        error = stutter_rate(locus.repeat)
    miss = math.log10(error)
    return tuple(0.0 if d == least else max(OUTLIER, miss + (d - least - 1) * EXTENSION) for d in seen.distances)


def genotype(locus: Locus) -> Genotype:
    """The pair of haplotypes that explains the fragments best, each read from either with probability one half."""
    reads = Counter(log_likelihoods(seen, locus) for seen in locus.fragments.values() if seen)
    scores = {}
    for i, j in combinations_with_replacement(range(len(locus.carried)), 2):
        scores[i, j] = sum(n * math.log10((10 ** ll[i] + 10 ** ll[j]) / 2) for ll, n in reads.items())
    ranked = sorted(scores, key=lambda pair: (-scores[pair], pair))
    copies = {pair: copies_of(pair, locus) for pair in ranked}
    best = copies[ranked[0]]
    rival = next((pair for pair in ranked if copies[pair] != best), ranked[0])
    support = []
    for index in range(len(locus.alleles)):
        with_it = max(scores[pair] for pair in ranked if copies[pair][index])
        without = max(scores[pair] for pair in ranked if not copies[pair][index])
        support.append(round(10 * (with_it - without)))
    return Genotype(best, min(MAX_QUALITY, round(10 * (scores[ranked[0]] - scores[rival]))), tuple(support))


def copies_of(pair: tuple[int, int], locus: Locus) -> tuple[int, ...]:
    return tuple(sum(index in locus.carried[h] for h in pair) for index in range(len(locus.alleles)))
