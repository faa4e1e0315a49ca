"""Events of a panel from windows and segments: copies, genes as second witness, arms, what is left unsure."""

from math import log2

import numpy as np
import pytest

from gms.variants.panel_copies.arms import arms, codeletion
from gms.variants.panel_copies.copies import Level, copies, expected_log2, interval, warnings
from gms.variants.panel_copies.events import events, marked_windows, profile
from gms.variants.panel_copies.records import record, sorted_records
from gms.variants.panel_copies.reference import OFF_TARGET
from gms.variants.panel_copies.sample import sex_of
from gms.variants.panel_copies.windows import Ratio, Segment

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
    assert (lost.kind, lost.event.genes, lost.event.marks) == ("DEL", ("CDKN2A",), ("GENE_ONLY",))


def test_a_segment_whose_genes_disagree_is_marked(shown):
    assert [one.event.marks for one in events(shown, GRCH38, "female", None)][1] == ("UNCONFIRMED",)


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
    states = list(arms(marked_windows(found), GRCH38))
    assert {one["arm"]: one["state"] for one in states} == {
        "1p": "lost",
        "1q": "normal",
        "19p": "normal",
        "19q": "lost",
    }
    assert codeletion(states) == "yes" and codeletion(states[:2]) == "not_assessed"
    assert list(arms(marked_windows(found), {"chr1": 10**6})) == []


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
        ("female", "male", "male", "female"),
        ("unknown", "female", "male", "male"),
        ("unknown", "male", None, "male"),
        ("unknown", "unclear", None, "unknown"),
    ],
)
def test_the_sex_is_that_of_the_sheet_or_of_the_normal(registered, tumor, normal, sex):
    quality = [{"role": role, "metrics": {"sex_inferred": one}} for role, one in (("tumor", tumor), ("normal", normal))]
    assert sex_of(registered, quality[: 2 if normal else 1]) == sex
