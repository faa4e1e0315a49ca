"""Reads with UMIs to families and to the consensus of their molecules."""

import gzip
import random

import pytest

from gms.alignment import molecules
from gms.alignment.align_reads import LaneReads
from gms.alignment.consensus import MinReads, consensus, is_usable
from gms.alignment.molecules import Written, require_all_pairs, summary
from gms.alignment.read_counts import ReadsLost
from gms.alignment.umi_extraction import NoUmi, cutter, extract
from gms.alignment.umi_families import Fold, families, join_umis

ALL, DUPLEX = MinReads(1, 0, 0), MinReads(2, 1, 1)
LEFT, RIGHT = b"ACGTTGCAAC" * 4, b"TTGCATGCCA" * 4  # as the genome has them


def sam(name, umi, top=True, left=LEFT, right=RIGHT, cigar=b"40M", start=101, flag=0, mapq=60):
    """The two lines of a pair whose left end is at `start` (1-based); `top`: R1 is the left read."""
    flags, lines = (99, 147) if top else (163, 83), []
    for add, at, bases, how in ((flags[0], start, left, cigar), (flags[1], 301, right, b"40M")):
        fields = [name, b"%d" % (add | flag), b"1", b"%d" % at, b"%d" % mapq, how, b"=", b"1", b"0"]
        lines.append(b"\t".join([*fields, bases, b"I" * len(bases), b"RX:Z:" + umi]) + b"\n")
    return lines


def grouped(*pairs, join_strands=True):
    """Families of pairs of SAM lines, and their Fold."""
    fold = Fold(join_strands)
    lines = [b"@SQ\tSN:1\tLN:1000\n", *(line for pair in pairs for line in pair)]
    return [(umi, found) for umi, found in families(sorted(fold.lines(lines)))], fold


def names(found):
    return [sorted(pair.name.decode() for pair in pairs) for _, pairs in found]


def test_a_read_structure_cuts_umi_and_template():
    assert cutter("3M2S+T")(b"ACGTTGGG", b"ABCDEFGH") == (b"ACG", b"GGG", b"FGH")
    assert cutter("2M1S2M+T")(b"ACGTTGGG", b"ABCDEFGH") == (b"ACTT", b"GGG", b"FGH")
    assert cutter("+T")(b"ACGT", b"IIII") == (b"", b"ACGT", b"IIII")
    assert cutter("3M2S2T")(b"ACGTTGGG", b"ABCDEFGH")[1] == b"GG"


def text(path):
    with gzip.open(path) as file:
        return file.read()


def write(folder, number, *reads):
    path = folder / f"R{number}.fastq.gz"
    with gzip.open(path, "wb") as file:
        file.writelines(b"%s\n%s\n+\n%s\n" % read for read in reads)
    return str(path)


def test_umis_become_comments_and_marks_of_failed_reads_stay(tmp_path):
    one = write(tmp_path, 1, (b"@a.1 1:N YF:i:1", b"ACGTTGGG", b"IIIIIIII"))
    two = write(tmp_path, 2, (b"@a.2 2:N", b"TTTCCAAA", b"IIIIIIII"))
    made = extract(LaneReads("L1", one, two, numbered=True, marked=True), "3M2S+T,3M2S+T", tmp_path)
    assert text(made.fastq_1) == b"@a RX:Z:ACG-TTT\tYF:i:1\nGGG\n+\nIII\n"
    assert text(made.fastq_2) == b"@a RX:Z:ACG-TTT\tYF:i:1\nAAA\n+\nIII\n"
    assert made.marked and not made.numbered


@pytest.mark.parametrize(
    ("name", "umi"),
    [
        ("M:1:2:ACG+TTT", "ACG-TTT"),
        ("x_ACGT", "ACGT"),
        ("x:AC_GT", "AC-GT"),
        ("x:rAAC+rTTG", "GTT-CAA"),
        ("x:rNAC", "GTN"),
        ("x:AAC+rTTG", "AAC-CAA"),
    ],
)
def test_umis_are_taken_from_names(tmp_path, name, umi):
    files = [write(tmp_path, mate, (f"@{name}".encode(), b"ACGT", b"IIII")) for mate in (1, 2)]
    made = extract(LaneReads("L1", *files), "name", tmp_path)
    assert text(made.fastq_1).decode() == f"@{name} RX:Z:{umi}\nACGT\n+\nIIII\n"


