"""Second bases: whether their number and fractions are those of a mixture of two genomes.

Errors of amplification of few molecules follow the distribution of Luria and Delbrück (1943): an error of an early
cycle is in many copies, and the number of sites with a fraction above x falls as 1/x. A mixture has sites around one
fraction. From the sites between 2 and 5 % follows how many the errors alone would give above 5 %: 2/3 of them; a
mixture has three standard deviations (Poisson) more.
"""

from collections.abc import Iterable, Sequence
from math import sqrt
from typing import Any, NamedTuple

from gms.viral.chain.alleles import Observed

LOW, HIGH = 0.02, 0.05  # fractions of a second base
_READS = 50  # fragments over a site for a fraction of 2 % to be seen
_FEWEST = 4  # sites above HIGH that a mixture has at least
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
    high = sum(site["fraction"] >= HIGH for site in sites)
    return SecondBases(sites, assessed, is_excess(high, len(sites) - high) if assessed else None)


def is_excess(high: int, low: int) -> bool:
    """Whether more sites have a second base above 5 % than errors give, by those between 2 and 5 %."""
    expected = _ERRORS * low
    return high >= _FEWEST and high > expected + 3 * sqrt(max(1.0, expected))
