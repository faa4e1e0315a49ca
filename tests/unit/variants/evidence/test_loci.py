import random

import pytest

from alignments import read
from gms.genome.alleles import Allele, left_align
from gms.variants.evidence.indel_loci import IndelLocus
from gms.variants.evidence.loci import SnvLocus, loci
from gms.variants.evidence.reads import UNFIT, query_position
from gms.variants.evidence.stutter import prior

LEFT = "".join(random.Random(3).choices("ACGT", k=60)) + "C"
RIGHT = "G" + "".join(random.Random(4).choices("ACGT", k=60))
HOMOPOLYMER = LEFT + "A" * 8 + RIGHT  # C at 60, A at 61-68
DELETION, INSERTION = Allele(60, "CA", "C"), Allele(60, "C", "CAA")
BASES = "ACGTACGTAC" * 12


def test_snvs_of_one_base_share_a_locus_and_others_do_not():
    found = list(loci([Allele(7, "C", "T"), Allele(5, "A", "G"), Allele(7, "C", "G")], "N" * 20, 0))
    assert [(locus.start, locus.end, len(locus.alleles)) for locus in found] == [(5, 6, 1), (7, 8, 2)]


def test_indels_that_can_be_placed_over_each_other_share_a_locus():
    far = Allele(5, LEFT[5], LEFT[5] + "GGG")
    found = list(loci([DELETION, INSERTION, far], HOMOPOLYMER, 0))
    assert [locus.alleles for locus in found] == [[far], [INSERTION, DELETION]]
    locus = found[1]
    assert (locus.start, locus.end) == (57, 72)  # the anchor and eight A, three bases on both sides
    assert locus.error == prior(8)
    before, after = HOMOPOLYMER[57:61], HOMOPOLYMER[69:72]
    assert locus.haplotypes == [f"{before}{bases}{after}" for bases in ("A" * 8, "A" * 10, "A" * 7)]


def test_snv_beside_an_indel_has_its_own_locus():
    found = list(loci([DELETION, Allele(70, RIGHT[1], "N")], HOMOPOLYMER, 0))
    assert [type(locus) for locus in found] == [IndelLocus, SnvLocus]


def test_deletions_of_different_bases_can_lie_on_one_chromosome():
    sequence = "GATTACATTACATTACAGG"
    first, second, third = Allele(3, "TACAT", "T"), Allele(6, "AT", "A"), Allele(8, "TA", "T")
    locus = IndelLocus([first, second, third], 3, 12, sequence, 0)
    assert locus.carried == [(), (0,), (1,), (2,), (0, 2), (1, 2)]  # the first two remove the same base
    assert locus.haplotypes[5] == "GATTACATCATTA"


def test_many_alleles_are_not_paired():
    alleles = [Allele(10 * n, "AC", "A") for n in range(5)]
    assert len(IndelLocus(alleles, 0, 50, "AC" * 50, 0).carried) == 6


@pytest.mark.parametrize("cigar, target, expected", [
    ("30M", 100, 0),
    ("30M", 129, 29),
    ("30M", 130, None),
    ("30M", 99, None),
    ("5S25M", 100, 5),
    ("3H5S25M", 100, 5),
    ("10M5D15M5I", 112, None),  # deleted here
    ("10M5D15M5I", 115, 10),
    ("10M5I15M", 110, 15),
    ("10M50N20M", 165, 15),
    ("10=1X19M", 110, 10),
])  # fmt: skip
def test_position_in_a_read(cigar, target, expected):
    sequence = BASES[:25] if cigar == "10M50N15M" else BASES[:30]
    assert query_position(read("r", 100, cigar, sequence), target) == expected


def snv_observation(base: str, quality: int = 35):
    locus = SnvLocus([Allele(105, "A", "G"), Allele(105, "A", "T")])
    return locus.observe(read("r", 100, "30M", "CCCCC" + base + "C" * 24, quality))


@pytest.mark.parametrize("base, best", [("A", 0), ("G", 1), ("T", 2)])
def test_snv_is_read_from_the_base(base, best):
    seen = snv_observation(base)
    assert (seen.best, seen.base_quality, seen.mapping_quality, seen.end_distance) == (best, 35, 60, 5)


def test_another_base_is_seen_but_supports_nothing():
    seen = snv_observation("C")
    assert seen.best is None
    assert set(seen.distances) == {UNFIT}


def test_bases_of_low_quality_say_nothing():
    assert snv_observation("G", quality=14) is None
    assert snv_observation("G", quality=15).best == 1


@pytest.fixture
def locus():
    return next(loci([DELETION, INSERTION], HOMOPOLYMER, 0))  # haplotypes: reference, +AA, -A


def molecule(change: int) -> str:
    """HOMOPOLYMER with so many A more."""
    return LEFT + "A" * (8 + change) + RIGHT


@pytest.mark.parametrize("change, cigar, expected", [
    (0, "100M", 0),
    (-1, "41M1D59M", 2),
    (-1, "47M1D53M", 2),  # the aligner put it elsewhere in the repeat
    (2, "41M2I57M", 1),
    (2, "49M2I49M", 1),
    (1, "41M1I58M", None),  # between the reference and two A more
    (-2, "41M2D59M", 2),  # slipped further: nearest to the deletion
])  # fmt: skip
def test_spanning_reads_are_told_apart_wherever_the_gap_was_put(locus, change, cigar, expected):
    seen = locus.observe(read("r", 20, cigar, molecule(change)[20:120]))
    assert seen.best == expected


