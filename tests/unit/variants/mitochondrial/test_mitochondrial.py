"""A made-up circle of 2,000 bases at 100 fragments: alleles, the origin, a deletion, and what cannot be assessed."""

import random

import pysam
import pytest

from alignments import write_cram
from gms.genome.vcf import info_value, sample_values
from gms.variants.mitochondrial import facts
from gms.variants.mitochondrial.calls import call_mitochondrion
from gms.variants.mitochondrial.candidates import pile_up
from gms.variants.mitochondrial.deletions import Junction, Part, Split, junction_of
from gms.variants.mitochondrial.records import junction_record
from gms.variants.mitochondrial.sensitivity import Sample, limit_of_detection, sample_facts

SIZE, LENGTH, DEPTH = 2_000, 100, 100
SEQUENCE = "".join(random.Random(3).choices("ACGT", k=SIZE))
CHANGED = {base: next(other for other in "ACGT" if other != base) for base in "ACGT"}
DELETED = (600, 1_400)  # 0-based half-open


def aligned(name: str, start: int, cigar: str, bases: str, reverse: bool, **tags) -> pysam.AlignedSegment:
    read = pysam.AlignedSegment(pysam.AlignmentHeader.from_references(["chrM"], [SIZE]))
    read.query_name, read.flag, read.mapping_quality = name, 16 * reverse, 60
    read.reference_id, read.reference_start, read.cigarstring = 0, start, cigar
    read.query_sequence = bases
    read.query_qualities = pysam.qualitystring_to_array("F" * len(bases))
    read.set_tags(list(tags.items()))
    return read


def circle(alleles: dict[int, float], deleted: float = 0.0, sequence: str = SEQUENCE) -> list[pysam.AlignedSegment]:
    """Reads end to end around the circle, as an aligner places them; each allele in its part of the copies."""
    reads = []
    for copy in range(DEPTH):
        molecule = list(sequence)
        for pos, fraction in alleles.items():
            if copy < fraction * DEPTH:
                molecule[pos] = CHANGED[SEQUENCE[pos]]
        text = "".join(molecule)
        for start in range(copy * 7 % LENGTH, SIZE, LENGTH):
            name, reverse = f"m{copy}.{start}", bool(copy % 2)
            bases = (text + text)[start : start + LENGTH]
            over = start + LENGTH - SIZE
            if over <= 0:
                reads.append(aligned(name, start, f"{LENGTH}M", bases, reverse))
            elif over < LENGTH // 2:
                reads.append(aligned(name, start, f"{LENGTH - over}M{over}S", bases, reverse))
            else:
                reads.append(aligned(name, 0, f"{LENGTH - over}S{over}M", bases, reverse))
    return [*reads, *split(*DELETED, round(deleted * 40))]


def split(first: int, last: int, number: int) -> list[pysam.AlignedSegment]:
    """Reads of bases up to `first` followed by those from `last`."""
    reads = []
    for copy in range(number):
        left = 35 + copy % 30
        bases = SEQUENCE[first - left : first] + SEQUENCE[last : last + LENGTH - left]
        other = f"chrM,{last + 1},{'-' if copy % 2 else '+'},{left}S{LENGTH - left}M,60,0;"
        cigar = f"{left}M{LENGTH - left}S"
        reads.append(aligned(f"d{copy}", first - left, cigar, bases, bool(copy % 2), SA=other))
    return reads


@pytest.fixture(scope="module")
def called(tmp_path_factory):
    """Records by position, and the facts, of a child and its mother."""
    folder = tmp_path_factory.mktemp("mitochondrion")
    fasta = folder / "genome.fa"
    fasta.write_text(f">chrM\n{SEQUENCE}\n")
    pysam.faidx(str(fasta))
    child = write_cram(folder / "child.cram", fasta, circle({300: 0.5, 1: 0.3, 1_997: 1.0, 900: 0.01}, deleted=0.5))
    mother = write_cram(folder / "mother.cram", fasta, circle({300: 0.1, 1_997: 1.0}))
    lines, found = call_mitochondrion(fasta, [child, mother], [Sample("C", "proband", 30), Sample("M", "mother", None)])
    rows = [line.rstrip("\n").split("\t") for line in lines if not line.startswith("#")]
    return {int(row[1]): row for row in rows}, found


def fractions(row: list[str]) -> list[float]:
    return [float(sample_values(row[8], column)["AF"]) for column in row[9:]]


def test_fractions_of_child_and_mother_stand_in_one_record(called):
    assert fractions(called[0][301]) == pytest.approx([0.5, 0.1], abs=0.03)


def test_alleles_next_to_the_origin_are_counted_on_the_circle(called):
    assert fractions(called[0][2])[0] == pytest.approx(0.3, abs=0.05)
    assert fractions(called[0][1_998]) == pytest.approx([1.0, 1.0], abs=0.01)
    assert sample_values(called[0][1_998][8], called[0][1_998][9])["GT"] == "1/1"
    assert called[1]["samples"][0]["depth"]["min"] > DEPTH * 0.8


