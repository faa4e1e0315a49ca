"""Alleles and states of repeats from what reads show, and the catalogue. Whole samples: ./gms benchmark repeats."""

import random

import pysam
import pytest

from alignments import CONTIG, read, write_cram, write_fasta
from gms.genome.vcf import info_value, sample_values
from gms.variants.repeats.alleles import Length, alleles_of
from gms.variants.repeats.calls import Sample, call_repeats
from gms.variants.repeats.catalogue import CATALOGUE, Locus, UnusableCatalogue, read_catalogue
from gms.variants.repeats.motifs import purity
from gms.variants.repeats.reads import Seen, without_flank
from gms.variants.repeats.report_section import page_content
from gms.variants.repeats.status import status

HD = Locus("HTT", "Huntington disease", "chr4", 1_000, 1_057, "CAG", ("CAG",), 26, 27,
           {"STRchive": 36, "stranger": 36}, "AD")  # fmt: skip
CANVAS = HD._replace(gene="RFC1", motif="AAAAG", pathogenic_motifs=("AAGGG",), benign_max=11, intermediate_min=11,
                     limits={"STRchive": 400, "stranger": 12})  # fmt: skip


def seen(spanning: dict[int, int], left=(), right=(), inside=0) -> Seen:
    """Reads of 150 bases, fragments of 420, at 30 x."""
    sides = [["C" * bound for bound in side] for side in (left, right)]
    return Seen({length: ["C" * length] * reads for length, reads in spanning.items()}, *sides,
                ["C" * 150] * inside, 30, 150, 420)  # fmt: skip


def test_lengths_that_reads_span_are_exact():
    assert alleles_of(seen({51: 12, 60: 10, 54: 1}), 2, 3).lengths == (Length(51, 51), Length(60, 60))
    assert alleles_of(seen({51: 12}), 2, 3).lengths == (Length(51, 51),) * 2
    assert alleles_of(seen({51: 12}), 1, 3).lengths == (Length(51, 51),)


def test_reads_that_end_in_a_longer_allele_give_its_least_length():
    short, long = alleles_of(seen({51: 8}, left=(70, 100, 128), right=(90, 125)), 2, 3).lengths
    assert short.is_exact and long.low == 125 and 150 < long.high < 250


def test_reads_within_the_repeat_measure_it_up_to_a_fragment():
    _, long = alleles_of(seen({51: 8}, left=(100,), right=(120,), inside=6), 2, 3).lengths
    assert 150 < long.low < 210 < long.high < 300
    _, longer = alleles_of(seen({51: 8}, left=(100,), right=(120,), inside=25), 2, 3).lengths
    assert longer.low > 300 and longer.high is None


def test_a_harmless_allele_that_no_read_spans_is_not_called_expanded():
    """Reads with a few bases of flank look like nothing but repeat, so an allele as long as a read has some."""
    locus = HD._replace(benign_max=50, intermediate_min=50, limits={"STRchive": 71})
    _, long = alleles_of(seen({51: 8}, left=(140,), right=(142,), inside=3), 2, 3).lengths
    assert status(long, locus, {"CAG": 9}) == "undetermined"


def test_reads_within_two_alleles_are_of_both():
    (one, _), (both, _) = (
        alleles_of(seen(spanned, left=(140,), right=(142,), inside=20), 2, 20).lengths[::-1]
        for spanned in ({80: 8}, {})
    )
    assert one.low > 260 and both.low < 220


def test_a_single_long_read_is_no_allele():
    assert alleles_of(seen({51: 9, 60: 9}, left=(130,)), 2, 3).lengths == (Length(51, 51), Length(60, 60))


def test_two_alleles_and_reads_of_a_third_are_pointed_out():
    assert alleles_of(seen({51: 9, 60: 9}, left=(120,), right=(120,)), 2, 3).note == "more_alleles_than_copies"


