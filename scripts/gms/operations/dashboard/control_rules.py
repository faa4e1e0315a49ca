"""Whether a series of runs drifts: a Levey-Jennings chart with Westgard's rules for systematic error.

Levey and Jennings 1950, Am J Clin Pathol 20:1059, doi:10.1093/ajcp/20.11_ts.1059; Westgard and others 1981, Clin Chem
27:493, doi:10.1093/clinchem/27.3.493. The control value of a run is the median of its samples. Mean and standard
deviation are those of the first 20 runs, as is usual in laboratories; of fewer they are provisional.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

BASELINE = 20  # runs
FEWEST = 5  # runs of a provisional baseline
_LEAST = 0.01  # of the mean: a spread below 1 % is not used, it would call the last digits a drift
_SMALLEST = 0.001  # the same where the mean is 0
# Rule -> (consecutive runs, standard deviations that all of them exceed on the same side).
RULES = {"1_3s": (1, 3.0), "2_2s": (2, 2.0), "4_1s": (4, 1.0), "10_x": (10, 0.0)}
WORDS = {
    "1_3s": "one run beyond 3 SD",
    "2_2s": "two consecutive runs beyond 2 SD on the same side",
    "4_1s": "four consecutive runs beyond 1 SD on the same side",
    "10_x": "ten consecutive runs on the same side of the mean",
}


class Baseline(NamedTuple):
    """Mean and sample standard deviation of the first `runs` runs."""

    mean: float
    deviation: float
    runs: int

    @property
    def is_provisional(self) -> bool:
        return self.runs < BASELINE


def baseline_of(values: Sequence[float]) -> Baseline | None:
    """Baseline of a series: the first 20 runs, half of them where there are no more than 20; None of too few."""
    runs = BASELINE if len(values) > BASELINE else max(FEWEST, len(values) // 2)
    if len(values) <= runs:
        return None
    first = values[:runs]
    mean = math.fsum(first) / runs
    deviation = math.sqrt(math.fsum((value - mean) ** 2 for value in first) / (runs - 1))
    return Baseline(mean, max(deviation, _LEAST * abs(mean), _SMALLEST if not mean else 0.0), runs)


def broken_rules(values: Sequence[float], baseline: Baseline) -> list[tuple[str, ...]]:
    """Rules that each run breaks, with those before it; runs of the baseline break none."""
    distances = [(value - baseline.mean) / baseline.deviation for value in values]
    return [
        tuple(rule for rule in RULES if at >= baseline.runs and _breaks(distances[baseline.runs : at + 1], rule))
        for at in range(len(values))
    ]


def _breaks(distances: Sequence[float], rule: str) -> bool:
    number, limit = RULES[rule]
    last = distances[-number:]
    return len(last) == number and (all(z > limit for z in last) or all(z < -limit for z in last))
