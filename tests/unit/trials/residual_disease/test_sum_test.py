"""The exact test by simulated counts: type I error, power, a bad locus, unknown errors, limits of detection."""

import numpy as np
import pytest

from gms.trials.residual_disease.errors import Controls, at_least, noise, poisson, pooled
from gms.trials.residual_disease.one_locus import Observed, by_context, single_reason, without_outliers
from gms.trials.residual_disease.sensitivity import Sensitivity, limit_of_sum, power, threshold_of
from gms.trials.residual_disease.sum_test import evaluate, is_called

ALPHA = 0.01
SETTINGS = {
    "panel": (16, 3000, 1e-5),
    "exome": (500, 3000, 1e-6),
    "genome": (1000, 150, 1e-4),
}  # loci, molecules, error


def well_known(error):
    return Controls({"x": round(error * 10**9)}, {"x": 10**9})


def detected(counts, depth, controls, times=0, draw=None):
    """Whether our test calls these counts; what is below the threshold never is, so that only the rest is evaluated.

    `draw` makes the wrong ones of `times` as many control molecules of each locus."""
    loci = counts.shape[1]
    backgrounds = {loci: noise({"x": loci * depth}, controls)}
    least = threshold_of(backgrounds[loci], ALPHA)

    def call(row):
        found = observed(row, depth, draw() if times else None, times)
        kept, left_out = without_outliers(found, controls) if row.max() > 1 else (found, ())
        if len(kept) not in backgrounds:
            backgrounds[len(kept)] = noise({"x": len(kept) * depth}, controls)
        own = backgrounds[len(kept)]
        is_enough = at_least(own, sum(one.mutant for one in kept)) <= ALPHA
        return is_enough and not single_reason(kept, own, controls, ALPHA)

    return np.array([row.sum() >= least and call(row) for row in counts])


def observed(row, depth, wrong=None, times=0):
    wrong = [0] * len(row) if wrong is None else wrong.tolist()
    columns = zip(row.tolist(), wrong, strict=True)
    return [Observed(str(n), "x", 0.5, k, depth, m, depth * times) for n, (k, m) in enumerate(columns)]


def one(row, depth, controls):
    return evaluate(observed(row, depth), controls, ALPHA)


@pytest.mark.parametrize("loci, depth, error", SETTINGS.values(), ids=SETTINGS)
def test_type_one_error_and_power(loci, depth, error):
    """Ten controls. What the test loses of the exact power is measured on the same samples: outliers that were none,
    and calls that one locus might explain."""
    random, controls = np.random.default_rng(5), well_known(error)

    def own():
        return random.poisson(10 * depth * error, loci)

    negatives = random.poisson(depth * error, (10_000, loci))
    assert np.mean(detected(negatives, depth, controls, 10, own)) <= ALPHA
    background = poisson(loci * depth * error)
    least = threshold_of(background, ALPHA)
    limit = limit_of_sum(background, least, loci * depth / 2)
    for fraction in (1e-3, 1e-4, limit):
        exact = power(background, least, fraction * loci * depth / 2)
        samples = random.poisson(depth * (error + fraction / 2), (60 if exact > 0.999 else 250, loci))
        enough = samples.sum(axis=1) >= least
        assert 0 <= np.mean(enough) - np.mean(detected(samples, depth, controls, 10, own)) <= 0.03
        assert abs(np.mean(enough) - exact) <= 3 * np.sqrt(exact * (1 - exact) / len(enough)) + 1e-3


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


@pytest.mark.parametrize("fraction, runs", [(1e-4, 8000), (2e-4, 8000), (3e-4, 5000), (6e-4, 3000), (1e-3, 2000)])
def test_a_locus_with_few_errors_does_not_call(fraction, runs):
    """One bad locus of 16 that looks like a tumour of few molecules, and three controls."""
    random, rates = np.random.default_rng(11), np.full(16, 1e-5)
    rates[3] += fraction
    counts = random.poisson(3000 * rates, (runs, 16))
    assert np.mean(detected(counts, 3000, well_known(1e-5), 3, lambda: random.poisson(9000 * rates))) <= ALPHA


@pytest.mark.parametrize("fraction", [3e-3, 0.01, 0.3])
def test_a_locus_with_many_errors_does_not_call(fraction):
    """Even without controls of its own it is unlike the others."""
    random = np.random.default_rng(7)
    counts = random.poisson(3000 * 1e-5, (150, 16))
    counts[:, 3] = random.poisson(3000 * fraction, 150)
    controls = well_known(1e-5)
    rows = [observed(row, 3000) for row in counts]
    assert np.mean([is_called(row, controls, ALPHA) for row in rows]) <= 0.01
    assert np.mean(["3" in without_outliers(row, controls)[1] for row in rows]) > 0.9


def test_the_locus_that_may_be_the_reason_is_named():
    def found(first, second, own):
        row, controls = np.array([first, second, *[0] * 14]), np.array([*own, *[0] * 14])
        return evaluate(observed(row, 3000, controls, 10), well_known(1e-5), ALPHA)

    assert found(2, 2, (0, 0)).one_locus == "" and found(2, 2, (0, 0)).detected
    noisy = found(2, 2, (6, 0))  # two of its 3,000 molecules, six of 30,000 control molecules
    assert noisy.one_locus == "0" and not noisy.detected and noisy.p_value <= ALPHA
    assert found(0, 4, (0, 0)).one_locus in ("1", "") and not found(0, 4, (0, 0)).detected


def test_errors_that_are_hardly_known_raise_the_threshold():
    few, many = Controls({"x": 0}, {"x": 100_000}), Controls({"x": 5}, {"x": 10_000_000})
    row = np.zeros(16, dtype=int)
    assert one(row, 3000, few).threshold > one(row, 3000, many).threshold


