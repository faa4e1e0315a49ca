"""Events of a panel from windows and segments: copies, genes as second witness, arms, what is left unsure."""

from functools import partial
from math import log2

import numpy as np
import pytest

from gms.drawings.along_genome import Axis
from gms.variants.panel_copies.arms import arms, codeletion
from gms.variants.panel_copies.copies import Level, copies, expected_log2, interval, standard_error, warnings
from gms.variants.panel_copies.drawing import FOOT, HEIGHT, height, names
from gms.variants.panel_copies.events import error_of, events, marked_windows, profile
from gms.variants.panel_copies.genes import USUAL_BETWEEN, between, genes_of
from gms.variants.panel_copies.records import record, sorted_records
from gms.variants.panel_copies.reference import OFF_TARGET
from gms.variants.panel_copies.sample import Asked, described, sex_of
from gms.variants.panel_copies.windows import Ratio, Segment, narrowed, places

GRCH38 = {"chr1": 248_956_422, "chr19": 58_617_616, "chrX": 156_040_895}
STEP = 1_000_000


def windows(contig, levels, genes=()):
    """One window per million bases; `genes`: {name: numbers of its windows}."""
    generator = np.random.default_rng(len(levels))
    named = {number: name for name, numbers in dict(genes).items() for number in numbers}
    return [
        Ratio(contig, STEP * n, STEP * n + 200, named.get(n, OFF_TARGET), level + generator.normal(0, 0.05), 1.0)
        for n, level in enumerate(levels)
    ]


def segments(contig, *parts):
    """Segments of (windows, log2) after one another."""
    found, at = [], 0
    for bins, level in parts:
        found.append(Segment(contig, STEP * at, STEP * (at + bins - 1) + 200, level, bins))
        at += bins
    return found


@pytest.fixture(scope="module")
def shown():
    """chr1 with six genes: ERBB2 amplified, CDKN2A lost in its own windows alone, TP53 that does not agree."""
    genes = {"A": range(5), "B": range(10, 15), "ERBB2": range(20, 24), "C": range(30, 35), "CDKN2A": range(40, 44)}
    levels = [0.1] * 60
    levels[20:24], levels[40:44] = [1.6] * 4, [-1.0] * 4
    found = windows("chr1", levels, genes | {"TP53": range(50, 54)})
    cut = segments("chr1", (20, 0.1), (4, 1.6), (26, 0.1), (10, -0.4))
    return profile(found, cut)


def test_the_baseline_is_that_of_most_genes(shown):
    assert shown.shift == pytest.approx(0.1)
    assert [round(one.log2, 6) for one in shown.segments] == [0.0, 1.5, 0.0, -0.5]


def test_a_segment_becomes_an_event_with_the_genes_that_agree(shown):
    gain = next(events(shown, GRCH38, "female", 0.5))
    assert (gain.kind, gain.event.start, gain.event.bins, gain.event.genes) == ("DUP", 20 * STEP, 4, ("ERBB2",))
    assert gain.copies.copies == pytest.approx(2 * (2**1.5 - 0.5) / 0.5)
    assert gain.event.before == STEP - 200 and gain.event.after == STEP - 200


def test_a_gene_stands_out_of_a_segment_that_hides_it(shown):
    *_, lost = events(shown, GRCH38, "female", None)
    assert (lost.kind, lost.event.genes, lost.event.marks) == ("DEL", ("CDKN2A",), ("GENE_ONLY", "MAY_BE_INHERITED"))


def test_a_segment_whose_genes_disagree_is_marked(shown):
    assert [one.event.marks for one in events(shown, GRCH38, "female", None)][1] == ("UNCONFIRMED",)


def test_a_gene_across_two_segments_with_fewer_copies_is_lost():
    """Half of its windows are in no single segment; it is listed once, by the segment with most of them."""
    levels = [0.0] * 30 + [-1.0] * 12 + [-0.6] * 12 + [0.0] * 30
    cut = segments("chr1", (30, 0.0), (12, -1.0), (12, -0.6), (30, 0.0))
    genes = {"A": range(10), "BRCA2": [*range(38, 42), 44, 46, *range(54, 58)], "PARTLY": [53, *range(58, 63)]}
    found = list(events(profile(windows("chr1", levels, genes), cut), GRCH38, "female", None))

    assert [(one.kind, one.event.genes) for one in found] == [("DEL", ("BRCA2",)), ("DEL", ())]


