import pytest

from gms.qc import coverage

BASES = {"chr1": (100, 80), "chr2": (100, 100), "chrX": (100, 100)}


def test_filled_gives_skipped_depths_the_value_of_the_next():
    assert coverage.filled({3: 0.2, 1: 0.9, 0: 1.0}) == {1: 0.9, 2: 0.2, 3: 0.2}
    assert coverage.filled({}) == {}


def test_genome_curve_is_over_autosomes_without_n():
    curves = {"chr1": {1: 0.8, 2: 0.4}, "chr2": {1: 0.5}, "chrX": {1: 0.0}}
    assert coverage.genome_curve(curves, BASES) == {1: pytest.approx(130 / 180), 2: pytest.approx(40 / 180)}


def test_genome_without_autosomes_is_measured_over_all_contigs():
    assert coverage.measured_contigs({"slice_a": (1, 1), "slice_b": (1, 1)}) == ["slice_a", "slice_b"]
    assert coverage.measured_contigs(BASES) == ["chr1", "chr2"]


def test_metrics_of_a_curve():
    curve = dict.fromkeys(range(1, 20), 1.0) | {20: 0.97, 60: 0.5, 61: 0.4}
    metrics = coverage.coverage_metrics(curve, 55.123)
    assert metrics["coverage_median"] == 60
    assert metrics["coverage_mean"] == 55.12
    assert (metrics["fraction_10x"], metrics["fraction_20x"], metrics["fraction_60x"]) == (1.0, 0.97, 0.5)
    assert metrics["fraction_100x"] == 0.0


def test_nothing_covered():
    metrics = coverage.coverage_metrics({}, 0.0)
    assert metrics["coverage_median"] == 0
    assert metrics["fraction_10x"] == 0.0


def test_sex_depths_over_targets_or_whole_contigs():
    summary = {"X": coverage.Depth(10, 100), "X_region": coverage.Depth(2, 100), "Y": coverage.Depth(10, 50)}
    assert coverage.sex_depths(summary, ["X", "Y"], targeted=False) == (10, 5)
    assert coverage.sex_depths(summary, ["X"], targeted=True) == (50, None)


def test_a_contig_without_reads_has_depth_0():
    assert coverage.sex_depths({"chrX": coverage.Depth(10, 300)}, ["chrX", "chrY"], targeted=False) == (30, 0.0)


def test_copies_of_x_and_y_are_relative_to_the_autosomes_without_n():
    bases = {"chr1": (100, 80), "chrX": (100, 50), "chrY": (100, 25)}
    summary = {"chr1": coverage.Depth(100, 2400), "chrX": coverage.Depth(100, 750), "chrY": coverage.Depth(100, 300)}
    assert coverage.sex_copies(summary, bases) == (1.0, 0.8)
    assert coverage.sex_copies(summary, {"chr1": (100, 80)}) == (None, None)
    assert coverage.sex_copies(summary, {"slice": (100, 80)}) == (None, None)
    assert coverage.sex_copies({"chr1": coverage.Depth(100, 2400)}, bases) == (0.0, 0.0)
