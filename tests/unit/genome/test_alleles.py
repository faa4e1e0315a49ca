import random

import pytest

from gms.genome.alleles import Allele, copied, copy_span, left_align, primitives, repeat_length, shortened, span, trim


def changed(sequence: str, allele: Allele) -> str:
    """The sequence that an allele (0-based position) makes of the reference."""
    assert sequence[allele.pos :].startswith(allele.ref)
    return sequence[: allele.pos] + allele.alt + sequence[allele.pos + len(allele.ref) :]


@pytest.mark.parametrize("sequence, allele, expected", [
    # homopolymer: GAAAAC, the last A lost or gained is the first A lost or gained
    ("CGAAAACT", (4, "AA", "A"), (1, "GA", "G")),
    ("CGAAAACT", (5, "A", "AA"), (1, "G", "GA")),
    # dinucleotide repeat: T(CA)4G, one unit
    ("GTCACACACAGG", (7, "ACA", "A"), (1, "TCA", "T")),
    ("GTCACACACAGG", (9, "A", "ACA"), (1, "T", "TCA")),
    # an insertion that rotates: CAG read as AGC
    ("TTCAGCAGCAGTT", (10, "G", "GCAG"), (1, "T", "TCAG")),
    # nothing to move
    ("CGATCT", (2, "A", "AGG"), (2, "A", "AGG")),
    ("CGATCT", (2, "AT", "A"), (2, "AT", "A")),
    ("CGATCT", (3, "T", "C"), (3, "T", "C")),
    # spelled with bases too many on either side
    ("CGAAAACT", (0, "CGAAAAC", "CGAAAC"), (1, "GA", "G")),
    ("CGATCT", (1, "GATC", "GACC"), (3, "T", "C")),
    # the contig's beginning
    ("AAAACT", (2, "AA", "A"), (0, "AA", "A")),
])  # fmt: skip
def test_left_alignment(sequence, allele, expected):
    assert left_align(Allele(*allele), sequence) == expected


def test_left_alignment_keeps_the_sequence_and_has_one_spelling():
    generator = random.Random(1)
    for _ in range(300):
        sequence = "".join(generator.choices("AC", k=20))
        start, length = generator.randrange(1, 12), generator.randrange(1, 4)
        deletion = Allele(start - 1, sequence[start - 1 : start + length], sequence[start - 1])
        aligned = left_align(deletion, sequence)
        result = changed(sequence, deletion)
        assert changed(sequence, aligned) == result
        same = [p for p in range(1, 20 - length) if sequence[:p] + sequence[p + length :] == result]
        assert aligned.pos == min(same) - 1


def test_left_alignment_in_a_window_stops_at_its_start():
    assert left_align(Allele(104, "A", "AA"), "AAAAAA", offset=100) == (100, "A", "AA")


@pytest.mark.parametrize("pos, ref, alt, cigar, expected", [
    # one base lost and, after a base that stays, one changed
    (10, "CAAT", "CAG", "1M1D1M1X", [(10, "CA", "C"), (13, "T", "G")]),
    (10, "ACGT", "AGGA", "1M1X1M1X", [(11, "C", "G"), (13, "T", "A")]),
    (10, "ACG", "ATTCG", "1M2I2M", [(10, "A", "ATT")]),
    (10, "ACGT", "TT", "1X2D1M", [(10, "A", "T"), (10, "ACG", "A")]),
    (10, "AC", "GT", None, [(10, "A", "G"), (11, "C", "T")]),
    (10, "TCAAA", "TCA", None, [(11, "CAA", "C")]),
    (10, "TC", "TCAC", None, [(10, "T", "TCA")]),
    # length differs and bases do as well
    (10, "ACCT", "AG", None, [(11, "C", "G"), (11, "CCT", "C")]),
    # no base before the indel: its anchor would lie outside of the record
    (10, "CAT", "T", "2D1M", [(10, "C", "T"), (10, "CAT", "C")]),
])  # fmt: skip
def test_haplotypes_split_into_single_changes(pos, ref, alt, cigar, expected):
    found = list(primitives(pos, ref, alt, cigar))
    assert found == [Allele(*allele) for allele in expected]


def test_split_haplotype_left_aligns_each_change():
    sequence = "GCAAAATG"
    deletion, snv = (left_align(allele, sequence) for allele in primitives(4, "AAT", "AG", "1M1D1X"))
    assert deletion == (1, "CA", "C")
    assert snv == (6, "T", "G")


def test_alleles_of_a_multiallelic_indel_are_trimmed_apart():
    ref, alts = "CTTTT", ["CTTT", "CTT", "CTTTTT"]
    assert [trim(Allele(7, ref, alt)) for alt in alts] == [(7, "CT", "C"), (7, "CTT", "C"), (7, "C", "CT")]


@pytest.mark.parametrize("allele, expected, repeat", [
    ((1, "C", "G"), (1, 2), 0),
    ((2, "GA", "G"), (2, 7), 4),  # one A of GAAAAC: wherever it is lost, from the anchor to the last A
    ((2, "G", "GA"), (2, 7), 4),
    ((2, "G", "GAA"), (2, 7), 4),
    ((2, "G", "GT"), (2, 3), 0),  # T is not what follows
    ((7, "CTG", "C"), (7, 14), 6),  # TG three times
    ((2, "GAAAACT", "C"), (2, 9), 0),  # bases replaced by another one
    ((1, "C", "TG"), (1, 2), 0),
])  # fmt: skip
def test_span_and_repeat(allele, expected, repeat):
    sequence = "ACGAAAACTGTGTGAC"
    assert span(Allele(*allele), sequence) == expected
    assert repeat_length(Allele(*allele), sequence) == repeat


def test_span_in_a_window():
    assert span(Allele(102, "GA", "G"), "ACGAAAAC", offset=100) == (102, 107)


def test_an_insertion_spans_the_copies_that_differ_in_a_base():
    sequence = "".join(random.Random(1).choices("ACGT", k=200))
    copy = sequence[100:140]
    other = copy[:15] + "ACGT"["ACGT".index(copy[15]) ^ 1] + copy[16:]
    for copies in (copy + other, other + copy, copy + copy):
        allele = left_align(Allele(99, sequence[99:140], sequence[99] + copies), sequence)
        start, end = copy_span(allele, sequence)
        assert 95 <= start <= 99 and 140 <= end <= 144
    short = Allele(99, sequence[99], sequence[99] + copy[5:15])
    assert copy_span(short, sequence) == span(short, sequence)


def test_copies_agree_in_their_last_bases():
    bases = "ACGTTGCATTACGGATCCAGTACGTTGCATTACGGATCCAGT"
    assert copied(bases, bases) == 42
    assert copied(bases, bases[:30] + "G" * 12) == 30
    assert copied(bases, bases[:20] + "A" + bases[21:]) == 42  # one of 42
    assert copied(bases, bases[:38] + "T" + bases[39:]) == 38


def test_long_alleles_are_shortened():
    assert shortened("A" * 20) == "A" * 20
    assert shortened("CTCCCATTTG" + "A" * 28 + "CGTAG") == "CTCCCATTTG…CGTAG (43 bases)"
