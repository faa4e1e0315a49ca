"""Changes of copy number that all cells of the person have."""

from math import log2

import pytest

from gms.variants.panel_copies.copies import expected_log2
from gms.variants.panel_copies.events import events, profile
from gms.variants.panel_copies.inherited import mark
from gms.variants.panel_copies.sample import Asked, described
from gms.variants.panel_copies.windows import Ratio, Segment

SHOWN = profile(
    [
        *(Ratio("chr17", 1_000 * n, 1_000 * n + 200, "BRCA1", -1.0 + 0.01 * (n % 3), 1.0) for n in range(20)),
        *(Ratio("chr17", 1_000 * n, 1_000 * n + 200, f"G{n // 10}", 0.01 * (n % 3), 1.0) for n in range(20, 100)),
    ],
    [Segment("chr17", 0, 19_200, -0.99, 20), Segment("chr17", 20_000, 99_200, 0.01, 80)],
)
LENGTHS = {"chr1": 248_956_422, "chr17": 83_257_441}


@pytest.mark.parametrize("of_normal, copies, drawn", [(-1.0, "1.0", 80), (0.0, "0.0", 100)])
def test_what_the_normal_shows_has_the_copies_of_all_cells_and_is_not_drawn(of_normal, copies, drawn):
    """At half tumour cells, in which by depth alone no copy is left."""
    windows = [Ratio(*one[:4], of_normal if one.gene == "BRCA1" else 0.0, 1.0) for one in SHOWN.windows]
    (lost,) = called = list(events(SHOWN, LENGTHS, "female", 0.5, windows))
    assert f"{lost.copies.copies:.1f}" == copies and lost.event.purity == (0.5 if drawn == 100 else None)
    facts = described(SHOWN, called, LENGTHS, Asked("S", "female", 0.5, "hmm"))
    assert len(facts["points"]) == drawn and len(facts["segments"]) == (2 if drawn == 100 else 1)
    assert [row["state"] for row in facts["genes"] if row["gene"] == "BRCA1"] == ["deletion"] * (drawn == 100)
    (arm,) = facts["arms"]
    assert arm["lost"] == (0.2 if drawn == 100 else 0.0)


def depth(number, purity, baseline, of_normal):
    """Log2 over a baseline of so many copies, of a gene of so many in the tumour's and in all other cells."""
    return log2((purity * number + (1 - purity) * of_normal) / (purity * baseline + (1 - purity) * 2))


def next_to_inherited(level):
    """A tumour with this log2 of a gene of which its normal inherited a loss, and the normal."""
    windows = [one._replace(log2=level) if one.gene == "BRCA1" else one for one in SHOWN.windows]
    shown = profile(windows, [SHOWN.segments[0]._replace(log2=level), SHOWN.segments[1]])
    return shown, [one._replace(log2=-1.0 if one.gene == "BRCA1" else 0.0) for one in windows]


@pytest.mark.parametrize(
    "number, purity, baseline, copies, mark, other",
    [
        (0, 0.6, 2, 0.0, "LESS_IN_NORMAL", None),  # the second copy is lost as well
        (0.5, 0.5, 2, 0.5, "LESS_IN_NORMAL", 1.0),  # in half of the cells
        (1, 0.7, 3, 0.74, "IN_NORMAL", None),  # the inherited loss alone, next to a baseline of three copies
        (1, 0.4, 3, 0.83, "IN_NORMAL", None),
        (1, 0.6, 2.5, 0.87, "IN_NORMAL", None),
        (0.7, 0.7, 2, 0.79, "IN_NORMAL", None),
        (1, 0.7, 4, 0.41, "LESS_IN_NORMAL", 1.0),  # of four copies: a loss, and not that of all copies
        (1, 0.9, 4, 0.47, "LESS_IN_NORMAL", 1.0),
        (0, 0.7, 4, 0.0, "LESS_IN_NORMAL", None),
        (0, 0.3, 2, 0.0, "LESS_IN_NORMAL", 1.0),  # at so few tumour cells one of four copies looks the same
    ],
)
def test_a_loss_next_to_an_inherited_one(number, purity, baseline, copies, mark, other):  # noqa: PLR0913
    """Copies in the tumour's cells, or those of the normal where a doubled genome without another loss looks so."""
    level = depth(number, purity, baseline, 1)
    shown, normals = next_to_inherited(level)
    (lost,) = events(shown, LENGTHS, "female", purity, normals)
    assert (f"{lost.copies.copies:.1f}", lost.event.marks) == (f"{copies:.1f}", (mark,))
    assert lost.copies.other == other


