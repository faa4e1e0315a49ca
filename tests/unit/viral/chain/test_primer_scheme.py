"""Primer schemes: amplicons, and one sentence for each kind of BED that is not of this virus."""

import pytest

from gms.viral.chain.primer_scheme import amplicons, read_primers, scheme_problems
from made_up_virus import GENOME, TILES, bed


def problems(tmp_path, text):
    path = tmp_path / "v.bed"
    path.write_text(text)
    return list(scheme_problems(path, GENOME, ["virus", "alias1"]))


def test_amplicons_have_a_part_of_their_own(tmp_path):
    assert problems(tmp_path, bed(TILES)) == [] and problems(tmp_path, bed(TILES, "alias1")) == []
    first, second, _ = amplicons(read_primers(tmp_path / "v.bed"))
    assert (first.name, first.start, first.inner_start, first.inner_end, first.end) == TILES[0]
    assert (first.own_start, first.own_end) == (44, 334) and (second.own_start, second.own_end) == (376, 624)


def test_alternative_primers_bound_the_same_amplicon(tmp_path):
    text = bed(TILES) + "virus\t25\t50\tv_1_LEFT_alt1\tpool_1\t+\n"
    assert problems(tmp_path, text) == []
    first = amplicons(read_primers(tmp_path / "v.bed"))[0]
    assert (first.start, first.inner_start) == (20, 50)


@pytest.mark.parametrize("change, text", [
    (("virus", "chr1"), "contig 'chr1' is not that of the virus (virus or alias1): a BED of another genome"),
    (("980", "98000"), "end 98000 is beyond the genome of 1000 bases: a BED of another genome"),
    (("_LEFT", "_FWD"), "primer 'v_1_FWD' must end with _LEFT or _RIGHT"),
    (("\t+", "\t-"), "primer 'v_1_LEFT' has strand '-'; a left primer has +, a right one -"),
    (("\tpool_1\t+", ""), "needs six columns separated by tabs"),
    (("\t+", "\t+\tACGTACGTACGTACGTACGTACGT"), "bases of the genome there: a BED of another genome"),
])  # fmt: skip
def test_a_bed_of_something_else_is_named(tmp_path, change, text):
    assert text in problems(tmp_path, bed(TILES).replace(*change))[0][1]


def test_an_amplicon_needs_both_primers(tmp_path):
    lines = bed(TILES).splitlines(keepends=True)
    assert problems(tmp_path, "".join(lines[:-1])) == [(None, "amplicon v_3 has a left primer only")]
    assert problems(tmp_path, "") == [(None, "has no primers")]