def test_a_name_without_umi_is_refused(tmp_path):
    files = [write(tmp_path, mate, (b"@M:1:2:345", b"ACGT", b"IIII")) for mate in (1, 2)]
    with pytest.raises(NoUmi, match=r"lane 'L1': the name of read 'M:1:2:345' does not end with a UMI.*3M2S\+T"):
        extract(LaneReads("L1", *files), "name", tmp_path)


def test_a_umi_joins_its_errors_but_no_umi_of_like_size():
    sizes = {b"AAAA": 5, b"AAAT": 3, b"AATT": 2, b"CCCC": 1}
    assert list(join_umis(sizes)) == [[b"AAAA", b"AAAT", b"AATT"], [b"CCCC"]]  # 5 >= 2 * 3 - 1, 3 >= 2 * 2 - 1
    assert list(join_umis({b"AAAA": 4, b"AAAT": 3})) == [[b"AAAA"], [b"AAAT"]]


def test_many_umis_join_as_few_do():
    rng = random.Random(3)
    sizes = {bytes(rng.choices(b"ACGT", k=4)): rng.randint(1, 9) for _ in range(120)}
    found = list(join_umis(sizes))
    assert sorted(umi for joined in found for umi in joined) == sorted(sizes)
    for joined in found:
        for umi in joined[1:]:
            near = [other for other in joined if sum(map(int.__ne__, umi, other)) == 1]
            assert any(sizes[other] >= 2 * sizes[umi] - 1 for other in near)


def test_both_strands_of_a_molecule_are_one_family():
    pairs = [sam(b"a", b"AAA-CCC"), sam(b"b", b"CCC-AAA", top=False), sam(b"c", b"AAA-CCC", top=False)]
    assert names(grouped(*pairs)[0]) == [["a", "b"], ["c"]]
    assert names(grouped(*pairs, join_strands=False)[0]) == [["a"], ["c"], ["b"]]


def test_with_one_umi_strands_are_apart():
    assert names(grouped(sam(b"a", b"AAA"), sam(b"b", b"AAA", top=False))[0]) == [["a"], ["b"]]


def test_clipped_ends_are_the_same_ends():
    clipped = sam(b"b", b"AAA-CCC", cigar=b"5S35M", start=106)
    assert names(grouped(sam(b"a", b"AAA-CCC"), clipped)[0]) == [["a", "b"]]


def test_pairs_without_ends_or_umi_are_counted_and_left_out():
    pairs = [sam(b"a", b"ANA-CCC"), sam(b"b", b"AAA", flag=4), sam(b"c", b"AAA", flag=512), sam(b"d", b"AAA", mapq=0)]
    found, fold = grouped(*pairs)
    assert not found
    assert fold.dropped == {"umi_with_n": 1, "unmapped": 1, "failed_by_sequencer": 1, "low_mapping_quality": 1}


def reads_of(pairs, min_reads):
    """Bases and qualities of both ends, of pairs that are one family."""
    found, _ = grouped(*pairs)
    assert len(found) == 1
    return [end.text(0) for end in consensus([found[0][1]], min_reads)]


def changed(bases, at, to):
    return bases[:at] + to + bases[at + 1 :]


def test_most_reads_win_and_the_right_read_is_turned():
    pairs = [sam(b"%d" % n, b"AA-CC") for n in range(19)] + [sam(b"x", b"AA-CC", left=changed(LEFT, 3, b"A"))]
    (left, quality), (right, _) = reads_of(pairs, ALL)
    assert left == LEFT
    assert right == RIGHT.translate(bytes.maketrans(b"ACGT", b"TGCA"))[::-1]
    assert set(quality) == {45 + 33}


def test_a_base_on_which_a_fifth_of_the_reads_differ_is_n():
    pairs = [sam(b"%d" % n, b"AA-CC") for n in range(4)] + [sam(b"x", b"AA-CC", left=changed(LEFT, 3, b"A"))]
    (left, quality), _ = reads_of(pairs, ALL)
    assert left == changed(LEFT, 3, b"N")
    assert quality[3] == 2 + 33