@pytest.mark.parametrize("purity", [None, 0.05])
def test_without_a_purity_the_inherited_copies_may_be_all_there_is(purity):
    level = depth(0, 0.5, 2, 1)
    shown, normals = next_to_inherited(level)
    (lost,) = called = list(events(shown, LENGTHS, "female", purity, normals))
    assert (lost.event.marks, lost.copies.other) == (("LESS_IN_NORMAL",), 1.0)
    row = described(shown, called, LENGTHS, Asked("S", "female", purity, "hmm"))["genes"][0]
    assert (row["other_copies"], row["normal_log2"], row["copies"]) == (1.0, -1.0, 0.5)


def test_an_amplification_of_which_the_normal_has_a_little_is_the_tumours():
    """20 copies in half of the cells, of which the normal holds 5 %: three copies in all of its cells."""
    level, of_normal = expected_log2(20, 2, 0.5), expected_log2(20, 2, 0.05)
    windows = [one._replace(log2=one.log2 + 1.0 + level) if one.gene == "BRCA1" else one for one in SHOWN.windows]
    segments = [SHOWN.segments[0]._replace(log2=level), SHOWN.segments[1]]
    normals = [one._replace(log2=of_normal if one.gene == "BRCA1" else 0.0) for one in windows]
    shown = profile(windows, segments)
    (gained,) = called = list(events(shown, LENGTHS, "female", 0.5, normals))
    assert gained.copies.copies == pytest.approx(20, abs=0.5) and gained.event.marks == ("LESS_IN_NORMAL",)
    facts = described(shown, called, LENGTHS, Asked("S", "female", 0.5, "hmm"))
    assert (facts["genes"][0]["state"], facts["genes"][0]["marks"]) == ("duplication", ["LESS_IN_NORMAL"])
    assert facts["arms"][0]["gained"] == 0.2


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
        (-2.3, normal(-1.0), ("LESS_IN_NORMAL",)),  # the tumour lost the other copy, too
        (-1.15, normal(-1.0), ("IN_NORMAL",)),
        (expected_log2(20, 2, 0.5), normal(expected_log2(20, 2, 0.05)), ("LESS_IN_NORMAL",)),  # tumour cells in it
        (expected_log2(100, 2, 0.5), normal(expected_log2(100, 2, 0.01)), ("LESS_IN_NORMAL",)),
        (0.7, normal(0.58), ("IN_NORMAL",)),
        (0.58, normal(0.55), ("IN_NORMAL",)),
        (2.5, normal(0.1), ()),
        (-1.0, normal(-1.0, windows=2), ()),  # too few to tell
        (-1.0, [], ()),
    ],
)
def test_the_normal_tells_what_is_inherited(level, of_normal, found):
    assert mark(segment(level), 0.05, 2, of_normal) == found


def test_a_second_loss_in_few_tumour_cells_is_seen_where_it_is_clear():
    """Of both copies in 30 % of the cells: 0.51 log2 beyond the normal's."""
    level = depth(0, 0.3, 2, 1)
    assert mark(segment(level), 0.12, 2, normal(-1.0), 0.3) == ("LESS_IN_NORMAL",)
    assert mark(segment(level), 0.19, 2, normal(-1.0), 0.3) == ("IN_NORMAL",)
    assert mark(segment(depth(0, 0.2, 2, 1)), 0.08, 2, normal(-1.0), 0.2) == ("IN_NORMAL",)  # 0.32 log2


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
