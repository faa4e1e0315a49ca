"""No call for one locus: loci that are unlike the others, and loci whose own errors may be the reason for a call."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from gms.trials.residual_disease.errors import Controls, at_least, binomial, noise, poisson, summed

OUTLIER = 0.02  # probability, shared by all loci, with which a locus that is like the others is left out
OWN_CONTROLS = 3  # control molecules of a locus, for each of its molecules, from which its own error rate is tested


class Observed(NamedTuple):
    """A locus in a sample: name, context, weight, molecules with the change, molecules; and its control molecules."""

    name: str
    context: str
    weight: float
    mutant: int
    depth: int
    control_mutant: int = 0
    control_depth: int = 0


def without_outliers(loci: list[Observed], controls: Controls) -> tuple[list[Observed], tuple[str, ...]]:
    """Loci with far more molecules than the others make likely are left out one at a time, the worst first.

    The rate of the others is taken one molecule higher than observed, so that the first molecules of a real tumour do
    not make their own locus an outlier.
    """
    left_out: list[str] = []
    limit = outlier_limit(len(loci))
    mutant, depth = sum(locus.mutant for locus in loci), sum(locus.depth for locus in loci)
    suspects = [locus for locus in loci if locus.mutant > 1]
    while suspects:
        chance, worst = min((chance_of(locus, mutant, depth, controls), n) for n, locus in enumerate(suspects))
        if chance >= limit:
            break
        gone = suspects.pop(worst)
        mutant, depth = mutant - gone.mutant, depth - gone.depth
        left_out.append(gone.name)
    return [locus for locus in loci if locus.name not in left_out], tuple(left_out)


def outlier_limit(loci: int) -> float:
    """Probability below which one of so many loci is an outlier."""
    return OUTLIER / max(1, loci)


def chance_of(locus: Observed, mutant: int, depth: int, controls: Controls) -> float:
    """Probability of so many molecules at a locus if it is like the others; `mutant`, `depth`: of all loci."""
    rate = (mutant - locus.mutant + 1) / max(1, depth - locus.depth)
    rate = min(1.0, max(rate, controls.rate(locus.context)))
    return at_least(poisson(rate * locus.depth), locus.mutant)


def single_reason(kept: Sequence[Observed], background: np.ndarray, controls: Controls, alpha: float) -> str:
    """Name of a locus that may be the only reason for a call: the only one with the change, or one whose errors may
    be so frequent, going by its own controls, that the rest is noise; '' for none.

    Loci with few control molecules of their own are not tested: nothing would be known of them."""
    changed = [locus for locus in kept if locus.mutant]
    if len(changed) == 1:
        return changed[0].name
    mutant = sum(locus.mutant for locus in changed)
    for locus in changed:
        # The noise of all loci is that of the rest and a little more, so what it does not explain needs no other.
        if locus.control_depth >= OWN_CONTROLS * locus.depth and explains(locus, mutant, background) > alpha:
            rest = noise(by_context([one for one in kept if one is not locus]), controls)
            if explains(locus, mutant, rest) > alpha:
                return locus.name
    return ""


def explains(locus: Observed, mutant: int, rest: np.ndarray) -> float:
    """Mid-p value (Lancaster 1961, JASA 56:223) of `mutant` molecules by the noise of the rest and a locus with the
    same unknown error rate in sample and controls.

    Given the sum of its molecules with the change in both, those of the sample are binomial whatever the rate
    (Przyborowski and Wilenski 1940, Biometrika 31:313)."""
    share = locus.depth / (locus.depth + locus.control_depth)
    total = summed(binomial(locus.mutant + locus.control_mutant, share), rest)
    return (at_least(total, mutant) + at_least(total, mutant + 1)) / 2


def by_context(loci: Sequence[Observed]) -> dict[str, int]:
    """Molecules by context."""
    depths: dict[str, int] = {}
    for locus in loci:
        depths[locus.context] = depths.get(locus.context, 0) + locus.depth
    return depths
