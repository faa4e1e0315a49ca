"""What proves that a variant is acquired."""

from fractions import Fraction
from math import comb

import pytest

from gms.sharing.deidentify.somatic import Evidence, at_most, inherited


def seen(tumor=(30, 90), normal=(0, 30), genotype="0/0", nlod=8.0, known=False, contig="chr1"):
    return Evidence(contig, tumor, normal, genotype, nlod, known)


@pytest.mark.parametrize(
    "evidence, reason",
    [
        (seen(), None),
        (seen(nlod=2.2), None),
        (seen(nlod=2.19), "normal_does_not_exclude"),
        (seen(nlod=5.49, known=True), "normal_does_not_exclude"),
        (seen(nlod=5.5, known=True), None),
        (seen(nlod=5.49, known=None), "normal_does_not_exclude"),
        (seen(nlod=None), "normal_does_not_exclude"),
        (seen(genotype="0/1"), "in_normal"),
        (seen(normal=(2, 30)), None),
        (seen(normal=(4, 30)), "in_normal"),
        (seen(tumor=(0, 0)), None),
        (seen(contig="MT"), "mitochondrial"),
    ],
)
def test_with_a_normal(evidence, reason):
    assert inherited(evidence) == reason


@pytest.mark.parametrize(
    "tumor, known, reason",
    [
        ((50, 500), False, None),
        ((50, 500), True, "in_population"),
        ((50, 500), None, "population_not_looked_up"),
        ((250, 500), False, "fraction_of_inherited"),
        ((4, 20), False, "fraction_of_inherited"),
        ((0, 0), False, "fraction_of_inherited"),
    ],
)
def test_without_a_normal(tumor, known, reason):
    assert inherited(seen(tumor, None, "", None, known)) == reason


@pytest.mark.parametrize("alt, depth", [(0, 12), (1, 20), (20, 100), (60, 333), (270, 1000)])
def test_the_distribution_is_exact(alt, depth):
    p = Fraction(3, 10)
    exact = sum(comb(depth, k) * p**k * (1 - p) ** (depth - k) for k in range(alt + 1))
    assert at_most(alt, depth, 0.3) == pytest.approx(float(exact), rel=1e-9)


def test_the_bound():
    """Exact upper 99 % bounds of 0.3 lie between these counts (Clopper and Pearson: 13 reads need no variant read)."""
    assert inherited(seen((0, 12), None)) == "fraction_of_inherited" and inherited(seen((0, 13), None)) is None
    assert inherited(seen((20, 100), None)) == "fraction_of_inherited" and inherited(seen((19, 100), None)) is None
