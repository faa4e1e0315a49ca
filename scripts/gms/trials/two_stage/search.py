"""Search for Simon's optimal and minimax designs over all sizes up to a limit."""

from typing import NamedTuple

import numpy as np

from gms.base.errors import GmsError
from gms.trials.two_stage.design import Design, binomial

LARGEST = 100  # patients


class UnusableRates(GmsError):
    """Rates and errors that no design can have."""


class NoDesign(GmsError):
    """No design of the wanted size keeps both errors."""

    def __init__(self, largest: int):
        super().__init__(f"no two-stage design with up to {largest} patients has these errors; raise --largest")


class Found(NamedTuple):
    """`optimal` has the smallest expected size at p0, `minimax` the smallest size, then the smallest expected size."""

    optimal: Design
    minimax: Design


def search(p0: float, p1: float, alpha: float, power: float, largest: int = LARGEST) -> Found:
    """Both designs with type I error <= alpha at p0 and power at p1. Raises NoDesign."""
    if not (0 < p0 < p1 < 1 and 0 < alpha < 1 and 0 < power < 1):
        raise UnusableRates("p0 must be below p1, and p0, p1, alpha and power between 0 and 1")
    best: dict[str, tuple] = {}
    pmf = {p: [binomial(n, p) for n in range(largest + 1)] for p in (p0, p1)}
    for n in range(2, largest + 1):
        for n1 in range(1, n):
            found = _best(n1, n, pmf[p0], pmf[p1], (alpha, power))
            if found is None:
                continue
            size, r1, r = found
            entry = Design(n1, r1, n, r, p0, p1)
            best["optimal"] = min(best.get("optimal", (size, n, entry)), (size, n, entry))
            best["minimax"] = min(best.get("minimax", (n, size, entry)), (n, size, entry))
    if not best:
        raise NoDesign(largest)
    return Found(best["optimal"][2], best["minimax"][2])


def _best(n1: int, n: int, pmf0: list, pmf1: list, wanted: tuple[float, float]) -> tuple[float, int, int] | None:
    """(expected size, r1, r) of the design of this size with the smallest expected size that keeps both errors."""
    alpha, power = wanted
    errors, powers = (_active(pmf[n1], pmf[n - n1], n) for pmf in (pmf0, pmf1))
    fits = (errors <= alpha) & (powers >= power)
    rows = np.flatnonzero(fits.any(axis=1))
    if not rows.size:
        return None
    r1 = int(rows[-1])  # the largest bound that fits stops earliest
    stopped = pmf0[n1][: r1 + 1].sum()
    return float(n1 + (1 - stopped) * (n - n1)), r1, int(np.flatnonzero(fits[r1])[0])


def _active(first: np.ndarray, second: np.ndarray, n: int) -> np.ndarray:
    """Probability to call the drug active, by r1 (rows, 0 ... n1 - 1) and r (columns, 0 ... n - 1)."""
    n1, n2 = len(first) - 1, len(second) - 1
    tail = np.concatenate([np.cumsum(second[::-1])[::-1], [0.0]])  # tail[k]: at least k of n2
    need = np.arange(n)[None, :] + 1 - np.arange(n1 + 1)[:, None]  # more than r in all, x of them in the first stage
    joint = first[:, None] * tail[np.clip(need, 0, n2 + 1)]
    return np.cumsum(joint[::-1], axis=0)[::-1][1:]  # row r1 holds the sum over x > r1
