"""Diploid genotypes of a sample at a locus, from the haplotypes that its fragments fit."""

import math
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations_with_replacement
from statistics import NormalDist
from typing import NamedTuple

from gms.variants.evidence.indel_loci import IndelLocus
from gms.variants.evidence.loci import Locus, SnvLocus
from gms.variants.evidence.reads import UNFIT

MAX_QUALITY = 99  # phred; two digits, as GATK writes GQ
EXTENSION = math.log10(0.3)  # each further edit, given that a read already differs: errors in indels come together
OUTLIER = -3.0  # one read in a thousand is misplaced or chimeric, however badly it fits
# Factors by which single repeats slip more or less often than others of their length, and log10 of their weights:
# log-normal, in steps of its standard deviation of 0.5 (our own).
SITE_FACTORS = tuple((math.exp(step / 2), math.log10(NormalDist().pdf(step))) for step in range(-2, 4))
MISPLACED = 0.05  # of the fragments at a locus may show an allele that is not there


Pair = tuple[int, int]


class Genotype(NamedTuple):
    """Copies of each allele in a diploid sample, their phred quality, each allele's phred support over absence."""

    copies: tuple[int, ...]
    quality: int
    support: tuple[int, ...]


def log_likelihoods(distances: tuple[int, ...], base_quality: int, locus: Locus) -> tuple[float, ...]:
    """log10 P(read | haplotype) for each haplotype, up to a constant, of reads with these distances."""
    if isinstance(locus, SnvLocus):
        return base_likelihoods(distances, base_quality, locus.error)
    least = min(distances)
    if least >= UNFIT:
        return (0.0,) * len(distances)
    edits = (min(d - least, locus.edits_between(distances, h)) for h, d in enumerate(distances))
    return likelihoods(tuple(edits), math.log10(locus.error))


@lru_cache(maxsize=10_000)
def base_likelihoods(distances: tuple[int, ...], base_quality: int, error: float) -> tuple[float, ...]:
    """The same of one base, which is wrong with its quality's probability and at least with that of `error`."""
    least = min(distances)
    if least >= UNFIT:
        return (0.0,) * len(distances)
    return likelihoods(tuple(d - least for d in distances), max(-base_quality / 10, math.log10(error)))


@lru_cache(maxsize=10_000)
def likelihoods(edits: tuple[int, ...], miss: float) -> tuple[float, ...]:
    """log10 P of reads that are `edits` away from each haplotype; `miss` is that of the first edit."""
    return tuple(max(OUTLIER, miss + (edit - 1) * EXTENSION) if edit else 0.0 for edit in edits)


def genotype(locus: Locus) -> Genotype:
    """The pair of haplotypes that explains the fragments best."""
    scores = pair_scores(locus)
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


def pair_scores(locus: Locus) -> dict[Pair, float]:
    """log10 P(fragments | pair of haplotypes), up to a constant, each read from either with probability one half.

    As far as reads are too short to show the reference, which haplotypes they show says nothing about it; their number
    does.
    """
    unseen = locus.unseen() if isinstance(locus, IndelLocus) else 0.0
    found = [seen for seen in locus.fragments.values() if seen]
    alike = Counter((seen.distances, seen.base_quality) for seen in found if seen.change is None)
    reads: Counter[tuple[float, ...]] = Counter()
    for (distances, quality), number in alike.items():
        reads[log_likelihoods(distances, quality, locus)] += number
    counted = [(number, from_either(likely)) for likely, number in reads.items()]
    scores = {}
    for index, pair in enumerate(combinations_with_replacement(range(len(locus.carried)), 2)):
        read_score = sum(number * likely[index] for number, likely in counted)
        scores[pair] = read_score if not unseen else (1 - unseen) * read_score
    if unseen:
        for pair, score in number_scores(locus).items():
            scores[pair] += unseen * score
    if spanned := Counter(seen.change for seen in found if seen.change is not None):
        for pair, score in length_scores(locus, spanned).items():
            scores[pair] += score
    return scores


def length_scores(locus: IndelLocus, spanned: Counter[int]) -> dict[Pair, float]:
    """log10 P(lengths of a repeat that fragments span | pair of haplotypes), up to a constant. How often one repeat
    slips is not known, only how often those of its length do: the rate is integrated over SITE_FACTORS."""
    given: dict[Pair, list[float]] = {}
    for factor, weight in SITE_FACTORS:
        shown = [(number, locus.shown_by(change, factor)) for change, number in sorted(spanned.items())]
        for a, b in combinations_with_replacement(range(len(locus.carried)), 2):
            score = sum(number * max(OUTLIER, math.log10((p[a] + p[b]) / 2)) for number, p in shown)
            given.setdefault((a, b), []).append(weight + score)
    return {pair: log_sum(scores) for pair, scores in given.items()}


def log_sum(scores: Sequence[float]) -> float:
    """log10 of the sum of what scores are the log10 of."""
    most = max(scores)
    return most + math.log10(sum(10 ** (score - most) for score in scores))


@lru_cache(maxsize=10_000)
def from_either(likely: tuple[float, ...]) -> tuple[float, ...]:
    """log10 P of a read that comes from either haplotype of a pair, for each pair in order; `likely`: from each one."""
    return tuple(math.log10((10**a + 10**b) / 2) for a, b in combinations_with_replacement(likely, 2))


def number_scores(locus: IndelLocus) -> dict[Pair, float]:
    """log10 P(number of fragments that show each long allele | pair of haplotypes), Poisson, up to a constant."""
    scores: dict[Pair, float] = Counter()
    shown = Counter(seen.best for seen in locus.fragments.values() if seen)
    for haplotype in range(1, len(locus.alleles) + 1):
        expected = locus.expected(haplotype, 0)
        for pair in combinations_with_replacement(range(len(locus.carried)), 2):
            mean = max(1e-3, expected * max(MISPLACED, pair.count(haplotype) / 2))
            scores[pair] += shown[haplotype] * math.log10(mean) - mean / math.log(10)
    return scores


def copies_of(pair: tuple[int, int], locus: Locus) -> tuple[int, ...]:
    return tuple(sum(index in locus.carried[h] for h in pair) for index in range(len(locus.alleles)))
