"""Operating characteristics of a two-stage design (Simon 1989, Control Clin Trials 10:1-10), by exact binomial sums.

A design (n1, r1, n, r) stops for futility with r1 responses of n1 or fewer, and calls the drug active with more than r
responses of n. Responses are independent with one rate p, 0-1.
"""

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np

MOST = 1000  # patients: beyond, binomial coefficients are no floating-point numbers any more


class Design(NamedTuple):
    """Numbers of evaluable patients (n1, n) and of responses (r1, r); rates of no interest and of interest, 0-1."""

    n1: int
    r1: int
    n: int
    r: int
    p0: float
    p1: float

    def __str__(self) -> str:
        return f"{self.r1}/{self.n1} {self.r}/{self.n}"


class Characteristics(NamedTuple):
    """Type I error at p0, power at p1, probability of early termination (PET) and expected size (EN) at p0."""

    alpha: float
    power: float
    pet: float
    en: float


def binomial(n: int, p: float) -> "np.ndarray":
    """Probabilities of 0 ... n responses."""
    import numpy as np  # for designs; a job that matches a case to trials need not load it

    return np.array([math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1)])


def active_probability(design: Design, p: float) -> float:
    """Probability that the drug is called active when the rate is p."""
    return at_least(design, design.r + 1, p)


def at_least(design: Design, responses: int, p: float) -> float:
    """Probability of passing the first stage and of at least so many responses in all."""
    first, second = binomial(design.n1, p), binomial(design.n - design.n1, p)
    tail = [*second[::-1].cumsum()[::-1], 0.0]
    beyond = range(design.r1 + 1, design.n1 + 1)
    return float(sum(first[x] * tail[min(max(0, responses - x), len(tail) - 1)] for x in beyond))


def early_termination(design: Design, p: float) -> float:
    """Probability to stop after the first stage."""
    return float(binomial(design.n1, p)[: design.r1 + 1].sum())


def characteristics(design: Design) -> Characteristics:
    """All four, computed."""
    pet = early_termination(design, design.p0)
    alpha, power = (active_probability(design, p) for p in (design.p0, design.p1))
    return Characteristics(alpha, power, pet, design.n1 + (1 - pet) * (design.n - design.n1))


def design_problems(design: Design, claims: Mapping[str, float]) -> Iterator[tuple[tuple[str, ...], str]]:
    """(keys, what is wrong) of a design that cannot be, or that is not what is claimed of it."""
    if not design.p0 < design.p1:
        yield ("p1",), f"p1 {design.p1} must be above p0 {design.p0}"
    if design.n > MOST:
        yield ("n",), f"n {design.n} must be at most {MOST} patients"
    elif not 0 < design.n1 < design.n:
        yield ("n1",), f"n1 {design.n1} must be below n {design.n}, the patients of both stages"
    elif not (design.r1 < design.n1 and design.r1 <= design.r < design.n):
        yield ("r",), f"bounds {design} cannot be: r1 below n1, r at least r1 and below n"
    elif design.p0 < design.p1:
        for key, computed in characteristics(design)._asdict().items():
            if key in claims and not agrees(claims[key], computed, 1 if key == "en" else 2):
                text = (
                    f"{key} {claims[key]} is claimed, but {design} has {computed:.4f} (p0 {design.p0}, p1 {design.p1})"
                )
                yield ("claims", key), f"{text}; correct the design or the claim"


def agrees(claimed: float, computed: float, least: int) -> bool:
    """Whether a value is the claimed one when rounded to the digits that were given, `least` of them at least."""
    digits = max(least, len(repr(float(claimed)).partition(".")[2].rstrip("0")))
    return abs(claimed - computed) <= 0.5 * 10**-digits + 1e-9
