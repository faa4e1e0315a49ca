"""Second bases: whether their number and fractions are those of a mixture of two genomes.

Errors of amplification of few molecules follow the distribution of Luria and Delbrück (1943): an error of an early
cycle is in many copies, and the number of sites with a fraction above x falls as 1/x. A mixture has sites around one
fraction. From the sites between 2 and 5 % follows how many the errors alone would give above 5 %: 2/3 of them; a
mixture has three standard deviations (Poisson) more, and of few sites so many above 5 % as errors give in at most 1.5 %
of samples (binomial). Where a sample has many errors, its mixture is a peak: between some fraction and twice that lie
so many of its sites as errors give in less than one of 10,000 samples.
"""

from collections.abc import Iterable, Sequence
from math import exp, lgamma, log, sqrt
from typing import Any, NamedTuple

from gms.viral.chain.alleles import Observed

LOW, HIGH = 0.02, 0.05  # fractions of a second base
_READS = 50  # fragments over a site for a fraction of 2 % to be seen
_FEWEST = 4  # sites above HIGH that a mixture has at least
_PEAKS = (0.05, 0.07, 0.1, 0.15, 0.2, 0.25)  # lower ends of where a peak is looked for
_CHANCE = 1e-4
_FEW = 0.015  # chance of so many sites above HIGH among few: four of four are no mixture yet, five are
_HALF = 0.5  # the greatest fraction of a second base
_ERRORS = (LOW / HIGH) / (1 - LOW / HIGH)  # sites above HIGH for each one between the two, by errors


class SecondBases(NamedTuple):
    """Sites with a second base of 2 % and more, of `assessed` sites in all; `excess`: more than errors would give."""

    sites: list[dict[str, Any]]
    assessed: int
    excess: bool | None

    @property
    def frequent(self) -> int:
        """Sites with a second base of 5 % and more."""
        return sum(site["fraction"] >= HIGH for site in self.sites)


def second_bases(observed: Iterable[Observed], depth: Sequence[int], genome: str) -> SecondBases:
    """The sites of a sample; `excess` is None where no site is deep enough. Indels are left out: their fractions are of
    alignments in repeats."""
    at: dict[int, dict[str, int]] = {}
    total: dict[int, int] = {}
    for one in observed:
        place, ref, alt = one.allele
        if len(ref) == len(alt) == 1 and one.total >= _READS:
            at.setdefault(place, {})[alt] = one.count
            total[place] = one.total
    sites = []
    for place, counts in sorted(at.items()):
        counts[genome[place]] = total[place] - sum(counts.values())
        (first, _), (second, count) = sorted(counts.items(), key=lambda item: -item[1])[:2]
        fraction = count / total[place]
        if fraction >= LOW:
            sites.append({"pos": place + 1, "base": second, "main": first, "fraction": round(fraction, 4)})
    assessed = sum(reads >= 2 * _READS for reads in depth)
    fractions = [site["fraction"] for site in sites]
    high = sum(fraction >= HIGH for fraction in fractions)
    is_mixed = is_excess(high, len(sites) - high) or is_peak(fractions)
    return SecondBases(sites, assessed, is_mixed if assessed else None)


def is_excess(high: int, low: int) -> bool:
    """Whether more sites have a second base above 5 % than errors give, by those between 2 and 5 %."""
    expected = _ERRORS * low
    share = _ERRORS / (1 + _ERRORS)
    is_more = high >= _FEWEST and high > expected + 3 * sqrt(max(1.0, expected))
    return is_more and _at_least(high, high + low, share) < _FEW


def is_peak(fractions: Iterable[float]) -> bool:
    """Whether second bases (fractions of 2 % and more) gather around one fraction as errors do not.

    By the law of errors the share of sites between a and b is proportional to 1/a - 1/b.
    """
    fractions = list(fractions)
    for start in _PEAKS:
        inside = sum(start <= fraction < 2 * start for fraction in fractions)
        share = (1 / (2 * start)) / (1 / LOW - 1 / _HALF)
        if inside >= _FEWEST and _at_least(inside, len(fractions), share) < _CHANCE:
            return True
    return False


def _at_least(number: int, of: int, share: float) -> float:
    """The chance of `number` and more of `of` (binomial)."""
    odds = (
        lgamma(of + 1) - lgamma(k + 1) - lgamma(of - k + 1) + k * log(share) + (of - k) * log(1 - share)
        for k in range(number, of + 1)
    )
    return sum(map(exp, odds))