def test_noise_alone_is_no_event():
    found = profile(windows("chr1", [0.0] * 40, {"A": range(20)}), segments("chr1", (20, 0.05), (20, -0.1)))
    assert list(events(found, GRCH38, "female", 0.3)) == []


@pytest.mark.parametrize(
    "number, usual, purity, at_most", [(0, 2, 0.3, 0.0), (6, 2, 0.3, 1e-6), (1, 2, 0.8, 1e-6), (2, 1, 0.5, 1e-6)]
)
def test_copies_are_those_of_the_tumour_cells(number, usual, purity, at_most):
    assert abs(copies(expected_log2(number, usual, purity), usual, purity) - number) <= max(at_most, 1e-9)


def test_without_a_purity_copies_are_those_of_all_cells():
    assert copies(1.0, 2, None) == copies(1.0, 2, 0.05) == 4
    low, high = interval(1.0, 0.1, 2, None)
    assert low < 4 < high


def test_a_males_x_has_one_usual_copy():
    found = profile(
        windows("chr1", [0.0] * 20, {"A": range(20)}) + windows("chrX", [1.0] * 10, {"AR": range(5, 10)}),
        segments("chr1", (20, 0.0)) + segments("chrX", (10, 1.0)),
    )
    (male,), (female,) = (list(events(found, GRCH38, sex, None)) for sex in ("male", "female"))
    assert (male.event.usual, round(male.copies.copies)) == (1, 2)
    assert (female.event.usual, round(female.copies.copies)) == (2, 4)


def test_codeletion_of_1p_and_19q():
    lengths = {"chr1": 124, "chr19": 27}  # million bases of the short arms
    found = profile(
        windows("chr1", [-0.5] * lengths["chr1"] + [0.0] * 124, {"A": range(130, 240)})
        + windows("chr19", [0.0] * lengths["chr19"] + [-0.5] * 31),
        segments("chr1", (124, -0.5), (124, 0.0)) + segments("chr19", (27, 0.0), (31, -0.5)),
    )
    states = list(arms(marked_windows(found), GRCH38, partial(error_of, found)))
    assert {one["arm"]: one["state"] for one in states} == {
        "1p": "lost",
        "1q": "normal",
        "19p": "normal",
        "19q": "lost",
    }
    assert codeletion(states, 0.2, ["noisy"]) == ("yes", None)
    assert codeletion(states[:2], 0.5, []) == ("not_assessed", "few_windows")
    assert list(arms(marked_windows(found), {"chr1": 10**6}, partial(error_of, found))) == []


@pytest.mark.parametrize(
    "lost, purity, warned, found",
    [
        ((1.0, 0.79), 0.5, [], ("partly", None)),
        ((0.3, 0.3), None, [], ("partly", None)),
        ((0.29, 1.0), 0.5, [], ("no", None)),
        ((0.0, 0.0), 0.23, ["low_purity"], ("no", None)),  # one copy less is 0.176 log2
        ((0.0, 0.0), 0.22, [], ("not_assessed", "low_purity")),  # 0.168
        ((0.0, 0.0), 0.05, [], ("not_assessed", "low_purity")),
        ((0.0, 0.0), None, [], ("not_assessed", "no_purity")),
        ((0.0, 0.0), 0.6, ["maybe_polyploid"], ("not_assessed", "unsure")),
        ((0.0, 0.0), 0.6, ["baseline_unsure"], ("not_assessed", "unsure")),
        ((0.0, 0.0), 0.6, ["noisy"], ("not_assessed", "unsure")),
    ],
)
def test_no_codeletion_is_stated_only_where_it_would_be_seen(lost, purity, warned, found):
    states = [{"arm": arm, "lost": share} for arm, share in zip(("1p", "19q"), lost, strict=True)]
    assert codeletion(states, purity, warned) == found


@pytest.mark.parametrize(
    "error, purity, found",
    [(0.12, 0.3, ("not_assessed", "few_windows")), (0.07, 0.3, ("no", None)), (0.12, 0.6, ("no", None))],
)
def test_no_codeletion_is_stated_only_where_a_loss_would_be_sure(error, purity, found):
    """One copy less in 30 % of the cells is 0.23 log2, of arms with few windows two of their standard errors."""
    states = [{"arm": "1p", "lost": 0.0, "error": 0.02}, {"arm": "19q", "lost": 0.0, "error": error}]
    assert codeletion(states, purity, []) == found


