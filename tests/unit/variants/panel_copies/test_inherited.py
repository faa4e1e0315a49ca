"""Changes of copy number that all cells of the person have."""

import pytest

from gms.variants.panel_copies.copies import expected_log2
from gms.variants.panel_copies.inherited import mark
from gms.variants.panel_copies.windows import Ratio, Segment


def segment(log2: float, bases: int = 50_000) -> Segment:
    return Segment("chr17", 1_000_000, 1_000_000 + bases, log2, 20)


def normal(log2: float, windows: int = 10) -> list[Ratio]:
    return [Ratio("chr17", 1_000_000 + 1_000 * n, 1_000_250 + 1_000 * n, "BRCA1", log2, 1.0) for n in range(windows)]


@pytest.mark.parametrize(
    "level, of_normal, found",
    [
        (-1.0, normal(-0.95), ("IN_NORMAL",)),  # one copy in all cells; by depth alone none at 50 % tumour cells
        (-1.0, normal(0.0), ()),
        (-1.0, normal(-0.3), ()),  # tumour cells in the normal
        (-2.3, normal(-1.0), ("IN_NORMAL",)),  # the tumour lost the other copy, too
        (0.58, normal(0.55), ("IN_NORMAL",)),
        (2.5, normal(0.1), ()),
        (-1.0, normal(-1.0, windows=2), ()),  # too few to tell
        (-1.0, [], ()),
    ],
)
def test_the_normal_tells_what_is_inherited(level, of_normal, found):
    assert mark(segment(level), 0.05, 2, of_normal) == found


@pytest.mark.parametrize(
    "level, error, found",
    [
        (-1.0, 0.05, ("MAY_BE_INHERITED",)),
        (-0.85, 0.05, ()),
        (-0.85, 0.08, ("MAY_BE_INHERITED",)),
        (expected_log2(5, 2, 0.3), 0.05, ("MAY_BE_INHERITED",)),  # three copies in all cells are five in 30 %
        (expected_log2(8, 2, 0.5), 0.05, ()),
        (expected_log2(1, 2, 0.3), 0.05, ()),
    ],
)
def test_without_a_normal_what_fits_one_copy_less_or_more_is_marked(level, error, found):
    assert mark(segment(level), error, 2, None) == found


def test_parts_of_chromosomes_and_the_x_of_a_man_are_not_marked():
    assert mark(segment(-1.0, 20_000_000), 0.05, 2, None) == mark(segment(-1.0), 0.05, 1, None) == ()