def test_reads_over_the_origin_are_no_deletion_and_single_reads_no_allele(called):
    assert sorted(called[0]) == [2, 301, 600, 1_998]


def test_split_reads_make_a_deletion_with_its_fraction(called):
    row = called[0][600]
    assert (row[4], info_value(row[7], "END"), info_value(row[7], "SVLEN")) == ("<DEL>", "1400", "-800")
    assert 0.1 < fractions(row)[0] < 0.4 and fractions(row)[1] == 0


def junction_row(folder, first: int, last: int, number: int) -> list[str]:
    """The record of `number` split reads among whole molecules, of which 41 reads have 30 bases on both sides of either
    end."""
    (folder / "genome.fa").write_text(f">chrM\n{SEQUENCE}\n")
    pysam.faidx(str(folder / "genome.fa"))
    cram = write_cram(folder / "c.cram", folder / "genome.fa", [*circle({}), *split(first, last, number)])
    lines, _ = call_mitochondrion(folder / "genome.fa", [cram], [Sample("C", "proband", 30)])
    (row,) = (line.rstrip("\n").split("\t") for line in lines if not line.startswith("#"))
    assert info_value(row[7], "SVTYPE") == ("DEL" if last > first else "DUP")
    return row


@pytest.mark.parametrize("last", [0, 20])
def test_a_deletion_that_ends_at_the_origin_has_its_fraction(tmp_path, last):
    """No read had 30 bases on both sides of the origin, which made a third of the molecules a half."""
    assert fractions(junction_row(tmp_path, 1_400, last, 20)) == pytest.approx([0.33], abs=0.03)


@pytest.mark.parametrize(("number", "fraction"), [(8, 0.2), (20, 0.49), (41, 1.0), (60, 1.0)])
def test_duplicated_molecules_show_the_ends_as_well(tmp_path, number, fraction):
    """Half of the molecules were given as a third, and all of them as a half."""
    row = junction_row(tmp_path, 1_400, 800, number)
    values = sample_values(row[8], row[9])
    low, high = map(float, values["AFCI"].split(","))
    assert fractions(row) == pytest.approx([fraction], abs=0.04) and low < fraction <= high
    assert int(values["AD"].split(",")[1]) == number and values["GT"] == ("1/1" if fraction == 1 else "0/1")


def test_a_base_that_both_mates_cover_is_one_fragment_of_the_depth():
    """Its double would halve the limit of detection."""
    starts = (("a", 100), ("b", 120), ("a", 150), ("b", 300))
    reads = [aligned(name, start, f"{LENGTH}M", SEQUENCE[start : start + LENGTH], False) for name, start in starts]
    depth = pile_up(reads, SEQUENCE).depth
    assert [depth[at] for at in (99, 110, 130, 210, 230, 249, 250, 310)] == [0, 1, 2, 2, 1, 1, 0, 1]