def levels(purity, *numbers, base=2):
    """Levels, with equal shares, of whole copies in a tumour whose baseline has `base`."""
    at_baseline = purity * base + 2 * (1 - purity)
    return [Level(log2((purity * n + 2 * (1 - purity)) / at_baseline), 1 / len(numbers)) for n in numbers]


@pytest.mark.parametrize(
    "found, purity, codes",
    [
        (levels(0.6, 2, 2, 1, 3), 0.6, []),
        (levels(0.6, 4, 4, 4, 3, 5, base=4), 0.6, ["maybe_polyploid"]),
        (levels(0.6, 1, 1, 3, 3, 2), 0.6, ["baseline_unsure"]),
        (levels(0.6, 4, 4, 4, 4, 2, base=4), 0.6, ["no_whole_copies"]),  # a doubled genome, of which a fifth lost two
        (levels(0.6, 2, 2, 2, 2, 1), 0.6, []),
        (levels(0.6, 2, 2), None, ["no_purity"]),
        (levels(0.6, 2, 2), 0.05, ["low_purity"]),
    ],
)
def test_what_depth_cannot_tell_is_said(found, purity, codes):
    assert warnings(found, purity) == codes


def test_the_record_of_an_event(shown):
    gain = next(events(shown, GRCH38, "female", 0.5))
    line = record(gain.event, gain.kind, "A", "cnvkit", gain.copies)
    fields = line.rstrip("\n").split("\t")
    assert fields[:5] == ["chr1", "20000000", "DUP.chr1.20000000.23000200", "A", "<DUP>"]
    assert "SVTYPE=DUP;SVLEN=3000200;END=23000200;CIPOS=-999800,0;CIEND=0,999800;IMPRECISE;BINS=4" in fields[7]
    assert ";COPIES=9.31;COPIES_CI=" in fields[7] and "LOG2=1.500;USUAL=2;PURITY=0.5;MEASURED=ERBB2" in fields[7]
    assert fields[8:] == ["GT:CN", "./.:9"]
    assert sorted_records([line, line.replace("chr1\t20", "chr1\t10")], GRCH38)[1] == line


@pytest.mark.parametrize(
    "registered, tumor, normal, sex",
    [
        ("female", "male", "male", "unknown"),
        ("female", "male", None, "unknown"),
        ("male", "female", "male", "male"),
        ("male", "female", None, "male"),
        ("male", "female", "female", "unknown"),
        ("male", "unclear", None, "male"),
        ("male", "male", "unclear", "male"),
        ("unknown", "female", "male", "male"),
        ("unknown", "male", None, "male"),
        ("unknown", "unclear", None, "unknown"),
    ],
)
def test_the_sex_is_what_sheet_and_depth_agree_on(registered, tumor, normal, sex):
    quality = [{"role": role, "metrics": {"sex_inferred": one}} for role, one in (("tumor", tumor), ("normal", normal))]
    assert sex_of(registered, quality[: 2 if normal else 1]) == sex


def gene_windows(deviation, noise, each=10, number=200):
    """Genes of one contig, each with a level of its own and windows that differ from it by noise."""
    generator = np.random.default_rng(7)
    levels = np.repeat(generator.normal(0, deviation, number), each) + generator.normal(0, noise, each * number)
    return [Ratio("chr1", 1_000 * n, 1_000 * n + 200, f"G{n // each}", value, 1.0) for n, value in enumerate(levels)]


@pytest.mark.parametrize("deviation", [0.0, 0.05, 0.1])
def test_how_much_genes_differ_is_told_from_the_noise_of_their_windows(deviation):
    assert between(genes_of(gene_windows(deviation, 0.15), []), 0.15) == pytest.approx(deviation, abs=0.025)


def test_changes_of_chromosomes_do_not_make_genes_differ():
    found = gene_windows(0.05, 0.15)
    moved = [window._replace(log2=window.log2 - 0.5 * (500 <= n < 1_200)) for n, window in enumerate(found)]
    assert between(genes_of(moved, []), 0.15) == pytest.approx(between(genes_of(found, []), 0.15), abs=0.01)