def test_a_clipped_read_is_compared_with_what_it_clipped():
    """An insertion of 30 bases near a read's end: the aligner clips what follows it."""
    inserted = "".join(random.Random(9).choices("ACGT", k=30))
    sequence = LEFT + RIGHT
    allele = Allele(60, "C", "C" + inserted)
    locus = next(loci([allele], sequence, 0))
    carrier = (LEFT + inserted + RIGHT)[10:85]  # ends inside of the insertion
    assert locus.observe(read("r", 10, "51M24S", carrier)).best == 1
    entering = (LEFT + inserted + RIGHT)[70:150]  # begins inside of it
    assert locus.observe(read("r", 61, f"{91 - 70}S59M", entering)).best == 1
    assert locus.observe(read("r", 10, "75M", sequence[10:85])).best == 0


def test_a_read_that_ends_in_the_repeat_says_nothing(locus):
    assert locus.observe(read("r", 20, "45M", HOMOPOLYMER[20:65])) is None
    assert locus.observe(read("r", 64, "50M", HOMOPOLYMER[64:114])) is None


def test_a_clip_that_fits_no_haplotype_says_nothing(locus):
    chimera = HOMOPOLYMER[20:63] + "".join(random.Random(5).choices("ACGT", k=40))
    assert locus.observe(read("r", 20, "43M40S", chimera)) is None


def test_an_indel_at_the_start_of_a_contig_is_told_from_reads_that_begin_in_it():
    """The flank to the left is shorter than the reads."""
    inserted, rest = "TTGACCGATCAGTT", "".join(random.Random(6).choices("ACGT", k=120))
    sequence = "GC" + rest
    locus = next(loci([Allele(1, "C", "C" + inserted)], sequence, 0))
    carrier = (inserted[4:] + rest)[:80]
    assert locus.observe(read("r", 2, "10S70M", carrier)).best == 1


def test_distance_to_the_end_is_that_of_the_changed_bases(locus):
    near_start = locus.observe(read("r", 55, "60M", HOMOPOLYMER[55:115]))
    near_end = locus.observe(read("r", 15, "59M", HOMOPOLYMER[15:74]))
    assert near_start.end_distance == 16  # its last base of the locus is its 17th
    assert near_end.end_distance == 16


COPY = "GGCCAGCGT"
EXON = (
    "".join(random.Random(9).choices("ACGT", k=70))
    + "T"
    + COPY
    + "GGACAACC"
    + "".join(random.Random(10).choices("ACGT", k=70))
)


@pytest.mark.parametrize("inside", [11, 7, 0])
def test_a_read_that_ends_in_an_insertion_is_no_deletion(inside):
    """EGFR c.2308_2309insGCCAGCGTG: bwa aligns ends of its reads as a deletion of one G, the rest clipped."""
    start = 71
    insertion, deletion = Allele(start + 9, "G", "G" + COPY), Allele(start + 8, "TG", "T")
    [locus] = loci([deletion, insertion], EXON, 0)
    carrier = EXON[: start + 10] + COPY + EXON[start + 10 :]
    clipped = f"{inside}S" if inside else ""
    sequence = carrier[start + 10 - inside : start + 19 + 40]
    seen = locus.observe(read("r", start, f"{clipped}9M1D40M", sequence))
    assert not seen or seen.best is None or locus.alleles[locus.carried[seen.best][0]] == insertion


@pytest.mark.parametrize("clipped", [10, 0])
def test_a_read_of_the_second_copy_of_a_duplication_with_another_base_there(clipped):
    """From the left it is the reference with that base, from the right the duplication without a difference. Where it
    ends with the copy, it may as well be of a molecule with an SNV."""
    text = "".join(random.Random(5).choices("ACGT", k=320))
    copy = text[100:130] + {"A": "G", "G": "A", "C": "T", "T": "C"}[text[130]] + text[131:160]
    carrier = text[:160] + copy + text[160:]
    [locus] = loci([left_align(Allele(159, text[159], text[159] + copy), text, 0)], text, 0)
    seen = locus.observe(read("r", 100, f"{clipped}S130M" if clipped else "130M", carrier[160 - clipped : 290]))
    assert (seen and locus.carried[seen.best]) == ((0,) if clipped else None)


@pytest.mark.parametrize("change", [-3, -1, 0, 2])
def test_the_length_of_a_repeat_that_a_read_spans(change):
    """Whether or not a candidate has that length."""
    locus = next(loci([DELETION], HOMOPOLYMER, 0))
    assert locus.repeat == (1, 8)
    cigar = {-3: "21M3D35M", -1: "21M1D37M", 0: "59M", 2: "21M2I38M"}[change]
    text = LEFT[40:] + "A" * (8 + change) + RIGHT[:30]
    assert locus.observe(read("r", 40, cigar, text)).change == change


def test_alleles_of_other_bases_make_no_repeat():
    other = Allele(60, "C", "CG")
    assert next(loci([DELETION, other], HOMOPOLYMER, 0)).repeat is None
    assert next(loci([Allele(60, "CAA", "C"), INSERTION], HOMOPOLYMER, 0)).repeat == (1, 8)
