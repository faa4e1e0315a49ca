"""Designs: published ones computed and found again; estimates that respect the design, checked exactly."""

import numpy as np
import pytest

from gms.base.errors import GmsError
from gms.base.json_tables import read_table
from gms.base.project import PROJECT
from gms.trials.two_stage.attained import first_bound, last_bound
from gms.trials.two_stage.design import Design, active_probability, at_least, binomial, characteristics, design_problems
from gms.trials.two_stage.estimates import estimate, umvue
from gms.trials.two_stage.search import NoDesign, search

ROWS = read_table(PROJECT / "tests" / "cases" / "trials" / "published_designs.tsv")
DRUP = Design(8, 0, 24, 4, 0.1, 0.3)


def design_of(row):
    counts = (int(row[name]) for name in ("n1", "r1", "n", "r"))
    return Design(*counts, float(row["p0"]), float(row["p1"]))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['kind']} {row['p0']} {row['p1']}")
def test_published_designs(row):
    found = characteristics(design_of(row))
    assert round(found.alpha, 4) == float(row["computed_alpha"])
    assert round(found.power, 4) == float(row["computed_power"])
    assert abs(found.pet - float(row["pet"])) < 0.0006 and abs(found.en - float(row["en"])) < 0.006


@pytest.mark.parametrize(
    "optimal, minimax",
    list(zip(ROWS[:-1:2], ROWS[1:-1:2], strict=True)),
    ids=lambda row: f"{row['kind']} {row['p0']} {row['p1']}",
)
def test_search_finds_the_published_designs(optimal, minimax):
    wanted = [float(optimal[name]) for name in ("p0", "p1", "alpha", "power")]
    found = search(*wanted, largest=75)
    assert found.optimal == design_of(optimal) and found.minimax == design_of(minimax)


def test_search_says_when_there_is_none():
    with pytest.raises(NoDesign, match="raise --largest"):
        search(0.1, 0.12, 0.05, 0.9, largest=30)
    with pytest.raises(GmsError, match="p0 must be below p1"):
        search(0.3, 0.1, 0.05, 0.8)


def test_characteristics_by_simulation():
    random = np.random.default_rng(1)
    for p, expected in ((0.1, 0.0778), (0.3, 0.8572)):
        first, second = random.binomial(8, p, 200_000), random.binomial(16, p, 200_000)
        assert abs(np.mean((first > 0) & (first + second > 4)) - expected) < 0.003


def test_claims_are_compared_to_the_digits_given():
    assert list(design_problems(DRUP, {"alpha": 0.0778, "power": 0.857, "pet": 0.4305, "en": 17.1})) == []
    found = [keys for keys, _ in design_problems(DRUP, {"alpha": 0.0779, "power": 0.8})]
    assert found == [("claims", "alpha"), ("claims", "power")]


OUTCOMES = [(1, s) for s in range(DRUP.r1 + 1)] + [(2, s) for s in range(DRUP.r1 + 1, DRUP.n + 1)]


def probability(design, stage, responses, p):
    if stage == 1:
        return binomial(design.n1, p)[responses]
    return at_least(design, responses, p) - at_least(design, responses + 1, p)


@pytest.mark.parametrize("design", [DRUP, Design(10, 1, 29, 5, 0.1, 0.3)], ids=str)
@pytest.mark.parametrize("p", [0.02, 0.1, 0.3, 0.6])
def test_estimates_are_exact(design, p):
    outcomes = [(1, s) for s in range(design.r1 + 1)] + [(2, s) for s in range(design.r1 + 1, design.n + 1)]
    weights = [probability(design, *outcome, p) for outcome in outcomes]
    assert sum(weights) == pytest.approx(1)
    found = [estimate(design, responses, stage) for stage, responses in outcomes]
    assert sum(w * one.rate for w, one in zip(weights, found, strict=True)) == pytest.approx(p)  # unbiased
    assert sum(w for w, one in zip(weights, found, strict=True) if one.low <= p <= one.high) >= 0.90
    assert sum(w for w, one in zip(weights, found, strict=True) if p < one.low) <= 0.05 + 1e-9
    rates = [one.rate for one in found]
    assert rates == sorted(rates) and all(one.low <= one.rate <= one.high for one in found)


def test_p_value_at_the_bound_is_the_type_one_error():
    assert estimate(DRUP, 5, 2).p_value == pytest.approx(characteristics(DRUP).alpha)
    assert estimate(DRUP, 0, 1).p_value == 1 and estimate(DRUP, 0, 1).rate == 0
    assert umvue(DRUP, 5, 2) > 5 / 24  # the rate that ignores the first stage is biased downwards


def test_attained_sizes_keep_the_planned_errors():
    assert first_bound(DRUP, 8) == 0 and last_bound(DRUP, 24) == 4
    for size in range(8, 24):
        bound = first_bound(DRUP, size)
        assert bound == 0 or binomial(size, 0.3)[: bound + 1].sum() <= binomial(8, 0.3)[0] + 1e-9
    for size in range(24, 40):
        attained = DRUP._replace(n=size, r=last_bound(DRUP, size))
        assert active_probability(attained, 0.1) <= active_probability(DRUP, 0.1) + 1e-9
