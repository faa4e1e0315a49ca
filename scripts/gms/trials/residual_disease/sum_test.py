"""The test of one time point: the sum of molecules with the tumour's changes against the noise, and its sensitivity.

Model (INVAR, Wan 2020, Sci Transl Med 12:eaaz8084): K ~ Poisson(sum d_i (e_i + TF w_i)), with d molecules, error e and
weight w of each locus, and TF the tumour fraction. The test is exact: K or more by noise alone. A call must hold as
well if any one of the loci has an error rate of its own, of which the controls of that locus alone tell.
"""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from gms.trials.residual_disease.errors import Controls, at_least, noise
from gms.trials.residual_disease.one_locus import Observed, by_context, single_reason, without_outliers
from gms.trials.residual_disease.sensitivity import Sensitivity, power

TAIL = 0.025  # probability on either side of the interval


class Result(NamedTuple):
    """Result of a time point; fractions 0-1.

    `detected`: p-value at most alpha, and no locus that alone may be the reason (`one_locus` names it, '' for none).
    `threshold`: molecules from which it is called, `alpha_actual`: its probability by noise alone. `lod`: tumour
    fraction that is called with a probability of 95 %, None where none is. `outliers`: loci that were left out as
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
    background = noise(by_context(kept), controls)
    mutant, informative = sum(locus.mutant for locus in kept), sum(locus.depth for locus in kept)
    sample, p_value = Sensitivity(kept, background, controls, alpha), at_least(background, mutant)
    expected = float(np.arange(len(background)) @ background)
    carriers = sample.carriers
    low, high = _interval(mutant, background, carriers)
    one_locus = single_reason(kept, background, controls, alpha) if p_value <= alpha else ""
    return Result(
        detected=p_value <= alpha and not one_locus,
        **{"p_value": p_value, "mutant": mutant, "informative": informative, "expected_noise": expected},
        **{"threshold": sample.threshold, "alpha_actual": at_least(background, sample.threshold)},
        fraction=min(1.0, max(0.0, mutant - expected) / carriers) if carriers else 0.0,
        **{"low": low, "high": high},
        lod=sample.limit(),
        outliers=outliers,
        one_locus=one_locus,
    )


def is_called(observed: Sequence[Observed], controls: Controls, alpha: float) -> bool:
    """`detected` of `evaluate` alone."""
    kept, _ = without_outliers(list(observed), controls)
    background = noise(by_context(kept), controls)
    found = at_least(background, sum(locus.mutant for locus in kept)) <= alpha
    return found and not single_reason(kept, background, controls, alpha)


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
