"""What a sample would show: the threshold of its test, and the tumour fraction that it detects, all rules included.

A sample is called if the sum of its molecules reaches the threshold and no locus alone may be the reason
(gms.trials.residual_disease.one_locus). The probability of the first is exact, given what the controls say of the
errors. From it that of the second failing is subtracted, summed over the loci: as two loci may fail at once, the power
is a lower bound and the limit of detection an upper one. Errors that help to reach the threshold are taken as the
controls show them, without the half molecule that the prior adds, so that few controls make no limit too good.
"""

import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from gms.trials.residual_disease.errors import Controls, at_least, noise, poisson, summed, trimmed
from gms.trials.residual_disease.one_locus import OWN_CONTROLS, Observed, by_context, chance_of, explains, outlier_limit

POWER = 0.95
UNLIKELY = 1e-4  # probability beyond which sums of molecules are not looked at
ALIKE = 1  # loci count as alike if they differ by less than a factor of 2 ** (1 / ALIKE), and by the largest of them
SUMS = 40  # sums of molecules that are looked at, at most
SEARCH = 20  # times the limit of the sum alone, beyond which the limit of all rules is not sought


def threshold_of(background: np.ndarray, alpha: float) -> int:
    """The smallest number of molecules whose probability by noise is at most alpha."""
    count = 1
    while at_least(background, count) > alpha:
        count += 1
    return count


def power(background: np.ndarray, threshold: int, signal: float) -> float:
    """Probability to reach the threshold with `signal` expected molecules of the tumour."""
    if signal > 50 * threshold + 1000:
        return 1.0
    return at_least(trimmed(summed(background, poisson(signal))), threshold)


def limit_of_sum(background: np.ndarray, threshold: int, carriers: float) -> float | None:
    """Tumour fraction at which the sum alone reaches the threshold with a probability of 95 %; None above 1."""
    if carriers <= 0 or power(background, threshold, carriers) < POWER:
        return None
    low, high = 0.0, 1.0
    while high - low > 1e-3 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if power(background, threshold, middle * carriers) < POWER else (low, middle)
    return high


class Alike(NamedTuple):
    """Loci that are alike: how many, the one with the most molecules, its expected errors per molecule, and the noise
    of the sample without it."""

    number: int
    locus: Observed
    rate: float
    rest: np.ndarray


class Sensitivity:
    """Of a sample whose loci are `kept`; `background`: distribution of their noise."""

    def __init__(self, kept: Sequence[Observed], background: np.ndarray, controls: Controls, alpha: float):
        self.controls, self.alpha = controls, alpha
        self.threshold = threshold_of(background, alpha)
        self.carriers = sum(locus.weight * locus.depth for locus in kept)
        self.depth, self.outlier = sum(locus.depth for locus in kept), outlier_limit(len(kept))
        expected, wrong = float(np.arange(len(background)) @ background), sum(controls.wrong.values())
        self.errors = poisson(expected * wrong / (wrong + 0.5))
        self.kinds = list(_alike(kept, controls))
        self._spoilt = cache(self._spoilt_of)

    def power(self, fraction: float) -> float:
        """Lower bound of the probability that a tumour fraction is called."""
        signal = fraction * self.carriers
        sums = trimmed(summed(self.errors, poisson(signal)))
        tails = np.cumsum(sums[::-1])[::-1]
        last = int(np.count_nonzero(tails > UNLIKELY))
        failing = sum(self._failing(kind, fraction, last) for kind in range(len(self.kinds)))
        return max(0.0, at_least(sums, self.threshold) - failing)

    def limit(self) -> float | None:
        """Tumour fraction that is called with a probability of 95 %; None where there is none, or far above that of
        the sum alone."""
        low = limit_of_sum(self.errors, self.threshold, self.carriers)
        if low is None:
            return None
        most, high = min(1.0, SEARCH * low), low
        while self.power(high) < POWER:
            if high >= most:
                return None
            low, high = high, min(most, 1.2 * high)
        while high - low > 0.01 * high:
            middle = (low + high) / 2
            low, high = (middle, high) if self.power(middle) < POWER else (low, middle)
        return high

    def _failing(self, kind: int, fraction: float, last: int) -> float:
        """Probability that the sum is from the threshold to `last` and one of these loci may be its only reason."""
        number, locus, rate, _ = self.kinds[kind]
        signal = fraction * locus.weight * locus.depth
        own = poisson(signal + rate * locus.depth)
        rest = summed(self.errors, poisson(fraction * self.carriers - signal))
        step, total = 1 + max(0, last - self.threshold) // SUMS, 0.0
        for mutant in range(self.threshold + step // 2, last + 1, step):
            counts = self._spoilt(kind, mutant)
            counts = counts[(counts < len(own)) & (mutant - counts < len(rest))]
            total += float(own[counts] @ rest[mutant - counts])
        return number * step * total

    def _spoilt_of(self, kind: int, mutant: int) -> np.ndarray:
        """Numbers of molecules of one locus, of `mutant` in all, with which the sample is not called."""
        _, locus, _, rest = self.kinds[kind]
        counts = range(1, mutant + 1)
        unlike = counts[0] + bisect_left(counts, True, key=lambda count: self._is_outlier(locus, count, mutant))
        reason = unlike
        if locus.control_depth >= OWN_CONTROLS * locus.depth:
            below = range(1, unlike)
            reason = 1 + bisect_left(below, True, key=lambda count: self._explains(locus, count, mutant, rest))
        too_few = max(unlike, mutant - self.threshold + 1)
        return np.array([*range(reason, unlike), *(range(too_few, mutant + 1) or (mutant,))])

    def _is_outlier(self, locus: Observed, count: int, mutant: int) -> bool:
        one = locus._replace(mutant=count)
        return count > 1 and chance_of(one, mutant, self.depth, self.controls) < self.outlier

    def _explains(self, locus: Observed, count: int, mutant: int, rest: np.ndarray) -> bool:
        return explains(locus._replace(mutant=count), mutant, rest) > self.alpha


def _alike(loci: Sequence[Observed], controls: Controls) -> Iterator[Alike]:
    """Loci by molecules of the tumour, errors, and control molecules."""
    groups: dict[tuple, list[Observed]] = {}
    depths = by_context(loci)
    rates = {context: controls.rate(context) for context in depths}
    for locus in loci:
        if locus.depth:
            sizes = (locus.weight * locus.depth, rates[locus.context] * locus.depth, locus.control_depth / locus.depth)
            key = (*(round(ALIKE * math.log2(size + 1e-9)) for size in sizes), locus.control_mutant)
            groups.setdefault(key, []).append(locus)
    for group in groups.values():
        largest = max(group, key=lambda locus: locus.weight * locus.depth)
        rest = noise({**depths, largest.context: depths[largest.context] - largest.depth}, controls)
        yield Alike(len(group), largest, rates[largest.context], rest)
