"""The rule of depth, fraction and quality, allele by allele."""

import pytest

from gms.genome.alleles import Allele
from gms.viral.chain.alleles import Observed, better
from gms.viral.chain.decide import decide
from gms.viral.chain.read_indels import indels_of_read
from made_up_virus import RULES

GENOME = "ACGTACGTACGTACGTACGT"
DEPTH = [100] * 20


def seen(pos, ref, alt, count, total=100, quality=200.0):
    return Observed(Allele(pos, ref, alt), count, total, count // 2, quality)


def filters(*alleles, depth=DEPTH):
    decision = decide(alleles, depth, GENOME, RULES)
    return [one.filter for one in decision.called], decision.codes, decision.masked


@pytest.mark.parametrize("count, state, code", [
    (75, "PASS", None), (74, "AMBIGUOUS", "R"), (26, "AMBIGUOUS", "R"), (25, "MINOR", None), (5, "MINOR", None),
])  # fmt: skip
def test_fractions_of_a_substitution(count, state, code):
    states, codes, masked = filters(seen(4, "A", "G", count))
    assert states == [state] and codes.get(4) == code and not masked


def test_a_count_of_few_reads_gives_way_to_one_of_many():
    """bcftools keeps 4 of 150 reads of an insertion next to a deletion; all 4 show it, and 148 of the reads do."""
    few, many = seen(4, "A", "ACG", 4, 4), seen(4, "A", "ACG", 148, 150)
    assert filters(few, many)[0] == filters(many, few)[0] == ["PASS"]
    assert better(seen(4, "A", "ACG", 40, 50), many) is many and better(many, seen(4, "A", "ACG", 75, 75)).count == 75


def test_a_deletion_that_ends_at_a_clip_is_not_counted():
    """206M14D24S: the primer's bases were clipped from within the deletion, whose length the read does not show."""
    matched, deleted, clipped = 0, 2, 4
    read = [(matched, 20), (deleted, 14), (clipped, 24)]
    assert list(indels_of_read(100, read, "A" * 44)) == [] == list(indels_of_read(100, read[::-1], "A" * 44))
    assert list(indels_of_read(100, [*read[:2], (matched, 9)], "A" * 29)) == [(120, "", 14)]


def test_too_few_reads_of_a_minor_allele_are_not_reported():
    assert filters(seen(4, "A", "G", 4))[0] == [] and filters(seen(4, "A", "G", 5, 101))[0] == []


def test_a_base_without_enough_reads_is_masked_and_reported():
    depth = [100] * 4 + [9] + [100] * 15
    assert filters(seen(4, "A", "G", 9, 9), depth=depth) == (["LOW_DEPTH"], {}, {4: "LOW_DEPTH"})


@pytest.mark.parametrize("count, masked", [(1, {}), (2, {4: "LOW_DEPTH"}), (3, {4: "LOW_DEPTH"})])
def test_bases_that_differ_in_too_few_fragments_are_n_and_not_the_reference(count, masked):
    """bcftools counts 4 fragments where 100 reads are, as next to an indel; 3 of them have the reference, or fewer."""
    assert filters(seen(4, "A", "G", count, 4))[1:] == ({}, masked)


def test_low_quality_is_n():
    assert filters(seen(4, "A", "G", 90, quality=19)) == (["LOW_QUALITY"], {}, {4: "LOW_QUALITY"})


def test_three_bases_make_one_code():
    states, codes, _ = filters(seen(4, "A", "G", 33), seen(4, "A", "T", 33))
    assert states == ["AMBIGUOUS"] * 2 and codes == {4: "D"}


def test_a_deletion_in_some_of_the_reads_is_n():
    states, codes, masked = filters(seen(4, "ACG", "A", 50))
    assert states == ["AMBIGUOUS"] and not codes and masked == {5: "AMBIGUOUS", 6: "AMBIGUOUS"}


def test_bases_of_a_passed_deletion_have_no_other_allele():
    assert filters(seen(4, "ACG", "A", 95), seen(5, "C", "T", 5, 5))[0] == ["PASS"]


def test_the_depth_of_a_deletion_is_the_lowest_over_its_bases():
    depth = [100] * 5 + [9, 100] + [100] * 13
    assert filters(seen(4, "ACG", "A", 95), depth=depth)[0] == ["LOW_DEPTH"]


def test_of_two_overlapping_indels_the_more_frequent_passes():
    states, _, _ = filters(seen(4, "ACG", "A", 99), seen(5, "CGT", "C", 80))
    assert sorted(states) == ["OVERLAP", "PASS"]


def test_an_allele_where_the_consensus_is_n_does_not_pass():
    states, codes, masked = filters(seen(4, "ACG", "A", 50), seen(5, "C", "T", 50, 50))
    assert states == ["AMBIGUOUS", "AMBIGUOUS"] and 5 in masked and not codes


def test_a_base_that_the_reference_does_not_know_is_n():
    decision = decide([seen(4, "N", "T", 90)], DEPTH, GENOME[:4] + "N" + GENOME[5:], RULES)
    assert decision.called == [] and decision.masked == {4: "REFERENCE_N"}
