"""Residual disease on simulated reads: molecules are found again, and mates or copies do not count twice."""

import numpy as np
import pytest

from gms.validation.panel_benchmarks.residual import LOCI, Measure
from gms.validation.panel_benchmarks.residual_reads import Setting, depths_of_reference, samples


@pytest.mark.parametrize("setting", [Setting("mates", "", 0.01, 60), Setting("copies", "name", 0.01, 60)])
def test_every_read_counted_would_raise_the_type_one_error(setting):
    negatives = next(Measure(setting, 1, 60).negatives())
    called, naive = float(negatives[6]), float(negatives[8])
    assert called <= 0.04 and naive > 0.3  # noise of 10 molecules, 60 samples


def test_molecules_are_counted_once():
    setting, random = Setting("copies", "name", 0.0, 60), np.random.default_rng(2)
    depths = depths_of_reference(setting, random)
    found = samples(setting, [0.2] * 10, depths, random)
    assert depths.min() >= 50 and depths.max() <= 60 and len(found) == 10
    mutant = np.mean([one.mutant.sum() for one in found])
    assert mutant == pytest.approx(0.1 * 60 * LOCI, rel=0.15)
    assert np.mean([one.reads.sum() for one in found]) > 2 * mutant


def test_samples_with_their_own_limits_are_called():
    rows = list(Measure(Setting("mates", "", 1e-3, 300), 1, 120).rows(0, 12))
    assert [row[2][:9] for row in rows] == ["0", "0", "own limit", "own limit"]
    assert all(float(row[6]) >= 0.75 for row in rows[2:])