def test_few_genes_are_taken_to_differ_as_usual():
    assert between(genes_of(gene_windows(0.2, 0.1, number=20), []), 0.1) is None
    few, many = (profile(gene_windows(0.2, 0.1, number=number), []) for number in (20, 200))
    assert (few.between, few.measured) == (USUAL_BETWEEN, False) and many.measured
    facts = described(few, [], GRCH38, Asked("S", "female", None, "hmm"))
    assert (facts["between_genes"], facts["between_genes_measured"]) == (0.06, False)


def test_windows_of_one_gene_do_not_make_a_level_as_sure_as_those_of_many():
    assert standard_error(0.2, 100, 0.06, 1) > 0.06
    assert standard_error(0.2, 100, 0.06, 36) == pytest.approx(np.hypot(0.02, 0.01))
    assert places(windows("chr1", [0.0] * 30, {"A": range(5, 10), "B": range(10, 15)})) == 4
    beside = {"A": [5, 7, 9]}  # with windows of its introns
    assert places(windows("chr1", [0.0] * 12, beside)) == 1 + 4
    assert places(windows("chr1", [0.0] * 12, {"A": [*range(0, 5), *range(6, 12)]})) == 1 + 1


@pytest.mark.parametrize("number, called", [(1, []), (12, ["DEL"])])
def test_a_level_of_one_gene_is_an_event_only_beyond_what_genes_differ_by(number, called):
    """The windows alone are 9 standard errors away, with either number of genes."""
    shift = np.where(np.arange(2_000) < 10 * number, -0.2, 0.0)
    found = [w._replace(log2=w.log2 + s) for w, s in zip(gene_windows(0.07, 0.07), shift, strict=True)]
    cut = [Segment("chr1", 0, 10_000 * number, -0.2, 10 * number)]
    cut.append(Segment("chr1", 10_000 * number, 2_000_000, 0.0, 2_000 - 10 * number))
    assert [one.kind for one in events(profile(found, cut), GRCH38, "female", None)] == called


@pytest.mark.parametrize("spread, called", [(0.5, ["DEL"]), (1.0, ["DEL"]), (2.0, [])])
def test_a_gene_that_differs_more_between_normals_needs_a_larger_change(spread, called):
    found = gene_windows(0.07, 0.07)
    found = [w._replace(log2=-0.4 + 0.01 * (n % 3), spread=spread) if n < 10 else w for n, w in enumerate(found)]
    cut = [Segment("chr1", 0, 10_000, -0.39, 10), Segment("chr1", 10_000, 2_000_000, 0.0, 1_990)]
    assert [one.kind for one in events(profile(found, cut), GRCH38, "female", None)] == called


@pytest.mark.parametrize("level, spread, called", [(0.38, 2.0, 0), (0.42, 2.0, 1), (0.42, 3.5, 0), (0.68, 3.5, 1)])
def test_a_clear_change_needs_fewer_standard_errors(level, spread, called):
    """0.68 log2: six copies in 30 % of the cells."""
    found = gene_windows(0.07, 0.07)
    found = [w._replace(log2=level + 0.001 * (n % 3), spread=spread) if n < 10 else w for n, w in enumerate(found)]
    cut = [Segment("chr1", 0, 10_000, level, 10), Segment("chr1", 10_000, 2_000_000, 0.0, 1_990)]
    assert len(list(events(profile(found, cut), GRCH38, "female", 0.3))) == called


def test_how_much_genes_differ_is_that_of_genes_that_normals_show_evenly():
    """Of genes that normals show with twice the spread, twice as large."""
    found = gene_windows(0.05, 0.1)
    wide = [w._replace(log2=2 * w.log2, spread=2.0) if n < 1_000 else w for n, w in enumerate(found)]
    assert between(genes_of(wide, []), 0.1) == pytest.approx(0.05, abs=0.02)


