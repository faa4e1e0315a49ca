import pytest

from gms.qc.coverage import infer_sex, measured_chromosomes, measured_sex, sex_chromosomes, sex_matches
from gms.qc.measure import alignment_metrics, weighted_median

STATS = """\
SN\traw total sequences:\t100\t# excluding supplementary
SN\treads mapped:\t90
SN\treads duplicated:\t9
SN\treads paired:\t100
SN\treads properly paired:\t80
IS\t0\t0\t0\t0\t0
IS\t200\t10\t10\t0\t0
IS\t300\t30\t30\t0\t0
"""


def test_metrics_of_samtools_stats():
    assert alignment_metrics(STATS.splitlines(), 45) == {
        "reads": 100,
        "mapped_fraction": 0.9,
        "duplicate_fraction": 0.1,
        "insert_size_median": 300,
        "proper_pair_fraction": 0.8,
        "on_target_fraction": 0.5,
    }
    assert alignment_metrics(STATS.splitlines(), None)["on_target_fraction"] is None


def test_duplicates_that_are_not_marked_are_not_measured():
    assert alignment_metrics(STATS.splitlines(), 45, marked=False)["duplicate_fraction"] is None


def test_median_of_nothing():
    assert weighted_median([]) is None


@pytest.mark.parametrize(
    "x,y,sex", [(15, 6, "male"), (30, 0.5, "female"), (30, 2.7, "unknown"), (None, 3, "unknown"), (15, None, "unknown")]
)
def test_sex(x, y, sex):
    assert infer_sex(x, y) == sex


def test_sex_against_the_sheet():
    assert sex_matches("male", "female") is False
    assert sex_matches("male", "unknown") is None


@pytest.mark.parametrize(
    "x, y, text",
    [
        (2.0, 0.05, "XX"),
        (1.0, 0.9, "XY"),
        (0.98, 0.55, "XY"),
        (1.01, 0.02, "X"),
        (1.97, 0.9, "XXY"),
        (2.95, 0.04, "XXX"),
        (1.0, 1.8, "XYY"),
        (1.5, 0.02, "unclear"),
        (None, 0.9, None),
    ],
)
def test_sex_chromosomes(x, y, text):
    assert sex_chromosomes(x, y) == text


@pytest.mark.parametrize(
    "inferred, chromosomes, usual, alleles",
    [
        ("male", "XY", "male", "XY"),
        ("male", "XXY", "male", "XXY"),  # 47,XXY: one X more, each with its own variants
        ("female", "X", "female", "X"),  # not the stated one: the sheet is wrong, which is a gate of its own
        ("female", "unclear", "female", "female"),  # a mosaic
        ("female", None, "female", "female"),  # an exome
        ("unknown", "unclear", "male", "male"),  # the stated one
        (None, None, "male", "male"),  # from a VCF
    ],
)
def test_sex_chromosomes_whose_copies_and_alleles_are_expected(inferred, chromosomes, usual, alleles):
    metrics = {"sex_inferred": inferred, "sex_chromosomes": chromosomes}
    assert measured_sex("male", metrics) == usual
    assert measured_chromosomes("male", metrics) == alleles
