"""Genotypes of an event: how often each number of copies gives the fragments and the depth that were seen.

Fractions of the fragments that show the junction, by copies: reads across a junction are found less often than those of
the reference (0.45, 0.95 for 0.5 and 1); of a tandem duplication both ends remain in the reference, so that a copy
gives one junction for two (0.31), two give two for two (0.48). Depth of a deletion or duplication of 500 bases and
more: 1 -+ 0.5 for each copy.
"""

import math
from typing import NamedTuple

ERROR = 0.01
FRACTIONS = {"DUP": (ERROR, 0.31, 0.48)}
OTHERS = (ERROR, 0.45, 0.95)
SPREAD = 0.15  # standard deviation of the ratio of depths
MAX_QUALITY = 99
CHIMERAS = 1_000  # fragments at a place, of which one is joined to a certain other one in the library; not measured
_LIMIT = 6.0  # natural log; more is not said by depth alone


class Genotype(NamedTuple):
    """Copies of the event, None without fragments; phred quality of that, and of any copies over none."""

    copies: int | None
    quality: int
    support: float


def tumor_genotype(ref: float, alt: int) -> Genotype:
    """0/1 where a tumour shows the junction at all: it is no diploid genome. The support is that of the fraction that
    was seen, over one in CHIMERAS fragments that were joined by chance at this very place."""
    if ref + alt < 1:
        return Genotype(None, 0, 0.0)
    fraction, noise = min(alt / (ref + alt), 0.99), 1 / CHIMERAS
    gained = (
        alt * math.log(fraction / noise) + ref * math.log((1 - fraction) / (1 - noise)) if fraction > noise else 0.0
    )
    support = max(0.0, 10 * gained / math.log(10))
    return Genotype(min(1, alt), min(MAX_QUALITY, int(support)), support)


def genotype(kind: str, ref: float, alt: int, ratio: float | None, haploid: bool) -> Genotype:
    """The likeliest genotype; `haploid`: a male's X or Y, where it has none or (counted as two) all."""
    if ref + alt < 1:
        return Genotype(None, 0, 0.0)
    fractions = FRACTIONS.get(kind, OTHERS)
    expected = {"DEL": (1.0, 0.5, 0.0), "DUP": (1.0, 2.0 if haploid else 1.5, 2.0)}.get(kind)
    likely = [alt * math.log(share) + ref * math.log(1 - share) for share in fractions]
    support = max(likely[1:]) - likely[0]
    if expected and ratio is not None:
        depth = [max(-_LIMIT, -0.5 * ((ratio - depth) / SPREAD) ** 2) for depth in expected]
        likely = [one + other for one, other in zip(likely, depth, strict=True)]
    possible = (0, 2) if haploid else (0, 1, 2)
    best, second = sorted(possible, key=lambda copies: -likely[copies])[:2]
    quality = min(MAX_QUALITY, int(10 * (likely[best] - likely[second]) / math.log(10)))
    return Genotype(best, quality, max(0.0, 10 * support / math.log(10)))
