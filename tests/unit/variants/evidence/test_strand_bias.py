import math

import pytest

from gms.variants.evidence.strand_bias import fisher_strand


@pytest.mark.parametrize("table, p", [
    # Fisher's tea taster; then values of R's fisher.test
    ((3, 1, 1, 3), 0.4857143),
    ((10, 0, 0, 10), 1.082509e-05),
    ((1, 9, 11, 3), 0.002759456),
    ((20, 20, 5, 5), 1.0),
    ((0, 0, 4, 6), 1.0),
])  # fmt: skip
def test_strand_bias_is_fishers_exact_test(table, p):
    assert fisher_strand(*table) == pytest.approx(-math.log10(p), abs=1e-4)


def test_strand_bias_of_deep_panels_is_finite():
    assert 20 < fisher_strand(5000, 5000, 400, 0) <= 30
    assert fisher_strand(0, 0, 0, 0) == 0