def test_strands_that_differ_give_n_and_those_that_agree_a_high_quality():
    damaged = changed(LEFT, 3, b"A")  # an error of one strand, in all of its copies
    pairs = [sam(b"%d" % n, b"AA-CC") for n in range(9)]
    pairs += [sam(b"x%d" % n, b"CC-AA", top=False, left=damaged) for n in range(9)]
    (left, quality), _ = reads_of(pairs, DUPLEX)
    assert left == changed(LEFT, 3, b"N")
    assert quality[4] == 60 + 33


def test_duplex_needs_both_strands():
    found, _ = grouped(*[sam(b"%d" % n, b"AA-CC") for n in range(5)])
    ends = consensus([found[0][1]], DUPLEX)
    assert not is_usable(ends)[0]
    assert ends[0].text(0) == (b"", b"")


def test_reads_with_other_gaps_than_most_of_a_family_are_left_out():
    gap = sam(b"x", b"AA-CC", left=b"T" * 40, cigar=b"20M1D20M")
    (left, _), _ = reads_of([sam(b"a", b"AA-CC"), sam(b"b", b"AA-CC"), gap], ALL)
    assert left == LEFT


def test_a_consensus_of_strand_b_keeps_its_orientation_and_its_tags():
    found, _ = grouped(*[sam(b"%d" % n, b"CC-AA", top=False) for n in range(3)])
    written = Written(ALL)
    ((one, two),) = written.reads(found)
    assert one.startswith(b"@molecule:1 RX:Z:CC-AA\tMI:Z:1\taD:i:0\tbD:i:3\n")
    assert two.split(b"\n")[1] == LEFT


def test_a_strand_whose_reads_are_left_out_is_not_one_of_the_molecule():
    top = [sam(b"%d" % n, b"AA-CC", cigar=b"20M1D20M") for n in range(2)]
    found, _ = grouped(*top, sam(b"b", b"CC-AA", top=False))
    ((one, two),) = Written(ALL).reads(found)
    assert one.startswith(b"@molecule:1 RX:Z:AA-CC\tMI:Z:1\taD:i:2\tbD:i:0\n")  # the read with the gap of one strand
    assert two.startswith(b"@molecule:1 RX:Z:AA-CC\tMI:Z:1\taD:i:2\tbD:i:1\n")


def test_few_reads_and_lost_pairs(tmp_path):
    found, fold = grouped(sam(b"a", b"AA-CC"), sam(b"b", b"CC-AA", top=False), sam(b"c", b"GG-CC"))
    written = Written(DUPLEX)
    written.write(found, [tmp_path / "1.fastq.gz", tmp_path / "2.fastq.gz"])
    assert summary(fold, written) == {
        "pairs": 3,
        "pairs_left_out": {},
        "families": 2,
        "duplex_families": 1,
        "families_left_out": {"too_few_reads": 1},
        "consensus_pairs": 1,
        "family_sizes": {"1": 1, "2": 1},
    }
    require_all_pairs("S1", {"L1": {"reads": 6, "trimmed_away": 0}}, fold, written)
    with pytest.raises(ReadsLost, match="the aligner was given 8 reads and gave back 6"):
        require_all_pairs("S1", {"L1": {"reads": 8, "trimmed_away": 0}}, fold, written)
    written.pairs = 2
    with pytest.raises(ReadsLost, match="3 pairs of its reads were sorted by molecule and 2 came back"):
        require_all_pairs("S1", {"L1": {"reads": 6, "trimmed_away": 0}}, fold, written)


def test_the_cut_last_line_of_a_killed_program_is_no_pair():
    lines = [b"@SQ\tSN:1\tLN:1000\n", *sam(b"a", b"AA-CC"), sam(b"b", b"AA-CC")[0], b"b\t147\t1"]
    fold = Fold()
    whole = list(fold.lines(lines))
    assert (len(whole), fold.pairs) == (1, 1)
    assert names(families([*whole, whole[0][:30]])) == [["a"]]


def test_families_are_taken_in_batches_of_pairs(monkeypatch):
    monkeypatch.setattr(molecules, "BATCH", 3)
    found = [(b"A", ["pair"] * size) for size in (1, 2, 1, 7, 1)]
    assert [[len(pairs) for _, pairs in batch] for batch in molecules._batches(found)] == [[1, 2], [1], [7], [1]]