@pytest.mark.parametrize("apart", [LENGTH, LENGTH // 2, 0])
def test_nuclear_copies_are_compared_by_reads_as_the_depth_of_the_genome_is(apart):
    """Mosdepth in its fast mode counts a base of both mates twice, so that fragments would make a nuclear copy of short
    ones look twice as common, and true alleles NUMTs."""
    reads = []
    for number in range(100):
        for start in (500, 500 + apart):
            reads.append(aligned(f"r{number}", start, f"{LENGTH}M", SEQUENCE[start : start + LENGTH], False))
    reads.sort(key=lambda read: read.reference_start)
    pileup = pile_up(reads, SEQUENCE)
    mean = 200 * LENGTH / len(SEQUENCE)
    found = sample_facts(Sample("S", "proband", 2.0), pileup.depth, pileup.mean_reads)
    assert found["numt_fraction"] == pytest.approx(1 / mean, abs=0.0001) and found["copies"] == round(mean)


def next_to_a_deletion(copies: int) -> list[pysam.AlignedSegment]:
    """Reads of molecules without bases 1,201 to 1,209 and with an SNV four bases behind them; near the ends of reads
    an aligner makes the deletion mismatches, here of all reads with 8 bases behind it."""
    reads, molecule = [], list(SEQUENCE)
    molecule[1_213] = CHANGED[SEQUENCE[1_213]]
    text = "".join(molecule)
    for copy in range(copies):
        left = (20, 40, 60, 80, 92)[copy % 5]
        bases = text[1_200 - left : 1_200] + text[1_209 : 1_209 + LENGTH - left]
        cigar = f"{left}M9D{LENGTH - left}M" if left < 90 else f"{LENGTH}M"
        reads.append(aligned(f"n{copy}", 1_200 - left, cigar, bases, bool(copy // 5 % 2)))
    return reads


def test_an_allele_next_to_a_deletion_of_the_same_molecules_is_counted(tmp_path):
    """As m.8296A>G in haplogroup B, which lacks nine bases before it."""
    (tmp_path / "genome.fa").write_text(f">chrM\n{SEQUENCE}\n")
    pysam.faidx(str(tmp_path / "genome.fa"))
    cram = write_cram(tmp_path / "c.cram", tmp_path / "genome.fa", [*circle({}), *next_to_a_deletion(100)])
    lines, _ = call_mitochondrion(tmp_path / "genome.fa", [cram], [Sample("C", "proband", 30)])
    rows = [line.rstrip("\n").split("\t") for line in lines if not line.startswith("#")]
    assert [row[1] for row in rows if len(row[3]) == 1] == ["1214"] and len(rows) == 2
    assert [fractions(row)[0] for row in rows] == pytest.approx([0.5, 0.47], abs=0.03)


def test_two_longer_homopolymers_aligned_with_a_mismatch_show_no_snv(tmp_path):
    """C8TC6 for the C7TC5 of rCRS from 303: an aligner inserts CT before the T and takes it for a C."""
    sequence = f"{SEQUENCE[:1_200]}ACCCCCCCTCCCCCGC{SEQUENCE[1_216:]}"
    (tmp_path / "genome.fa").write_text(f">chrM\n{sequence}\n")
    pysam.faidx(str(tmp_path / "genome.fa"))
    reads = circle({}, sequence=sequence)
    for copy in range(100):
        left = 30 + copy % 5 * 10
        bases = sequence[1_208 - left : 1_208] + "CTC" + sequence[1_209 : 1_209 + LENGTH - left - 3]
        reads.append(aligned(f"n{copy}", 1_208 - left, f"{left}M2I{LENGTH - left - 2}M", bases, bool(copy // 5 % 2)))
    cram = write_cram(tmp_path / "c.cram", tmp_path / "genome.fa", reads)
    lines, _ = call_mitochondrion(tmp_path / "genome.fa", [cram], [Sample("C", "proband", 30)])
    rows = [line.rstrip("\n").split("\t") for line in lines if not line.startswith("#")]
    assert rows and all(len(row[3]) != len(row[4]) for row in rows)


@pytest.mark.parametrize(
    ("junction", "kind", "genes"),
    [
        (Junction(8469, 13446, 13), "DEL", "MT-ATP8"),
        (Junction(16200, 500, 3), "DUP", None),  # 869 bases of the control region, or all the rest
        (Junction(3500, 600, 0), "DUP", "MT-RNR1"),
    ],
)
def test_genes_of_a_large_event_are_those_of_the_shorter_arc(junction, kind, genes):
    fields = junction_record("chrM", "A" * facts.RCRS_LENGTH, junction, [Split(20, 20, 1000)], True).split("\t")
    found = info_value(fields[7], "LOCUS")
    assert info_value(fields[7], "SVTYPE") == kind
    assert genes in found.split(",") if genes else found is None or "MT-ND1" not in found


def test_what_both_parts_of_a_read_align_is_homology():
    assert junction_of(Part(500, 613, 0, 113), Part(1_400, 1_487, 100, 187)) == (600, 1_400, 13)


def test_the_nuclear_depth_gives_the_limit_by_nuclear_copies(called):
    child, mother = called[1]["samples"]
    assert child["numt_fraction"] == pytest.approx(15 / child["depth"]["mean"], abs=0.001)
    assert child["copies"] == round(2 * child["depth"]["mean"] / 30)
    assert mother["numt_fraction"] is mother["copies"] is None


def test_the_limit_of_detection_falls_with_depth():
    assert limit_of_detection(1) is None
    assert limit_of_detection(200) > 0.02 > 0.01 > limit_of_detection(2_000)


@pytest.mark.parametrize(("contig", "size", "reason"), [("chr1", 500, "no_contig"), ("chrM", 16_571, "not_rcrs")])
def test_a_reference_without_the_known_contig_is_not_assessed(tmp_path, contig, size, reason):
    (tmp_path / "genome.fa.fai").write_text(f"{contig}\t{size}\t6\t60\t61\n")
    lines, found = call_mitochondrion(tmp_path / "genome.fa", [], [Sample("C", "proband", None)])
    assert found["assessed"] is False and found["reason"] == reason
    assert all(line.startswith("#") for line in lines)


def test_genes_of_rcrs_are_known_by_position():
    assert facts.genes_in(3_243, 3_243) == ["MT-TL1"] and facts.genes_in(8_527, 8_527) == ["MT-ATP8", "MT-ATP6"]
    assert facts.is_difficult(3_106, 3_106) and not facts.is_difficult(3_243, 3_243)
