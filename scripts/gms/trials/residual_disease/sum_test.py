"""The test of one time point: the sum of molecules with the tumour's changes against the noise, and its sensitivity.

Model (INVAR, Wan 2020, Sci Transl Med 12:eaaz8084): K ~ Poisson(sum d_i (e_i + TF w_i)), with d molecules, error e and
weight w of each locus, and TF the tumour fraction. The test is exact: K or more by noise alone. A call must hold as
well if any one of the loci has an error rate of its own, of which the controls of that locus alone tell.
"""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from gms.trials.residual_disease.errors import Controls, at_least, binomial, noise, poisson, summed, trimmed

OUTLIER = 0.02  # probability, shared by all loci, with which a locus that is like the others is left out
OWN_CONTROLS = 3  # control molecules of a locus, for each of its molecules, from which its own error rate is tested
POWER = 0.95
TAIL = 0.025  # probability on either side of the interval


class Observed(NamedTuple):
    """A locus in a sample: name, context, weight, molecules with the change, molecules; and its control molecules."""

    name: str
    context: str
    weight: float
    mutant: int
    depth: int
    control_mutant: int = 0
    control_depth: int = 0


class Result(NamedTuple):
    """Result of a time point; fractions 0-1.

    `detected`: p-value at most alpha, and no locus that alone may be the reason (`one_locus` names it, '' for none).
    `threshold`: molecules from which it is called, `alpha_actual`: its probability by noise alone. `lod`: tumour
    fraction that reaches it with a probability of 95 %, None where none does. `outliers`: loci that were left out as
    they are unlike the others."""

    detected: bool
    p_value: float
    mutant: int
    informative: int
    expected_noise: float
    threshold: int
    alpha_actual: float
    fraction: float
    low: float
    high: float
    lod: float | None
    outliers: tuple[str, ...]
    one_locus: str


def evaluate(observed: Sequence[Observed], controls: Controls, alpha: float) -> Result:
    """The exact test of the sum over loci."""
    kept, outliers = without_outliers(list(observed), controls)
    background = noise(_by_context(kept), controls)
    mutant, informative = sum(locus.mutant for locus in kept), sum(locus.depth for locus in kept)
    threshold, p_value = threshold_of(background, alpha), at_least(background, mutant)
    expected = float(np.arange(len(background)) @ background)
    carriers = sum(locus.weight * locus.depth for locus in kept)
    low, high = _interval(mutant, background, carriers)
    one_locus = single_reason(kept, background, controls, alpha) if p_value <= alpha else ""
    return Result(
        detected=p_value <= alpha and not one_locus,
        **{"p_value": p_value, "mutant": mutant, "informative": informative, "expected_noise": expected},
        **{"threshold": threshold, "alpha_actual": at_least(background, threshold)},
        fraction=min(1.0, max(0.0, mutant - expected) / carriers) if carriers else 0.0,
        **{"low": low, "high": high},
        lod=limit_of_detection(background, threshold, carriers),
        outliers=outliers,
        one_locus=one_locus,
    )


def is_called(observed: Sequence[Observed], controls: Controls, alpha: float) -> bool:
    """`detected` of `evaluate` alone."""
    kept, _ = without_outliers(list(observed), controls)
    background = noise(_by_context(kept), controls)
    found = at_least(background, sum(locus.mutant for locus in kept)) <= alpha
    return found and not single_reason(kept, background, controls, alpha)


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
        if locus.control_depth >= OWN_CONTROLS * locus.depth and _explains(locus, mutant, background) > alpha:
            rest = noise(_by_context([one for one in kept if one is not locus]), controls)
            if _explains(locus, mutant, rest) > alpha:
                return locus.name
    return ""


def _explains(locus: Observed, mutant: int, rest: np.ndarray) -> float:
    """Mid-p value (Lancaster 1961, JASA 56:223) of `mutant` molecules by the noise of the rest and a locus with the
    same unknown error rate in sample and controls.

    Given the sum of its molecules with the change in both, those of the sample are binomial whatever the rate
    (Przyborowski and Wilenski 1940, Biometrika 31:313)."""
    share = locus.depth / (locus.depth + locus.control_depth)
    total = summed(binomial(locus.mutant + locus.control_mutant, share), rest)
    return (at_least(total, mutant) + at_least(total, mutant + 1)) / 2


