"""Pseudo-autosomal regions (PAR): the junction that every Y makes in a reference with the PAR on X alone; copies of X
and Y by sex and by sex chromosomes."""

import pytest

from gms.genome.ploidy import Ploidy, chromosomes_of, is_haploid, usual_sex

GRCH38 = Ploidy({"chrX": 156_040_895, "chrY": 57_227_415})


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (("chrX", 2_781_479), ("chrY", 2_781_480), True),  # PAR1 goes on as Y
        (("chrY", 56_887_902), ("chrX", 155_701_383), True),  # Y goes on as PAR2
        (("chrX", 2_781_200), ("chrY", 2_781_600), True),  # placed by pairs
        (("chrX", 2_781_479), ("chrY", 56_887_902), False),  # one end of either
        (("chrX", 10_001), ("chrY", 10_001), False),  # telomeres
        (("chrX", 2_785_000), ("chrY", 2_781_480), False),
        (("chrX", 2_781_479), ("chrX", 155_701_383), False),
        (("chr1", 2_781_479), ("chrY", 2_781_480), False),
    ],
)
def test_border_of_a_par(one, other, expected):
    assert GRCH38.is_border_of_par(one, other) is expected


@pytest.mark.parametrize(
    ("sex", "chromosomes", "usual", "haploid"),
    [
        ("female", "XX", "female", []),
        ("male", "XY", "male", ["x", "y"]),
        ("unknown", "", "unknown", []),
        ("XX", "XX", "female", []),
        ("X", "X", "female", ["x"]),
        ("XXY", "XXY", "male", ["y"]),
        ("XYY", "XYY", "male", ["x"]),
        ("XXX", "XXX", "female", []),
    ],
)
def test_copies_of_x_and_y(sex, chromosomes, usual, haploid):
    assert (chromosomes_of(sex), usual_sex(sex)) == (chromosomes, usual)
    assert [kind for kind in ("autosome", "par", "x", "y", "mitochondrion") if is_haploid(kind, sex)] == haploid
