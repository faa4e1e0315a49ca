"""Genetic codes: mitochondria and selenocysteine."""

import pysam
import pytest

from gms.annotation.changes import Sequence
from gms.annotation.effects import effect_on
from gms.annotation.proteins import MITOCHONDRIAL, STANDARD
from gms.annotation.transcripts import Model, Transcript
from gms.genome.alleles import Allele


def effect(tmp_path, chrom: str, code: str, allele: Allele, utr: str = "GGTCAATAG"):
    """Effect of an allele (0-based) on a gene whose CDS is the contig from its first base to its stop."""
    (tmp_path / "genome.fa").write_text(f">{chrom}\n{code}{utr}\n")
    exons, cds = ((0, len(code + utr)),), (0, len(code))
    model = Model(Transcript("T", "G", "E", chrom, True, "protein_coding", 0, False, "", exons, cds, 0))
    found = effect_on(model, allele, Sequence(pysam.FastaFile(str(tmp_path / "genome.fa"))))
    return found.terms[0], found.protein


def test_genetic_codes_differ_in_four_codons():
    # https://www.ncbi.nlm.nih.gov/Taxonomy/Utils/wprintgc.cgi#SG2
    differing = {codon: MITOCHONDRIAL[codon] for codon, residue in STANDARD.items() if MITOCHONDRIAL[codon] != residue}
    assert differing == {"TGA": "W", "ATA": "M", "AGA": "*", "AGG": "*"}


@pytest.mark.parametrize("allele, expected", [
    (Allele(5, "C", "A"), ("missense_variant", "p.(Ile2Met)")),  # ATA is methionine
    (Allele(8, "G", "A"), ("synonymous_variant", "p.(Trp3=)")),  # TGA is tryptophan
    (Allele(9, "C", "A"), ("stop_gained", "p.(Arg4*)")),  # AGA is a stop
    (Allele(2, "G", "A"), ("start_retained_variant", "p.(Met1=)")),  # ATA starts as well
    (Allele(1, "T", "C"), ("start_lost", "p.(Met1?)")),
])  # fmt: skip
def test_mitochondrial_code(tmp_path, allele, expected):
    assert effect(tmp_path, "MT", "ATGATCTGGCGATAA", allele) == expected


def test_a_stop_that_the_poly_a_tail_completes_is_no_lost_stop(tmp_path):
    assert effect(tmp_path, "MT", "ATGATCTGGT", Allele(5, "C", "T"), "") == ("synonymous_variant", "p.(Ile2=)")


@pytest.mark.parametrize("allele, expected", [
    (Allele(7, "G", "C"), ("missense_variant", "p.(Sec3Ser)")),
    (Allele(8, "A", "G"), ("missense_variant", "p.(Sec3Trp)")),
    (Allele(11, "C", "A"), ("stop_gained", "p.(Cys4*)")),  # another TGA is a stop
    (Allele(5, "C", "T"), ("synonymous_variant", "p.(Ala2=)")),
    (Allele(3, "GCC", "G"), ("frameshift_variant", "p.(Ala2Valfs*?)")),
    (Allele(2, "GGCC", "G"), ("conservative_inframe_deletion", "p.(Ala2del)")),  # read on as selenocysteine
])  # fmt: skip
def test_selenocysteine(tmp_path, allele, expected):
    assert effect(tmp_path, "1", "ATGGCCTGATGCTAA", allele, "GGTCC") == expected
