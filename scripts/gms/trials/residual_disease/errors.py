"""Errors per molecule by context, from molecules that cannot be the patient's tumour, and the noise they make expected.

The rate of a context with m wrong of n control molecules has the distribution Gamma(m + 1/2, n) (Jeffreys). What d
molecules then show by error is negative binomial, and the noise of a sample is the sum over contexts, convolved
exactly. So few control molecules make a wide noise and a high threshold, not a wrong one.
"""

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np

PRIOR = 0.5
TAIL = 1e-12  # probability beyond which distributions are cut


class Controls(NamedTuple):
    """Control molecules: wrong and all, by context."""

    wrong: Mapping[str, int]
    all: Mapping[str, int]

    def rate(self, context: str) -> float:
        """Expected errors per molecule."""
        return (self.wrong.get(context, 0) + PRIOR) / max(1, self.all.get(context, 0))


def pooled(counts: Iterable[tuple[str, int, int]], contexts: Iterable[str]) -> Controls:
    """Controls from (context, wrong, all). A context without control molecules gets those of all contexts together."""
    wrong: dict[str, int] = {}
    everything: dict[str, int] = {}
    for context, bad, number in counts:
        wrong[context] = wrong.get(context, 0) + bad
        everything[context] = everything.get(context, 0) + number
    total = sum(wrong.values()), sum(everything.values())
    for context in contexts:
        if not everything.get(context):
            wrong[context], everything[context] = total
    return Controls(wrong, everything)


def noise(depths: Mapping[str, int], controls: Controls) -> np.ndarray:
    """Probabilities of 0, 1, 2 ... molecules with the change by error alone; `depths`: molecules by context."""
    total = np.ones(1)
    for context, depth in depths.items():
        shape = controls.wrong.get(context, 0) + PRIOR
        known = max(1, controls.all.get(context, 0))
        total = trimmed(np.convolve(total, negative_binomial(shape, depth / known)))
    return total


def negative_binomial(shape: float, mean_ratio: float) -> np.ndarray:
    """Probabilities of counts whose Poisson mean is Gamma(shape, 1) times `mean_ratio`."""
    probability = math.exp(-shape * math.log1p(mean_ratio))
    values, left, count = [], 1.0, 0
    share = mean_ratio / (1 + mean_ratio)
    while left > TAIL and count < 1_000_000:
        values.append(probability)
        left -= probability
        count += 1
        probability *= share * (shape + count - 1) / count
        if probability < TAIL * 1e-3 and count > shape * mean_ratio:
            break
    return np.array(values)


def poisson(mean: float) -> np.ndarray:
    """Probabilities of counts, cut where the tail is negligible."""
    if mean <= 0:
        return np.ones(1)
    last = int(mean + 10 * math.sqrt(mean) + 30)
    ratios = np.log(mean / np.arange(1, last + 1))
    return np.exp(np.concatenate([[0.0], np.cumsum(ratios)]) - mean)


def trimmed(values: np.ndarray) -> np.ndarray:
    """Without a tail that is negligible."""
    beyond = np.cumsum(values[::-1])[::-1]
    keep = max(1, int(np.count_nonzero(beyond > TAIL)))
    return values[:keep]


def at_least(values: np.ndarray, count: int) -> float:
    """Probability of `count` or more."""
    return float(max(0.0, 1.0 - values[:count].sum())) if count > 0 else 1.0