def test_type_one_error_with_errors_that_are_estimated():
    """One context. Controls are drawn as well: 200,000 control molecules of an error of 1e-5."""
    random, calls = np.random.default_rng(8), 0
    thresholds = {m: threshold_of(noise({"x": 48_000}, Controls({"x": m}, {"x": 200_000})), ALPHA) for m in range(20)}
    for wrong, mutant in zip(random.poisson(2.0, 20_000), random.poisson(0.48, 20_000), strict=True):
        calls += mutant >= thresholds[wrong]
    assert calls / 20_000 <= ALPHA


def test_interval_covers_the_fraction():
    random, controls = np.random.default_rng(9), well_known(1e-5)
    rows = random.poisson(3000 * (1e-5 + 1e-3 / 2), (120, 16))
    assert np.mean([(found := one(row, 3000, controls)).low <= 1e-3 <= found.high for row in rows]) >= 0.90


def test_contexts_share_what_is_known_of_errors():
    """16 contexts with 15,000 control molecules each: known apart, nothing at 1e-4 would be found."""
    random, loci, contexts = np.random.default_rng(12), 16, [f"c{n}" for n in range(16)]
    depths, size = dict.fromkeys(contexts, 3000), 15_000
    errors = 1e-5 * np.exp(random.normal(-0.5, 1, (40, loci)))  # they differ by a factor of e
    false, power_of, exact = [], [], []
    for rates in errors:
        wrong = random.poisson(rates * size).tolist()
        least = threshold_of(
            noise(depths, Controls(dict(zip(contexts, wrong, strict=True)), dict.fromkeys(contexts, size))), ALPHA
        )
        true = poisson(3000 * rates.sum())
        false.append(at_least(true, least))
        power_of.append(power(true, least, 1e-3 / 2 * 48_000))
        exact.append(power(true, threshold_of(true, ALPHA), 1e-3 / 2 * 48_000))
    assert np.mean(false) <= ALPHA and np.mean(exact) - np.mean(power_of) < 0.03


def sample_of(loci, depth, error, random, fraction=0.0, controls=10):
    """Loci of six contexts, with as many controls, and what these say."""
    wrong = random.poisson(controls * depth * error, loci).tolist()
    found = random.poisson(depth * (error + fraction / 2), loci).tolist()
    kinds = [f"c{place % 6}" for place in range(loci)]
    rows = list(zip(kinds, found, wrong, strict=True))
    sample = [Observed(str(n), kind, 0.5, k, depth, m, controls * depth) for n, (kind, k, m) in enumerate(rows)]
    return sample, pooled((kind, bad, controls * depth) for kind, _, bad in rows)


@pytest.mark.parametrize("loci, error, controls", [(16, 1e-5, 10), (4, 2e-5, 10)])
def test_the_printed_limit_is_detected(loci, error, controls):
    """With errors estimated from a few controls, and with the rule that no locus calls alone."""
    random, called, limits, runs = np.random.default_rng(13), 0, [], 40
    for _ in range(runs):
        negative, known = sample_of(loci, 3000, error, random, controls=controls)
        sample = Sensitivity(negative, noise(by_context(negative), known), known, ALPHA)
        limits.append(sample.limit())
        found = random.poisson(3000 * (error + limits[-1] / 2), loci).tolist()
        called += is_called([one._replace(mutant=k) for one, k in zip(negative, found, strict=True)], known, ALPHA)
    assert called / runs >= 0.95 - 2 * np.sqrt(0.95 * 0.05 / runs), np.median(limits)
    assert sample.limit() >= limit_of_sum(sample.errors, sample.threshold, sample.carriers)


def test_alpha_that_is_passed_on_gives_power_to_later_time_points():
    """Three planned time points and three controls: 16 instead of 10 % at the third, at a tumour fraction of 1e-4."""
    random, equal, last = np.random.default_rng(3), [], []
    for _ in range(12):
        sample, known = sample_of(16, 3000, 1e-5, random, controls=3)
        background, spent = noise(by_context(sample), known), 0.0
        for number in range(3):
            one = Sensitivity(sample, background, known, (ALPHA - spent) / (3 - number))
            spent += at_least(background, one.threshold)
            if number != 1:
                (last if number else equal).append(one.power(1e-4))
        assert spent <= ALPHA
    assert np.mean(last) > 1.3 * np.mean(equal)


def test_one_locus_has_no_limit():
    sample, known = sample_of(1, 48_000, 1e-5, np.random.default_rng(14))
    assert evaluate(sample, known, ALPHA).lod is None


def test_a_context_without_controls_is_less_known_than_the_others():
    found = pooled([("a", 10, 10**6), ("b", 12, 10**6)])
    known, unknown = noise({"a": 10**5}, found), noise({"c": 10**5}, found)
    assert threshold_of(unknown, ALPHA) > threshold_of(known, ALPHA)
    assert found.rate("c") > found.rate("a") == pytest.approx(1e-5, rel=0.1)


def test_noise_is_a_distribution():
    values = noise({"a": 1000, "b": 50_000}, Controls({"a": 200, "b": 700}, {"a": 10**6, "b": 10**8}))
    assert values.sum() == pytest.approx(1) and at_least(values, 0) == 1
    assert np.arange(len(values)) @ values == pytest.approx(1000 * 2e-4 + 50_000 * 7e-6, rel=0.01)


def test_without_controls_nothing_is_called():
    found = one(np.array([3] * 16), 3000, Controls({}, {}))
    assert not found.detected and found.threshold > 48
