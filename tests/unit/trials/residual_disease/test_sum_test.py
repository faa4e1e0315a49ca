"""The exact test by simulated counts: type I error, power, a bad locus, unknown errors, limits of detection."""

import numpy as np
import pytest

from gms.trials.residual_disease.errors import Controls, at_least, noise, poisson, pooled
from gms.trials.residual_disease.sum_test import (
    Observed,
    evaluate,
    is_called,
    limit_of_detection,
    power,
    threshold_of,
    without_outliers,
)

ALPHA = 0.01
SETTINGS = {
    "panel": (16, 3000, 1e-5),
    "exome": (500, 3000, 1e-6),
    "genome": (1000, 150, 1e-4),
}  # loci, molecules, error


def well_known(error):
    return Controls({"x": round(error * 10**9)}, {"x": 10**9})


def detected(counts, depth, controls):
    """Whether our test calls these counts; what is below the threshold never is, so that only the rest is evaluated."""
    background = noise({"x": counts.shape[1] * depth}, controls)
    least = threshold_of(background, ALPHA)

    def call(row):
        if row.max() < 2:  # none is an outlier
            return True
        kept, _ = without_outliers(observed(row, depth), controls)
        lost = counts.shape[1] - len(kept)
        own = noise({"x": len(kept) * depth}, controls) if lost else background
        return is_called(kept, own, ALPHA)

    return [row.sum() >= least and call(row) for row in counts]


def observed(row, depth):
    return [Observed(str(n), "x", 0.5, int(k), depth) for n, k in enumerate(row)]


def one(row, depth, controls):
    return evaluate(observed(row, depth), controls, ALPHA)


@pytest.mark.parametrize("loci, depth, error", SETTINGS.values(), ids=SETTINGS)
def test_type_one_error_and_power(loci, depth, error):
    random, controls = np.random.default_rng(5), well_known(error)
    negatives = random.poisson(depth * error, (10_000, loci))
    assert np.mean(detected(negatives, depth, controls)) <= ALPHA
    background = poisson(loci * depth * error)
    limit = limit_of_detection(background, threshold_of(background, ALPHA), loci * depth / 2)
    for fraction in (1e-3, 1e-4, limit):
        exact = power(background, threshold_of(background, ALPHA), fraction * loci * depth / 2)
        runs = 60 if exact > 0.999 else 1500
        positives = random.poisson(depth * (error + fraction / 2), (runs, loci))
        found = np.mean(detected(positives, depth, controls))
        assert abs(found - exact) <= 0.03 + 0.012  # 3 points, and what a simulation of this size errs


@pytest.mark.parametrize(
    "loci, depth, error, threshold, low, high",
    [(16, 3000, 1e-5, 4, 3.0e-4, 3.2e-4), (500, 3000, 1e-6, 6, 1.2e-5, 1.3e-5), (5000, 30, 1e-4, 26, 2.4e-4, 2.7e-4)],
)
def test_published_thresholds_and_limits(loci, depth, error, threshold, low, high):
    found = one(np.zeros(loci, dtype=int), depth, well_known(error))
    assert found.threshold == threshold and low < found.lod < high and found.alpha_actual <= ALPHA
    assert found.informative == loci * depth and found.fraction == found.low == 0


def test_mates_counted_twice_would_raise_the_type_one_error():
    """60 % of the molecules on both mates, noise of 15 molecules: above 30 % in the naive way, at most 1 % in ours."""
    random, controls = np.random.default_rng(6), well_known(1e-5)
    molecules = random.poisson(3000 * 1e-5, (2000, 500))
    twice = molecules + random.binomial(molecules, 0.6)
    least = threshold_of(poisson(15), ALPHA)
    assert np.mean(twice.sum(axis=1) >= least) > 0.30
    assert np.mean(detected(molecules, 3000, controls)) <= ALPHA


@pytest.mark.parametrize("fraction", [5e-3, 0.02, 0.3])
def test_one_bad_locus_of_16_does_not_call(fraction):
    random = np.random.default_rng(7)
    counts = random.poisson(3000 * 1e-5, (150, 16))
    counts[:, 3] = random.poisson(3000 * fraction, 150)
    found = [one(row, 3000, well_known(1e-5)) for row in counts]
    assert np.mean([result.detected for result in found]) <= 0.01
    assert np.mean(["3" in result.outliers for result in found]) > 0.95


def test_errors_that_are_hardly_known_raise_the_threshold():
    few, many = Controls({"x": 0}, {"x": 100_000}), Controls({"x": 5}, {"x": 10_000_000})
    row = np.zeros(16, dtype=int)
    assert one(row, 3000, few).threshold > one(row, 3000, many).threshold


def test_type_one_error_with_errors_that_are_estimated():
    """Controls are drawn as well: 200,000 control molecules of an error of 1e-5."""
    random, calls = np.random.default_rng(8), 0
    thresholds = {m: threshold_of(noise({"x": 48_000}, Controls({"x": m}, {"x": 200_000})), ALPHA) for m in range(20)}
    for wrong, mutant in zip(random.poisson(2.0, 20_000), random.poisson(0.48, 20_000), strict=True):
        calls += mutant >= thresholds[wrong]
    assert calls / 20_000 <= ALPHA


def test_interval_covers_the_fraction():
    random, controls = np.random.default_rng(9), well_known(1e-5)
    rows = random.poisson(3000 * (1e-5 + 1e-3 / 2), (120, 16))
    assert np.mean([(found := one(row, 3000, controls)).low <= 1e-3 <= found.high for row in rows]) >= 0.90


def test_contexts_without_controls_get_the_errors_of_all():
    found = pooled([("a", 1, 100), ("b", 3, 300)], {"a", "b", "c"})
    assert (found.wrong["c"], found.all["c"]) == (4, 400)


def test_noise_is_a_distribution():
    values = noise({"a": 1000, "b": 50_000}, Controls({"a": 2, "b": 7}, {"a": 10_000, "b": 1_000_000}))
    assert values.sum() == pytest.approx(1) and at_least(values, 0) == 1
    assert np.arange(len(values)) @ values == pytest.approx(1000 * 2.5e-4 + 50_000 * 7.5e-6, rel=1e-6)
