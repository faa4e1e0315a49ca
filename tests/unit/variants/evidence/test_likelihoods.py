import math

import pytest

from gms.variants.evidence.likelihoods import normal_lod, tumor_lod
from gms.variants.evidence.reads import FORWARD, Observation


def reads(n: int, quality: int = 30) -> list[Observation]:
    return [Observation((1, 0), quality, 60, FORWARD, 40)] * n


def test_tumor_lod_counts_alt_reads_against_errors():
    assert tumor_lod([], 50) == 0
    # 5 of 100 reads at Q30: sum of log10(f/e + 1-f) + 95 log10(1-f), with e = 0.001 / 3
    expected = 5 * math.log10(0.05 / (0.001 / 3) + 0.95) + 95 * math.log10(0.95)
    assert tumor_lod(reads(5), 100) == pytest.approx(expected)
    assert tumor_lod(reads(5), 100) > 6.3 > tumor_lod(reads(2, quality=15), 100)  # MuTect's limit
    assert tumor_lod(reads(10), 10) == pytest.approx(10 * math.log10(3000))


def test_bases_are_not_trusted_beyond_q30():
    assert tumor_lod(reads(5, quality=41), 100) == tumor_lod(reads(5, quality=30), 100)


def test_normal_lod_tells_absence_from_a_germline_variant():
    assert normal_lod([], 20) == pytest.approx(20 * math.log10(2))
    assert normal_lod([], 7) < 2.3 < normal_lod([], 8)  # MuTect's limit, reached with eight reads
    assert normal_lod(reads(10), 20) < -25
    assert normal_lod(reads(1), 30) > 2.3  # a single read of contamination does not make it germline