def _by_context(loci: Sequence[Observed]) -> dict[str, int]:
    """Molecules by context."""
    depths: dict[str, int] = {}
    for locus in loci:
        depths[locus.context] = depths.get(locus.context, 0) + locus.depth
    return depths


def threshold_of(background: np.ndarray, alpha: float) -> int:
    """The smallest number of molecules whose probability by noise is at most alpha."""
    count = 1
    while at_least(background, count) > alpha:
        count += 1
    return count


def without_outliers(loci: list[Observed], controls: Controls) -> tuple[list[Observed], tuple[str, ...]]:
    """Loci with far more molecules than the others make likely are left out one at a time, the worst first.

    The rate of the others is taken one molecule higher than observed, so that the first molecules of a real tumour do
    not make their own locus an outlier.
    """
    left_out: list[str] = []
    limit = OUTLIER / max(1, len(loci))
    mutant, depth = sum(locus.mutant for locus in loci), sum(locus.depth for locus in loci)
    suspects = [locus for locus in loci if locus.mutant > 1]
    while suspects:
        chance, worst = min((_chance(locus, mutant, depth, controls), n) for n, locus in enumerate(suspects))
        if chance >= limit:
            break
        gone = suspects.pop(worst)
        mutant, depth = mutant - gone.mutant, depth - gone.depth
        left_out.append(gone.name)
    return [locus for locus in loci if locus.name not in left_out], tuple(left_out)


def _chance(locus: Observed, mutant: int, depth: int, controls: Controls) -> float:
    """Probability of so many molecules at a locus if it is like the others; `mutant`, `depth`: of all loci."""
    rate = (mutant - locus.mutant + 1) / max(1, depth - locus.depth)
    rate = min(1.0, max(rate, controls.rate(locus.context)))
    return at_least(poisson(rate * locus.depth), locus.mutant)


def limit_of_detection(background: np.ndarray, threshold: int, carriers: float) -> float | None:
    """Tumour fraction that reaches the threshold with a probability of 95 % in this sample; None above 1."""
    if carriers <= 0 or power(background, threshold, carriers) < POWER:
        return None
    low, high = 0.0, 1.0
    while high - low > 1e-3 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if power(background, threshold, middle * carriers) < POWER else (low, middle)
    return high


def power(background: np.ndarray, threshold: int, signal: float) -> float:
    """Probability to reach the threshold with `signal` expected molecules of the tumour."""
    if signal > 50 * threshold + 1000:
        return 1.0
    return at_least(trimmed(summed(background, poisson(signal))), threshold)


def _interval(mutant: int, background: np.ndarray, carriers: float) -> tuple[float, float]:
    """95 % interval of the tumour fraction, from the sum and the distribution of the noise.

    The upper limit is conditional on the noise being no more than what was seen (Zech 1989, Nucl Instrum Methods A
    277:608): a sample with less noise than expected excludes no more than one without any.
    """
    if not carriers:
        return 0.0, 1.0
    quiet = 1 - at_least(background, mutant + 1)  # probability of no more noise than this
    low = _signal(lambda signal: power(background, mutant, signal) < TAIL, mutant) if mutant else 0.0
    high = _signal(lambda signal: 1 - power(background, mutant + 1, signal) > TAIL * quiet, mutant)
    return min(1.0, low / carriers), min(1.0, high / carriers)


def _signal(is_below: Callable[[float], bool], mutant: int) -> float:
    """Expected molecules of the tumour at which the condition, true of few, ends to hold."""
    low, high = 0.0, mutant + 10 * math.sqrt(mutant) + 20
    while high - low > 1e-4 * high + 1e-3:
        middle = (low + high) / 2
        low, high = (middle, high) if is_below(middle) else (low, middle)
    return high if low else 0.0
