"""Errors per molecule by context, from molecules that cannot be the patient's tumour, and the noise they make expected.

The rates of the contexts are Gamma distributed about a common rate, of which the controls of all contexts tell
(Gamma-Poisson hierarchy, Gelman, Bayesian Data Analysis, 2.7 and 5.4). A context with m wrong of n control molecules
has the rate Gamma(SHAPE + m, SHAPE / common + n). What d molecules then show by error is negative binomial, and the
noise of a sample is the sum over contexts, convolved exactly and averaged over the common rate. So few control
molecules make a wide noise and a high threshold, not a wrong one, and a context without any is as unknown as contexts
differ.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

SHAPE = 0.5  # of the rates of contexts about the common rate: a coefficient of variation of 1.4
STEPS, REACH = 15, 3.5  # points of the common rate, over so many standard deviations of its logarithm on either side
MOST = 0.01  # errors per molecule that no sequencing reaches, for want of control molecules
NEGLIGIBLE = 1e-4  # weight below which a common rate is left aside
LONG = 500  # values from which a Fourier transform is faster
TAIL = 1e-12  # probability beyond which distributions are cut


@dataclass(frozen=True)
class Controls:
    """Control molecules: wrong and all, by context."""

    wrong: Mapping[str, int]
    all: Mapping[str, int]

    @cached_property
    def common(self) -> list[tuple[float, float]]:
        """(errors per molecule, probability): what the controls say of the rate that contexts have in common."""
        wrong, everything = sum(self.wrong.values()), sum(self.all.values())
        spread = math.sqrt(1 / (wrong + 0.5) + 1 / (SHAPE * max(1, len(self.all))))
        rates = (wrong + 0.5) / max(1, everything) * np.exp(np.linspace(-REACH, REACH, STEPS) * spread)
        rates = np.minimum(rates, MOST)
        logs = np.array([self._likelihood(rate) + 0.5 * math.log(rate) for rate in rates])  # Jeffreys
        weights = np.exp(logs - logs.max())
        weights[weights < NEGLIGIBLE * weights.sum()] = 0
        weights /= weights.sum()
        return [(rate, weight) for rate, weight in zip(rates.tolist(), weights.tolist(), strict=True) if weight]

    def _likelihood(self, rate: float) -> float:
        """Logarithm of the probability of the wrong molecules at a common rate, but for a constant."""
        total = 0.0
        for context, number in self.all.items():
            share = rate * number / (SHAPE + rate * number)
            total += SHAPE * math.log1p(-share) + (self.wrong.get(context, 0) * math.log(share) if number else 0)
        return total

    def gamma(self, context: str, common: float) -> tuple[float, float]:
        """Shape and (inverse) scale of the rate of a context at a common rate."""
        return SHAPE + self.wrong.get(context, 0), SHAPE / common + self.all.get(context, 0)

    def rate(self, context: str) -> float:
        """Expected errors per molecule."""
        gammas = [(weight, *self.gamma(context, common)) for common, weight in self.common]
        return sum(weight * shape / scale for weight, shape, scale in gammas)


def pooled(counts: Iterable[tuple[str, int, int]]) -> Controls:
    """Controls from (context, wrong, all)."""
    wrong: dict[str, int] = {}
    everything: dict[str, int] = {}
    for context, bad, number in counts:
        wrong[context] = wrong.get(context, 0) + bad
        everything[context] = everything.get(context, 0) + number
    return Controls(wrong, everything)


def noise(depths: Mapping[str, int], controls: Controls) -> np.ndarray:
    """Probabilities of 0, 1, 2 ... molecules with the change by error alone; `depths`: molecules by context."""
    parts = [weight * _noise_at(depths, controls, common) for common, weight in controls.common]
    total = np.zeros(max(map(len, parts)))
    for part in parts:
        total[: len(part)] += part
    return trimmed(total)


def _noise_at(depths: Mapping[str, int], controls: Controls, common: float) -> np.ndarray:
    """The same at one common rate."""
    total = np.ones(1)
    for context, depth in depths.items():
        shape, scale = controls.gamma(context, common)
        total = trimmed(summed(total, negative_binomial(shape, depth / scale)))
    return total


def summed(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Distribution of the sum of two counts; long ones by Fourier transform, which errs by 1e-15."""
    size = len(one) + len(other) - 1
    if min(len(one), len(other)) < LONG:
        return np.convolve(one, other)
    return np.clip(np.fft.irfft(np.fft.rfft(one, size) * np.fft.rfft(other, size), size), 0, None)


def negative_binomial(shape: float, mean_ratio: float) -> np.ndarray:
    """Probabilities of counts whose Poisson mean is Gamma(shape, 1) times `mean_ratio`."""
    if mean_ratio <= 0:
        return np.ones(1)
    mean, deviation = shape * mean_ratio, math.sqrt(shape * mean_ratio * (1 + mean_ratio))
    last = int(mean + 12 * deviation + 30 * (1 + mean_ratio))
    counts = np.arange(1, last + 1)
    ratios = np.log(mean_ratio / (1 + mean_ratio) * (shape + counts - 1) / counts)
    return trimmed(_from_ratios(-shape * math.log1p(mean_ratio), ratios))


def poisson(mean: float) -> np.ndarray:
    """Probabilities of counts, cut where the tail is negligible."""
    if mean <= 0:
        return np.ones(1)
    last = int(mean + 10 * math.sqrt(mean) + 30)
    return _from_ratios(-mean, np.log(mean / np.arange(1, last + 1)))


def binomial(trials: int, chance: float) -> np.ndarray:
    """Probabilities of 0 to `trials` successes; `chance` within 0-1, both excluded."""
    counts = np.arange(1, trials + 1)
    ratios = np.log((trials - counts + 1) / counts * (chance / (1 - chance)))
    return _from_ratios(trials * math.log1p(-chance), ratios)


def _from_ratios(first: float, ratios: np.ndarray) -> np.ndarray:
    """Probabilities from the logarithms of the first one and of what each is in proportion to the one before."""
    return np.exp(first + np.concatenate([[0.0], np.cumsum(ratios)]))


def trimmed(values: np.ndarray) -> np.ndarray:
    """Without a tail that is negligible."""
    beyond = np.cumsum(values[::-1])[::-1]
    keep = max(1, int(np.count_nonzero(beyond > TAIL)))
    return values[:keep]


def at_least(values: np.ndarray, count: int) -> float:
    """Probability of `count` or more."""
    return float(max(0.0, 1.0 - values[:count].sum())) if count > 0 else 1.0
