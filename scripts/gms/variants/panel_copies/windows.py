"""Windows and segments of a sample, 0-based half-open."""

from collections.abc import Sequence
from itertools import accumulate, groupby
from math import sqrt
from statistics import fmean, median
from typing import NamedTuple

from gms.variants.panel_copies.reference import OFF_TARGET

CLEAR = 5.0  # natural logarithm of the likelihood that windows at an end must gain to be left out (odds of 150)
TAKEN_IN = 3  # windows at an end; more of another level are a segment of their own
LEAST_NOISE = 0.01  # log2, of a window
UNNAMED = (OFF_TARGET, "-", "")  # in place of a gene


class Ratio(NamedTuple):
    """A window of a sample: logarithm (base 2) of its depth over that of normals, and the weight of the value.
    `spread`: standard deviation of the normals there, over the median of windows of its kind (targets, or between)."""

    contig: str
    start: int
    end: int
    gene: str
    log2: float
    weight: float
    spread: float = 1.0

    @property
    def on_target(self) -> bool:
        """Whether it is in a target."""
        return self.gene != OFF_TARGET


class Segment(NamedTuple):
    """A stretch of windows of one depth; `bins`: their number."""

    contig: str
    start: int
    end: int
    log2: float
    bins: int


def places(windows: Sequence[Ratio]) -> int:
    """Genes, each once whatever lies in its introns, and stretches of windows that are in no gene's targets."""
    stretches = [gene for gene, _ in groupby(window.gene for window in windows)]
    return len(set(stretches).difference(UNNAMED)) + sum(gene in UNNAMED for gene in stretches)


def relative_spread(windows: Sequence[Ratio]) -> float:
    """Root mean square of their spread: standard errors of these windows over those of usual ones."""
    return sqrt(fmean(window.spread**2 for window in windows))


def narrowed(windows: Sequence[Ratio], before: float, after: float, noise: float) -> Sequence[Ratio]:
    """The windows of a segment without those at its ends that are clearly of the level `before` or `after` it.

    A segment needs several windows to begin and a clear step to end, so that an event of few windows takes in others.
    Levels and `noise` (of a window) are log2; errors are taken as normal."""
    level = median(window.log2 for window in windows)
    first = _clear([window.log2 for window in windows], level, before, noise)
    last = _clear([window.log2 for window in reversed(windows)], level, after, noise)
    return windows[first : len(windows) - last] if first + last < len(windows) else windows


def _clear(values: Sequence[float], level: float, beyond: float, noise: float) -> int:
    """How many of the first values fit `beyond` better than `level`, together by CLEAR at least."""
    twice = 2 * max(noise, LEAST_NOISE) ** 2
    gains = list(accumulate(((value - level) ** 2 - (value - beyond) ** 2) / twice for value in values[:TAKEN_IN]))
    best = max(gains, default=0.0)
    return gains.index(best) + 1 if best >= CLEAR else 0


def mean_log2(windows: Sequence[Ratio]) -> float:
    """Weighted, as CNVkit's of segments."""
    return sum(window.log2 * window.weight for window in windows) / sum(window.weight for window in windows)
