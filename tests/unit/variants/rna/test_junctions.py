"""Junctions of RNA: from parts of a read and introns, put together, with the fragments around them."""

import pytest

from gms.variants.rna.junctions import (
    End,
    Segment,
    Split,
    by_place,
    introns,
    joined,
    merged,
    other_segments,
    parsed,
    spanning,
)

DONOR, ACCEPTOR = End("chr22", 1_000, "3"), End("chr9", 5_000, "5")
MINUS_DONOR, MINUS_ACCEPTOR = End("chr22", 1_000, "5"), End("chr9", 5_000, "3")


def segment(contig: str, start: int, strand: str, cigar: str) -> Segment:
    return Segment(contig, start, strand == "+", parsed(cigar))


@pytest.mark.parametrize(
    ("one", "tag", "junction", "overhang"),
    [
        (segment("chr22", 960, "+", "40M60S"), "chr9,5001,+,40S60M,255,0;", {DONOR, ACCEPTOR}, 40),
        (segment("chr22", 960, "-", "40M60S"), "chr9,5001,-,40S60M,255,0;", {DONOR, ACCEPTOR}, 40),
        (segment("chr9", 5_000, "+", "40S60M"), "chr22,961,+,40M60S,255,0;", {DONOR, ACCEPTOR}, 40),
        (segment("chr22", 1_000, "-", "60S40M"), "chr9,4941,-,60M40S,255,0;", {MINUS_DONOR, MINUS_ACCEPTOR}, 40),
        (segment("chr22", 960, "+", "40M60S"), "chr9,4941,-,60M40S,255,0;", {DONOR, MINUS_ACCEPTOR}, 40),
        (segment("chr22", 460, "+", "20M500N20M60S"), "chr9,5001,+,40S60M,255,0;", {DONOR, ACCEPTOR}, 40),
    ],
)
def test_two_parts_of_a_read_show_the_sides_that_are_kept(one, tag, junction, overhang):
    (other,) = other_segments(tag)

    ends, shorter = joined(one, other)

    assert (set(ends), shorter) == (junction, overhang) and ends == tuple(sorted(ends))


def test_introns_have_the_bases_on_their_shorter_side():
    found = list(introns(segment("chr1", 100, "+", "5S30M1I70N10M2D900N60M")))

    assert found == [
        ((End("chr1", 130, "3"), End("chr1", 200, "5")), 30),
        ((End("chr1", 212, "3"), End("chr1", 1112, "5")), 40),
    ]


def test_junctions_that_are_near_are_one_but_introns_of_gene_models_stay():
    moved = (End("chr22", 1_003, "3"), End("chr9", 5_003, "5"))
    far = (End("chr22", 1_006, "3"), End("chr9", 5_000, "5"))
    junction = tuple(sorted((DONOR, ACCEPTOR)))
    one, other = Split(20, True), Split(30, True)
    splits = {
        junction: {"a": one, "b": one},
        tuple(sorted(moved)): {"b": other, "c": one},
        tuple(sorted(far)): {"d": one},
    }

    found = merged(splits, frozenset())
    kept = merged(splits, frozenset(splits))

    assert {key: sorted(names) for key, names in found.items()} == {
        junction: ["a", "b", "c"],
        tuple(sorted(far)): ["d"],
    }
    assert found[junction]["b"] == one and len(kept) == 3


def test_mates_on_both_sides_that_point_at_the_junction_are_around_it():
    junction = tuple(sorted((DONOR, ACCEPTOR)))
    before, after = End("chr22", 900, "3"), End("chr9", 5_100, "5")
    pairs = by_place([
        ("around", before, after),
        ("around too", after, before),
        ("shown", before, after),
        ("beyond the cut", End("chr22", 1_100, "3"), after),
        ("away from it", End("chr22", 900, "5"), after),
        ("too far", End("chr22", 900, "3"), End("chr9", 400_000, "5")),
    ])  # fmt: skip

    assert spanning(junction, pairs, {"shown": Split(20, True)}) == {"around", "around too"}
