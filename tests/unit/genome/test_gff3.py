"""Coding sequence of gene models, and codons that introns split."""

import pytest

from gms.genome.gff3 import Coding, SplitCodon, coding_lines, read_coding, read_models
from gms.genome.intervals import Interval

# Ten bases, an intron of 40, nineteen, an intron of 300, four; on the minus strand read from the right.
PIECES = {"+": ((101, 110, 0), (151, 169, 2), (470, 473, 1)), "-": ((101, 104, 1), (405, 423, 2), (464, 473, 0))}
SPLIT = {"+": SplitCodon(109, 152, 110, 150), "-": SplitCodon(421, 464, 423, 463)}


@pytest.mark.parametrize("strand", PIECES)
def test_codons_that_short_introns_split(tmp_path, strand):
    path, pieces = tmp_path / "genes.gff3", PIECES[strand]
    rows = (f"1\tx\tCDS\t{start}\t{end}\t.\t{strand}\t{phase}\tParent=T1,T2\n" for start, end, phase in pieces)
    path.write_text("".join(rows))
    found = read_models(path, longest=200)
    assert found == {"1": Coding([Interval(start - 1, end) for start, end, _ in pieces], [SPLIT[strand]])}
    (tmp_path / "coding.bed").write_text("".join(coding_lines(found)))
    assert read_coding(tmp_path / "coding.bed") == found


def test_both_sides_of_the_intron_must_be_changed():
    split = SPLIT["+"]
    assert split.holds((109, 110), (151, 152)) and split.holds((109, 110), (150, 151))
    assert not any(split.holds(*both) for both in (((108, 109), (150, 151)), ((109, 110), (152, 153))))
    assert not split.holds((109, 110), (130, 131)) and not split.holds((150, 151), (151, 152))
