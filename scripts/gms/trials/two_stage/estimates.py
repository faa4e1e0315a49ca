"""Estimate, confidence interval and p-value of a response rate that respect the two-stage design.

Outcomes are ordered stagewise: all that stopped at the first stage are below all that went on, and within a stage the
number of responses decides. Point estimate: UMVUE (Jung and Kim 2004, Stat Med 23:881-896); interval: exact tail
probabilities of that ordering (Jennison and Turnbull 1983, Technometrics 25:49-58); p-value: probability at p0 of an
outcome at least as high. Ignoring the stages, as k/n and Clopper-Pearson do, gives a biased rate.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

from gms.trials.two_stage.design import Design, at_least, binomial

METHOD = "UMVUE (Jung and Kim 2004); exact interval, stagewise ordering (Jennison and Turnbull 1983)"
LEVEL = 0.90  # two-sided; its lower bound is the one-sided 95 % bound


class Estimate(NamedTuple):
    """Response rate with its interval, 0-1; p-value of `rate is p0 or lower`."""

    rate: float
    low: float
    high: float
    p_value: float


def estimate(design: Design, responses: int, stage: int, level: float = LEVEL) -> Estimate:
    """Of an outcome after stage 1 (all n1 evaluated, `responses` <= r1) or stage 2 (all n evaluated).

    `design.n` is the number of patients that were evaluated; it may differ from the plan where that did not depend on
    the responses of the second stage.
    """
    tail = (1 - level) / 2
    size = design.n1 if stage == 1 else design.n
    low = 0.0 if responses == 0 else _root(lambda p: _upper(design, responses, stage, p) - tail)
    high = 1.0 if responses == size else _root(lambda p: tail - _lower(design, responses, stage, p))
    p_value = min(1.0, _upper(design, responses, stage, design.p0))
    return Estimate(umvue(design, responses, stage), low, high, p_value)


def umvue(design: Design, responses: int, stage: int) -> float:
    """The unbiased estimate of smallest variance."""
    if stage == 1:
        return responses / design.n1
    n1, n2 = design.n1, design.n - design.n1
    span = range(max(design.r1 + 1, responses - n2), min(responses, n1) + 1)
    above = sum(math.comb(n1 - 1, x - 1) * math.comb(n2, responses - x) for x in span)
    return above / sum(math.comb(n1, x) * math.comb(n2, responses - x) for x in span)


def _upper(design: Design, responses: int, stage: int, p: float) -> float:
    """Probability of an outcome at least as high."""
    if stage == 1:
        return float(binomial(design.n1, p)[responses:].sum())
    return at_least(design, responses, p)


def _lower(design: Design, responses: int, stage: int, p: float) -> float:
    """Probability of an outcome at most as high."""
    if stage == 1:
        return float(binomial(design.n1, p)[: responses + 1].sum())
    return 1.0 - at_least(design, responses + 1, p)


def _root(function: Callable[[float], float]) -> float:
    """Zero of an increasing function on 0-1, by bisection to 1e-9."""
    low, high = 0.0, 1.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        low, high = (middle, high) if function(middle) < 0 else (low, middle)
    return (low + high) / 2
