"""A gene beside an antigen receptor locus or a promoter is named by both; an end between genes by its neighbours."""

import re

import pytest

from fusion_genes import gene
from gms.annotation.transcripts import Transcripts, to_line
from gms.base.json_tables import read_table
from gms.fusions.expected import LIST, read_expected
from gms.fusions.loci import EDGE, Neighbours, Span
from gms.fusions.names import fusion_fields, with_fusions
from gms.fusions.parts import End
from gms.genome.vcf import info

FAR = 2_000_000
SEGMENTS = [
    gene("IGHM", "chr14", 100_000, False, biotype="IG_C_gene"),
    gene("IGHJ4", "chr14", 150_000, False, cds=None, biotype="J_segment"),
    gene("IGHV1OR15-1", "chr15", 500_000, False, biotype="IG_V_gene"),
    gene("IGHMBP2", "chr11", 500_000, True),
]
GENES = [
    gene("MYC", "chr8", FAR, True),
    gene("BEFORE", "chr8", FAR - 900_000, True),
    gene("P2RY8", "chrX", 600_000, False, cds=(150, 1150)),
    gene("CRLF2", "chrX", 300_000, False),
    gene("ETV6", "chr12", 0, True),
    gene("NEXT", "chr14", 60_000, True),  # near the locus, but a gene of its own
]
MODELS = Transcripts([to_line(one) for one in sorted([*SEGMENTS, *GENES], key=lambda one: (one.chrom, one.start))])
LIMITS = {("IGH", "MYC"): 4, ("P2RY8", "CRLF2"): 3, ("ETV6", "*"): 4}
KNOWN = Neighbours(MODELS, LIMITS)
IN_LOCUS = End("chr14", 130_000, "3")  # between two segments, in no gene


def values(name, neighbours=KNOWN):
    return info(";".join(fusion_fields(["x", "1", name, "N", "x", ".", ".", "SVTYPE=BND"], MODELS, LIMITS, neighbours)))


@pytest.mark.parametrize(
    ("cut", "distance"), [(FAR - 400_000, 400_100), (FAR + 500, 0), (FAR + 300_000, -296_800), (FAR - 600_000, None)]
)
@pytest.mark.parametrize("sides", ["35", "33"])
def test_a_gene_beside_a_locus_is_named_up_to_a_distance(cut, distance, sides):
    found = values(f"BND.chr14.130000.chr8.{cut}.{sides}.1")

    if distance is None:
        assert "FUSION" not in found
    else:
        shown = (found["FUSION_NAME"], found["FUSION_PLACE"], found["FUSION_FRAME"], found["FUSION_EXPECTED"])
        assert shown == ("IGH::MYC", f"IGH::beside:{distance}", "beside", "4")


@pytest.mark.parametrize(
    "place", [("chr15", 500_500), ("chr11", 500_500), ("chr14", 160_000 + EDGE + 10_000), ("chr14", 60_500)]
)
def test_orphan_segments_and_like_symbols_are_no_locus(place):
    assert KNOWN.beside([(End(*place, "3"), End("chr8", FAR - 10, "5"))]) == []


def test_a_promoter_is_joined_to_the_whole_gene_behind_it():
    """P2RY8 and CRLF2 are on the reverse strand: the deletion joins what is left of CRLF2's upstream side to P2RY8."""
    found = values("DEL.chrX.310000.chrX.602500.35")

    assert (found["FUSION"], found["FUSION_FRAME"], found["FUSION_PLACE"]) == (
        "P2RY8::CRLF2",
        "beside",
        "P2RY8::beside:-6800",
    )
    away = values("BND.chrX.310000.chrX.602500.55.1")
    assert "FUSION" not in away


@pytest.mark.parametrize(("cut", "found"), [(1_110_000, True), (1_060_000, True), (1_260_000, False), (800_000, True)])
def test_an_enhancer_beside_its_gene_is_named_also_within_another_gene(cut, found):
    """inv(3): GATA2 on the reverse strand, its enhancer and RPN1 before it."""
    genes = [
        gene("GATA2", "chr3", 1_000_000, False),
        gene("RPN1", "chr3", 1_108_000, False),
        gene("MECOM", "chr3", FAR, False),
    ]
    models = Transcripts([to_line(one) for one in genes])
    beside = Neighbours(models, {("GATA2", "MECOM"): 4}).beside(
        [(End("chr3", cut, "3"), End("chr3", FAR + 50_000, "3"))]
    )

    assert [(one.five, one.three.gene, one.fragments) for one in beside] == [("GATA2", "MECOM", 4)] * found


def test_an_end_between_genes_has_its_neighbours():
    found = values(f"BND.chr12.500.chr8.{FAR - 450_000}.35.1")

    assert found["NEAREST"] == "BEFORE(-446800),MYC(450100)" and "FUSION" not in found
    assert values("BND.chr12.500.chr9.100.35.1") == {}
    assert "NEAREST" not in values(f"BND.chr9.500.chr8.{FAR - 450_000}.35.1")


def test_distances_are_negative_before_a_cut():
    assert [Span(10, 20, "A").distance(cut) for cut in (5, 10, 20, 25)] == [5, 0, 0, -5]


def test_families_are_named_as_before():
    line = f"chr14\t130000\tBND.chr14.130000.chr8.{FAR - 10}.35.1\tA\tx\t99\t.\tSVTYPE=BND\tGT\t0/1\n"
    family, tumor = (next(with_fusions([line], MODELS, LIMITS, tumor)) for tumor in (False, True))

    assert "FUSION" not in family and "FUSION=IGH::MYC" in tumor


def test_the_list_names_the_common_rearrangements_of_loci():
    assert {
        ("IGH", "MYC"),
        ("IGH", "BCL2"),
        ("IGH", "CCND1"),
        ("IGH", "CRLF2"),
        ("P2RY8", "CRLF2"),
        ("GATA2", "MECOM"),
        ("IGH", "MAF"),
        ("TRB", "TLX1"),
        ("BIRC3", "MALT1"),
    } <= read_expected().keys()


@pytest.mark.parametrize(
    ("locus", "segment", "partner"),
    [
        ("IGH", "IGHJ4", "IL3"),
        ("IGH", "IGHJ4", "EPOR"),
        ("IGH", "IGHM", "CCND3"),
        ("IGH", "IGHM", "MAFB"),
        ("IGK", "IGKJ1", "CCND2"),
        ("TRA", "TRAJ1", "LMO2"),
        ("TRA", "TRAJ1", "TCL1A"),
        ("TRB", "TRBJ2-1", "HOXA10"),
    ],
)
def test_defining_rearrangements_of_loci_are_named_by_the_list(locus, segment, partner):
    genes = [
        gene(segment, "chr7", 100_000, True, cds=None, biotype=f"{locus[:2]}_J_gene"),
        gene(partner, "chr8", FAR, True),
    ]
    known = Neighbours(Transcripts([to_line(one) for one in genes]), read_expected())
    found = known.beside([(End("chr7", 103_000, "3"), End("chr8", FAR - 200_000, "5"))])

    assert [(one.five, one.three.gene, one.fragments) for one in found] == [(locus, partner, 4)]


def test_every_expected_fusion_has_its_source():
    rows = read_table(LIST)

    assert all(row["seen_in"] and re.search(r"(19|20)\d\d|PMC\d", row["source"]) for row in rows)
    pairs = [(row["five_prime"], row["three_prime"]) for row in rows]
    assert len(pairs) == len(set(pairs))
