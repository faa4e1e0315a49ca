"""Control molecules: loci that err in a way of their own, and controls that hold the patient's tumour."""

from pathlib import Path

import numpy as np

from gms.trials.residual_disease.controls import Row, background_of, controls_of, foreign_patients
from gms.trials.residual_disease.loci import Locus

LOCI = [Locus("chr1", 100 * number, "C", "T") for number in range(16)]
DEPTH = 3000


def rows(rates, random):
    """One control sample."""
    wrong = random.poisson(DEPTH * np.broadcast_to(rates, len(LOCI))).tolist()
    return [Row(locus, f"c{place % 6}", bad, DEPTH) for place, (locus, bad) in enumerate(zip(LOCI, wrong, strict=True))]


def samples(number, rates, seed=1):
    random = np.random.default_rng(seed)
    return {Path(f"control-{place}.cram"): rows(rates, random) for place in range(number)}


def test_a_locus_that_errs_in_a_way_of_its_own_is_left_out():
    rates = np.full(16, 1e-5)
    rates[[3, 7]] = 1e-3, 5e-3  # the second does not hide behind the first
    found = background_of(samples(5, rates), 0.01)
    assert set(found.noisy) == {str(LOCI[3]), str(LOCI[7])} and found.carriers == []
    assert "of 15000 control molecules show it" in found.noisy[str(LOCI[7])]
    assert LOCI[3] not in found.by_locus() and sum(controls_of(found.rows()).wrong.values()) < 15


def test_loci_of_one_context_that_errs_often_are_kept():
    rates = np.where(np.arange(16) % 6 == 0, 2e-4, 1e-5)
    assert background_of(samples(5, rates), 0.01).noisy == {}


def test_equal_loci_are_hardly_ever_left_out():
    assert sum(bool(background_of(samples(3, 1e-5, seed), 0.01).noisy) for seed in range(40)) <= 3


def test_a_control_with_the_tumour_is_none():
    found = samples(5, 1e-5) | {Path("swapped.cram"): rows(2e-3, np.random.default_rng(2))}
    background = background_of(found, 0.01)
    assert background.carriers == ["swapped"] and background.noisy == {}
    assert background.by_locus()[LOCI[0]].all == 5 * DEPTH


def test_a_sample_with_another_patients_tumour():
    healthy = [row for one in samples(5, 1e-5).values() for row in one]
    random = np.random.default_rng(3)
    elsewhere = {"P2": rows(1e-3, random), "P3": rows(1e-5, random), "P4": []}
    foreign, left = foreign_patients(elsewhere, healthy, 0.01)
    assert foreign == ["P2"] and left == elsewhere["P3"]
