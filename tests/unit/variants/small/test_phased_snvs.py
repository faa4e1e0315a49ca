"""SNVs of one codon on the same molecules are read together."""

import pysam

from gms.annotation.annotate import Knowledge, annotated
from gms.annotation.changes import Sequence
from gms.annotation.facts import Facts
from gms.annotation.transcripts import Transcripts
from gms.genome.alleles import Allele
from gms.variants.small.loci import Observation, SnvLocus
from gms.variants.small.phased_snvs import changes_one_residue, codon_vcf, joined_snvs

SEQUENCE = "ACGTGAACGT"  # the codon GTG starts at contig position 102
OFFSET = 100


def locus(pos: int, ref: str, alt: str, carriers: range, others: range) -> SnvLocus:
    """An SNV seen in fragments numbered `carriers`, its reference in `others`."""
    made = SnvLocus([Allele(pos, ref, alt)])
    for number in (*carriers, *others):
        distances = (1, 0) if number in carriers else (0, 1)
        made.fragments[f"read{number}"] = Observation(distances, 37, 60, False, 30)
    return made


def test_two_snvs_on_the_same_fragments_form_one_allele():
    first, second = locus(102, "G", "A", range(10), range(10, 40)), locus(103, "T", "A", range(10), range(10, 40))
    whole = Allele(102, "GT", "AA")
    assert joined_snvs([first, second], SEQUENCE, OFFSET) == {
        Allele(102, "G", "A"): whole,
        Allele(103, "T", "A"): whole,
    }


def test_the_base_between_is_kept():
    first, second = locus(102, "G", "A", range(10), range(10, 40)), locus(104, "G", "C", range(10), range(10, 40))
    assert joined_snvs([first, second], SEQUENCE, OFFSET)[Allele(104, "G", "C")] == Allele(102, "GTG", "ATC")


def test_snvs_on_different_fragments_stay_apart():
    first, second = locus(102, "G", "A", range(10), range(10, 40)), locus(103, "T", "A", range(10, 20), range(20, 40))
    assert joined_snvs([first, second], SEQUENCE, OFFSET) == {}


def test_snvs_further_apart_than_a_codon_stay_apart():
    first, second = locus(102, "G", "A", range(10), range(10, 40)), locus(105, "A", "C", range(10), range(10, 40))
    assert joined_snvs([first, second], SEQUENCE, OFFSET) == {}


def test_codon_alleles_are_written_once():
    line = "chr7\t103\t.\t{}\t{}\t9\t.\tCALLERS=freebayes;MNV=103:GT:AA;TLOD=9\tGT\t0/1\n"
    text = codon_vcf([line.format("G", "A"), line.format("T", "A"), "chr7\t200\t.\tA\tC\t9\t.\tRPT=0\tGT\t0/1\n"])
    assert [row for row in text.splitlines() if not row.startswith("#")] == ["chr7\t103\t.\tGT\tAA\t.\t.\t."]
    assert codon_vcf(["chr7\t200\t.\tA\tC\t9\t.\tRPT=0\tGT\t0/1\n"]) == ""


def test_the_codon_together_is_what_counts(tmp_path):
    (tmp_path / "genome.fa").write_text(f">chr7\n{'C' * 96}ATGAAA{'GTGTAA'}{'C' * 20}\n")
    gene = "chr7\t90\t120\tENST1.1\tBRAF\tENSG1\t1\tprotein_coding\t0\t0\t\t90-120\t96-108\t0\n"
    bases = Sequence(pysam.FastaFile(str(tmp_path / "genome.fa")))
    knowledge = Knowledge(Transcripts([gene]), bases, Facts(), None, None, [], [])
    alone = annotated("chr7\t103\t.\tG\tA\t9\t.\tRPT=0\tGT\t0/1\n", knowledge)
    together = annotated("chr7\t103\t.\tG\tA\t9\t.\tMNV=103:GT:AA\tGT\t0/1\n", knowledge)
    assert "HGVSP=p.(Val3Met)" in alone and "HGVSP=p.(Val3Lys)" in together


def test_only_changes_of_one_residue_replace_the_single_ones():
    assert changes_one_residue("p.(Val600Lys)")
    assert changes_one_residue("p.(Gln61*)")
    assert not changes_one_residue("p.(Val600_Lys601delinsLysGlu)")
    assert not changes_one_residue("")