@pytest.mark.parametrize(("length", "expected"), [
    (Length(57, 57), "normal"), (Length(90, 90), "intermediate"), (Length(120, 120), "full_mutation"),
    (Length(100, 130), "expanded"), (Length(70, 160), "undetermined"), (Length(130, None), "full_mutation"),
    (Length(90, 100), "intermediate"),
])  # fmt: skip
def test_states_follow_the_limits(length, expected):
    assert status(length, HD, {"CAG": 9}) == expected


def test_a_motif_decides_where_the_length_does_not():
    long = Length(300, None)
    assert status(long, CANVAS, {"AAAAG": 20, "AAGGG": 0}) == "normal"
    assert status(long, CANVAS, {"AAAAG": 2, "AAGGG": 18}) == "full_mutation"  # by stranger's limit, 12 copies
    assert status(long, CANVAS, {}) == "undetermined"


def test_limits_within_the_normal_range_decide_nothing():
    assert status(Length(60, 60), HD._replace(benign_max=40), {"CAG": 9}) == "undetermined"


def test_any_base_fits_n():
    assert purity("GCAGCTGCG", "GCN") == 1.0 and purity("GCAGTTGCG", "GCN") < 1.0


def test_bases_of_the_flank_are_not_repeat():
    assert without_flank("CAGCAGCAGTTACG", "TTACGGATC") == "CAGCAGCAG"


@pytest.fixture
def genome(tmp_path):
    """A repeat of 19 CAG in random sequence, and its catalogue."""
    generator = random.Random(1)
    left, right = ("".join(generator.choices("ACGT", k=1_000)) for _ in "lr")
    fasta = write_fasta(tmp_path / "genome.fa", left + "CAG" * 19 + right)
    rows = CATALOGUE.read_text().splitlines()
    header = next(row for row in rows if row.startswith("gene"))
    row = "HTT\tHuntington disease\t1\t1000\t1057\t-\t-\tCAG\tCAG\t26\t27\t36\t36\tAD"
    (tmp_path / "catalogue.tsv").write_text(f"{header}\n{row}\n")
    return fasta, tmp_path / "catalogue.tsv", left, right


def test_reads_become_a_record_and_a_histogram(genome, tmp_path):
    fasta, catalogue, left, right = genome
    reads = []
    for number in range(24):
        copies, start = (17, 40)[number % 2], 910 + number
        bases = (left[start:] + "CAG" * copies + right)[:150]
        matched = min(len(left) - start, 150)
        reads.append(read(f"r{number}", start, f"{matched}M{150 - matched}S", bases))
        bases = (left + "CAG" * copies + right[: 90 - number])[-150:]
        reads.append(read(f"b{number}", 1_057, f"{60 + number}S{90 - number}M", bases))
    for start in range(300, 900, 10):
        reads.append(read(f"f{start}", start, "150M", (left + "CAG" * 19 + right)[start : start + 150]))
        reads.append(read(f"g{start}", start + 760, "150M", (left + "CAG" * 19 + right)[start + 760 : start + 910]))
    cram = write_cram(tmp_path / "s.cram", fasta, reads)
    lines, facts = call_repeats(fasta, catalogue, [cram], [Sample("S1", "female")])
    fields = lines[-1].rstrip("\n").split("\t")
    assert fields[:2] == [CONTIG, "1000"] and info_value(fields[7], "STR_STATUS") in ("expanded", "full_mutation")
    assert sample_values(fields[8], fields[9])["REPCN"] == "17/."
    (locus,) = page_content({"facts": facts})["loci"]
    assert "pathogenic ≥" in locus["histograms"][0] and "17" in locus["histograms"][0]
    assert locus["samples"][0]["alleles"][0]["low"] == 17


def test_a_reference_without_the_repeats_has_no_loci(genome):
    fasta, *_ = genome
    with pysam.FastaFile(str(fasta)) as reference:
        assert read_catalogue(CATALOGUE, reference) == []


def test_a_table_of_something_else_is_refused(genome, tmp_path):
    (tmp_path / "other.tsv").write_text("gene\tchrom\nHTT\t4\n")
    with pysam.FastaFile(str(genome[0])) as reference, pytest.raises(UnusableCatalogue, match="lacks start38"):
        read_catalogue(tmp_path / "other.tsv", reference)
