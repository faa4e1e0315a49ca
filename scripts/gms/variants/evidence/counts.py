"""Counts of an allele in a sample: fragments, depth, fraction of molecules, genotype."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from gms.genome.alleles import Allele
from gms.variants.evidence.edges import LONG
from gms.variants.evidence.genotypes import genotype
from gms.variants.evidence.loci import IndelLocus, Locus
from gms.variants.evidence.reads import Observation

FROM_EDGES = 0.5  # of the reference's fragments that reads are too short to show


class Counts(NamedTuple):
    """Fragments of one allele in one sample; the fraction of molecules with it, 0-1; copies, genotype quality and
    support (phred) as in Genotype."""

    ref: list[Observation]
    alt: list[Observation]
    depth: int
    fraction: float
    copies: int
    quality: int
    support: int


def count(locus: Locus, amplicon: bool = False) -> Iterator[tuple[Allele, Counts]]:
    """Each allele with its fragments. One that fits haplotypes with and without it alike tells nothing and is not in
    the depth. `amplicon`: fragments are amplified between primers, so that every one spans its locus whole."""
    seen = [(found, found.best, locus.shown(found)) for found in locus.fragments.values() if found]
    depth = sum(best is not None or bool(shown) or locus.counts_other for _, best, shown in seen)
    if not amplicon and isinstance(locus, IndelLocus) and locus.unseen() > FROM_EDGES:
        depth = max(depth, round(locus.edges.depth))
    best = Counter(best for _, best, _ in seen if best is not None)
    called = genotype(locus)
    ref = [observation for observation, best, _ in seen if best == 0]
    for index, allele in enumerate(locus.alleles):
        alt = [observation for observation, _, shown in seen if index in shown]
        share = len(alt) / max(1, depth) if amplicon else fraction(locus, index, len(alt), depth, best)
        yield allele, Counts(ref, alt, depth, share, called.copies[index], called.quality, called.support[index])


def fraction(locus: Locus, index: int, alt: int, depth: int, best: Counter[int]) -> float:
    """Fraction of molecules with an allele, 0-1. At loci of long alleles (gms.variants.evidence.edges) fragments are
    weighted by the chance to show each haplotype; where the reference is hardly shown, those at the edges count."""
    if not alt:
        return 0.0
    if not isinstance(locus, IndelLocus) or not locus.edges:
        return alt / depth
    expected = locus.expected(index + 1, 0)
    if not expected:
        return 0.0
    if locus.unseen() > FROM_EDGES:
        return min(1.0, alt / expected)
    others = [(h, n) for h, n in best.items() if index not in locus.carried[h]]
    weights = [n / max(1.0, expected_of_other(locus, h, index + 1)) for h, n in others]
    return alt / expected / (alt / expected + sum(weights))


def expected_of_other(locus: IndelLocus, haplotype: int, counted: int) -> float:
    """Fragments that would show another haplotype than the one that is counted; of one that is hardly longer or shorter
    than the reference, all."""
    if haplotype and abs(len(locus.haplotypes[haplotype]) - len(locus.haplotypes[0])) < LONG:
        return locus.edges.depth
    return locus.expected(haplotype, 0 if haplotype else counted)
