"""Rearrangements whose gene is activated from a distance are named as WHO and ICC name them, at published places of the
junctions (GRCh38)."""

import pytest

from gms.annotation.transcripts import Transcript, Transcripts, to_line
from gms.base.json_tables import read_table
from gms.fusions.expected import LIST, Distances, read_distances, read_expected
from gms.fusions.loci import Neighbours
from gms.fusions.names import fusion_fields, junctions
from gms.fusions.reach import expected_rows
from gms.genome.vcf import info

# Ends of genes in GENCODE; of a locus its outer segments and one in the middle.
PLACES = """
IGHA2 chr14 105586802 105588395 - IG_C_gene
IGHM chr14 105851705 105856218 - IG_C_gene
IGHV3-82 chr14 106879000 106879844 - IG_V_gene
IGLC1 chr22 22895375 22895834 + IG_C_gene
IGLJ1 chr22 22893781 22893818 + IG_J_gene
TRAV1-1 chr14 21621904 21622567 + TR_V_gene
TRAC chr14 22547506 22552156 + TR_C_gene
TRDD3 chr14 22449113 22449125 + TR_D_gene
TRDJ1 chr14 22450089 22450139 + TR_J_gene
MYC chr8 127735434 127742951 + protein_coding
CCDC26 chr8 129351665 129575009 - lncRNA
BCL2 chr18 63123346 63320128 - protein_coding
BCL6 chr3 187721377 187745725 - protein_coding
CCND1 chr11 69641156 69654474 + protein_coding
NSD2 chr4 1871393 1982207 + protein_coding
FGFR3 chr4 1793293 1808872 + protein_coding
LETM1 chr4 1811479 1856156 - protein_coding
MAF chr16 79585843 79600737 - protein_coding
WWOX chr16 78099400 79212667 + protein_coding
MAFB chr20 40685848 40689236 - protein_coding
CRLF2 chrX 1187549 1212750 - protein_coding
MECOM chr3 169083499 169663775 - protein_coding
GATA2 chr3 128479427 128493201 - protein_coding
RPN1 chr3 128619969 128681075 - protein_coding
BCL11B chr14 99169287 99272197 - protein_coding
TLX3 chr5 171309248 171312134 + protein_coding
RANBP17 chr5 170861870 171300015 + protein_coding
TLX1 chr10 101131300 101137789 + protein_coding
ETV6 chr12 11649674 11895377 + protein_coding
MNX1 chr7 156994051 157010663 - protein_coding
NOM1 chr7 156949712 156973200 + protein_coding
"""


def model(name, contig, start, end, strand, biotype):
    low, high = int(start) - 1, int(end)
    width = min(500, (high - low) // 3)
    coding = (low + 50, high - 50) if biotype == "protein_coding" else None
    exons = ((low, low + width), (high - width, high))
    return Transcript(f"T-{name}", name, name, contig, strand == "+", biotype, 0, False, "", exons, coding, 0)


GENES = [model(*line.split()) for line in PLACES.strip().splitlines()]
MODELS = Transcripts([to_line(one) for one in sorted(GENES, key=lambda one: (one.chrom, one.start))])
LIMITS = read_expected()
KNOWN = Neighbours(MODELS, LIMITS)
SWITCH, JOINING, DELTA = "chr14.105857500", "chr14.105863400", "chr14.22449500"


@pytest.mark.parametrize(
    ("place", "genes"),
    [
        (f"chr4.1876000.{SWITCH}.55", "IGH::NSD2,IGH::FGFR3"),
        (f"chr4.1830000.{SWITCH}.55", "IGH::NSD2,IGH::FGFR3"),  # nearer to FGFR3
        (f"chr4.1812000.{SWITCH}.33", "IGH::NSD2,IGH::FGFR3"),  # der(14) alone, which has FGFR3
        (f"chr11.69531000.{JOINING}.35", "IGH::CCND1"),
        (f"chr11.69311000.{SWITCH}.35", "IGH::CCND1"),
        (f"chr8.127600000.{SWITCH}.35", "IGH::MYC"),
        ("chr8.128000000.chr22.22893900.35", "IGL::MYC"),
        (f"chr18.63126000.{JOINING}.35", "IGH::BCL2"),
        (f"chr3.188000000.{SWITCH}.53", "IGH::BCL6"),
        ("chr3.187744000.chr22.22893900.53", "IGL::BCL6"),
        (f"chr16.78900000.{SWITCH}.55", "IGH::MAF"),  # within WWOX
        (f"chr20.40000000.{SWITCH}.35", "IGH::MAFB"),
        (f"chrX.1230000.{JOINING}.35", "IGH::CRLF2"),
        ("chr3.128603000.chr3.169000000.33", "GATA2::MECOM"),
        ("chr3.169400000.chr8.128700000.53", "MYC::MECOM"),
        ("chr5.171270000.chr14.98400000.55", "BCL11B::TLX3"),
        (f"chr10.101120000.{DELTA}.53", "TRA::TLX1"),
        ("chr7.156960000.chr12.11700000.55", "ETV6::MNX1"),
        ("chr8.129500000.chr14.99300000.35", "CCDC26::BCL11B"),
    ],
)
def test_genes_activated_from_a_distance_are_named(place, genes):
    found = info(";".join(fusion_fields(["x", "1", f"BND.{place}", "N", "x", ".", ".", "A=1"], MODELS, LIMITS, KNOWN)))

    assert found["FUSION"] == genes and set(found["FUSION_FRAME"].split(",")) == {"beside"}


@pytest.mark.parametrize(
    "place",
    [
        f"chr16.77500000.{SWITCH}.55",  # on the other side of WWOX
        f"chr4.1200000.{SWITCH}.55",
        "chr7.156960000.chr12.11640000.55",  # before ETV6
        "chr3.169400000.chr8.130500000.53",
        "chr5.171270000.chr14.97900000.55",
    ],
)
def test_junctions_farther_away_than_published_have_no_name(place):
    assert KNOWN.beside(junctions(f"BND.{place}", 1)) == []


def test_an_enhancer_outside_of_its_gene_is_in_no_intron():
    rows = {(row["five"], row["three"]): row["reason"] for row in expected_rows(LIMITS, {"MECOM": [], "ETV6": []}, {})}

    assert rows["GATA2", "MECOM"] == rows["MYC", "MECOM"] == "locus"
    assert rows["ETV6", "MNX1"] == rows["ETV6", "RUNX1"] == "no_targets"


def test_distances_belong_to_pairs_of_two_genes():
    stated = read_distances()

    assert stated["IGH", "MAF"] == Distances(None, 1_500_000) and stated["ETV6", "MNX1"] == Distances(0, None)
    assert all("*" not in pair for pair in stated) and stated.keys() <= LIMITS.keys()
    assert all("," in row["source"] or "(" in row["source"] for row in read_table(LIST) if row["enhancer_within"])