@pytest.mark.parametrize(
    "levels, before, after, left",
    [
        ([-1.0, -0.9, -1.1, 0.1], 0.0, 0.0, 3),  # CDKN2A and a window of its neighbour
        ([0.0, 0.1, -1.0, -0.9, -1.1], 0.0, 0.0, 3),
        ([-1.0, -0.9, -1.1, -0.6], 0.0, 0.0, 4),  # not clear
        ([0.0] * 4 + [-1.0] * 9, 0.0, 0.0, 10),  # no more than a segment can take in
        ([0.3, 0.3, 0.2, 0.1], 0.0, 0.5, 4),
    ],
)
def test_windows_of_another_level_at_its_ends_are_no_part_of_an_event(levels, before, after, left):
    found = [Ratio("chr1", n, n + 1, "A", level, 1.0) for n, level in enumerate(levels)]
    assert len(narrowed(found, before, after, 0.15)) == left


def test_copies_are_those_without_the_windows_beside_an_event():
    values = [0.05, -0.05] * 5 + [-1.0, -0.95, -1.05, 0.1] + [0.05, -0.05] * 5
    found = windows("chr1", [0.0] * 24, {"B": range(10), "CDKN2A": range(10, 13), "C": range(14, 24)})
    found = [window._replace(log2=value) for window, value in zip(found, values, strict=True)]
    (lost,) = events(profile(found, segments("chr1", (10, 0.0), (4, -0.72), (10, 0.0))), GRCH38, "female", 0.5)
    assert (lost.event.bins, lost.event.end, round(lost.copies.copies, 2)) == (3, 12 * STEP + 200, 0.0)
    assert (lost.event.genes, lost.event.after) == (("CDKN2A",), STEP - 200)


def test_a_gene_left_out_at_an_end_of_an_event_has_its_own_level():
    values = [0.0] * 10 + [-1.0] * 10 + [0.02, 0.0, -0.02] + [0.0] * 10
    genes = {"A": range(5), "B": range(5, 10), "LOST": range(10, 20), "BESIDE": range(20, 23), "C": range(23, 33)}
    found = [w._replace(log2=v) for w, v in zip(windows("chr1", [0.0] * 33, genes), values, strict=True)]
    shown = profile(found, segments("chr1", (10, 0.0), (13, -0.77), (10, 0.0)))
    called = list(events(shown, GRCH38, "female", None))
    facts = described(shown, called, GRCH38, Asked("S", "female", None, "hmm"))
    states = {one["gene"]: (one["state"], one["log2"]) for one in facts["genes"]}
    assert states["LOST"] == ("deletion", -1.0) and states["BESIDE"] == ("unchanged", 0.0)


def reported(genes, contig, pos, log2):
    own = {"MEASURED": genes, "LOG2": str(log2), "SVLEN": "1000"}
    return {"own": own, "variants": [f"{contig}:{pos}:N:<{'DUP' if log2 > 0 else 'DEL'}>"]}


def test_genes_of_reported_changes_are_named_beside_their_level_and_not_on_one_another():
    near = [reported("MYC", "chr1", 10**8, 1.5), reported("PVT1", "chr1", 10**8 + 10**6, 1.5)]
    deep = [reported("CDKN2A,CDKN2B", "chr19", 5 * 10**7, -3.0), reported("A,B,C,D", "chr1", 10**6, -0.5)]
    shown = {one["words"]: one for one in names(Axis(GRCH38), [*near, *deep])}
    assert list(shown) == ["MYC", "PVT1", "CDKN2A, CDKN2B"]  # four genes are a part of a chromosome
    assert shown["PVT1"]["y"] < shown["MYC"]["y"] < height(1.5)
    assert shown["CDKN2A, CDKN2B"]["y"] < height(-3.0)  # the lowest level has no room below
    (lost,) = names(Axis(GRCH38), [reported("CDKN2A,CDKN2B", "chr19", 5 * 10**7, -1.0)])
    assert lost["words"] == "CDKN2A, CDKN2B" and height(-1.0) < lost["y"] < HEIGHT - FOOT


def test_an_arm_of_few_windows_is_gained_only_where_its_level_is_sure():
    found = profile(
        windows("chr1", [0.0] * 248, {"A": range(130, 240)})
        + windows("chr19", [0.2] * 27 + [0.0] * 31, {"B": range(27)}),
        segments("chr1", (248, 0.0)) + segments("chr19", (27, 0.2), (31, 0.0)),
    )
    states = {one["arm"]: one["state"] for one in arms(marked_windows(found), GRCH38, partial(error_of, found))}
    assert states["19p"] == "normal"  # one gene differs from others by 0.06 on average
