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


def test_dropout_is_what_targets_poor_or_rich_in_gc_lack():
    """Three targets of 100 bases with 30, 50 and 70 % G and C and 40, 40 and 20 % of the reads' bases; the last target
    is cut into two lines, which alone would have 100 and 40 %."""
    text = "G" * 30 + "A" * 70 + "AAAAA" + "G" * 50 + "A" * 50 + "AAAAA" + "G" * 50 + "C" * 20 + "A" * 30
    rows = ["chr1\t0\t100\t.\t40", "chr1\t105\t205\tKIT#2\t40", "chr1\t210\t260\tKIT#3\t30", "chr1\t260\t310\t.\t10"]
    found = coverage.dropouts(rows, lambda _, start, end: text[start:end])
    assert found == {"at_dropout": 0.0, "gc_dropout": pytest.approx(1 / 3 - 0.2, abs=1e-5)}


def test_a_target_with_half_g_and_c_counts_as_poor_and_as_rich():
    text, rows = "GA" * 50 + "A" + "G" * 100, ["chr1\t0\t100\t.\t10", "chr1\t101\t201\t.\t30"]
    assert coverage.dropouts(rows, lambda _, start, end: text[start:end]) == {"at_dropout": 0.25, "gc_dropout": 0.25}


def test_dropout_of_targets_without_reads_is_not_measured():
    assert coverage.dropouts(["chr1\t0\t4\t.\t0.00"], lambda *_: "ACGT") == {"at_dropout": None, "gc_dropout": None}


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
