"""Fusions that RNA shows: exons, frame and splice sites, neighbours that are read through, copies of genes."""

import random

import pytest

from gms.annotation.changes import reverse_complement
from gms.annotation.transcripts import Transcript, Transcripts, to_line
from gms.fusions.expected import read_expected
from gms.fusions.likeness import complexity, copies, similarity
from gms.fusions.parts import End
from gms.fusions.rna_case import has_target
from gms.fusions.transcribed import border, fused, is_between_genes, partners_of
from gms.genome.intervals import Interval

EXONS = ((100, 200), (1100, 1210), (2100, 2200), (3100, 3200))


def gene(name, contig, start, forward, cds=(150, 3150), rank=0, exons=EXONS):
    moved = tuple((one + start, other + start) for one, other in exons)
    coding = (cds[0] + start, cds[1] + start) if cds else None
    biotype = "protein_coding" if cds else "lncRNA"
    return Transcript(f"T-{name}-{rank}", name, name, contig, forward, biotype, rank, False, "", moved, coding, 0)


GENES = (
    gene("PLUS", "chr1", 0, True),
    gene("PLUS", "chr1", 0, True, rank=3, exons=((100, 200), (1100, 1190), (3100, 3200))),
    gene("MINUS", "chr2", 0, False),
    gene("NEXT", "chr1", 10_000, True),
    gene("UTR", "chr2", 100_000, True, cds=(1110, 3150)),
    gene("LONG", "chr1", 90_000, True, cds=(1105, 3150)),
)
MODELS = Transcripts([to_line(one) for one in sorted(GENES, key=lambda one: (one.chrom, one.start))])
PLUS, MINUS = End("chr1", 200, "3"), End("chr2", 2_200, "3")  # end of exon 1; start of exon 2, from the right


@pytest.mark.parametrize(
    ("first", "second", "name", "frame", "sites"),
    [
        (PLUS, MINUS, "PLUS(exon_1)::MINUS(exon_2)", "kept", 2),
        (MINUS, PLUS, "PLUS(exon_1)::MINUS(exon_2)", "kept", 2),
        (End("chr1", 1_210, "3"), MINUS, "PLUS(exon_2)::MINUS(exon_2)", "lost", 2),
        (End("chr1", 1_190, "3"), MINUS, "PLUS(exon_2)::MINUS(exon_2)", "kept", 2),  # exon of another transcript
        (End("chr1", 1_150, "3"), MINUS, "PLUS(exon_2)::MINUS(exon_2)", "lost", 1),
        (PLUS, End("chr2", 2_170, "3"), "PLUS(exon_1)::MINUS(exon_2)", "kept", 1),  # 30 coding bases less
        (End("chr1", 500, "3"), MINUS, "PLUS(exon_1)::MINUS(exon_2)", "unknown", 1),  # within an intron
        (End("chr1", 203, "3"), MINUS, "PLUS(exon_1)::MINUS(exon_2)", "kept", 2),  # three bases added
        (End("chr1", 202, "3"), MINUS, "PLUS(exon_1)::MINUS(exon_2)", "lost", 2),
        (PLUS, End("chr2", 2_203, "3"), "PLUS(exon_1)::MINUS(exon_2)", "kept", 2),
        (PLUS, End("chr2", 2_201, "3"), "PLUS(exon_1)::MINUS(exon_2)", "lost", 2),
        (End("chr1", 201, "3"), End("chr2", 2_202, "3"), "PLUS(exon_1)::MINUS(exon_2)", "kept", 2),
        (End("chr1", 204, "3"), MINUS, "PLUS(exon_1)::MINUS(exon_2)", "unknown", 1),
        (End("chr2", 100_200, "3"), End("chr1", 91_100, "5"), "UTR(exon_1)::LONG(exon_2)", "promoter", 2),
        (End("chr1", 200, "5"), MINUS, None, None, None),  # no promoter
        (PLUS, End("chr1", 3_100, "5"), None, None, None),  # of one gene
        (PLUS, End("chr3", 100, "5"), None, None, None),  # between genes
    ],
)
def test_names_frame_and_splice_sites(first, second, name, frame, sites):
    found = fused(first, second, MODELS, {("PLUS", "*"): 4})

    assert (found and (found.name, found.frame, found.splice_sites)) == (name and (name, frame, sites))
    assert not found or (found.fragments, found.listed) == (4 if found.five.part.gene == "PLUS" else None, False)


def test_the_usual_transcript_is_looked_for_at_the_border_of_the_exon():
    ends = End("chr1", 201, "3"), End("chr2", 2_202, "3")
    found = fused(*ends, MODELS, {})

    assert [border(*pair) for pair in zip(found.ends, (found.five, found.three), strict=True)] == [PLUS, MINUS]


@pytest.mark.parametrize(
    ("targets", "has"),
    [
        ({"chr1": [Interval(1_000, 1_150)]}, True),
        ({"chr1": [Interval(50, 100)], "chr2": [Interval(3_199, 3_300)]}, True),
        ({"chr1": [Interval(50, 100)], "chr2": [Interval(3_200, 3_300)]}, False),  # next to both
        ({}, False),
        (None, True),  # a whole transcriptome
    ],
)
def test_a_fusion_is_outside_without_a_target_in_either_gene(targets, has):
    assert has_target(fused(PLUS, MINUS, MODELS, {}), targets) is has


def segment(name, contig, start, biotype):
    return gene(name, contig, start, True)._replace(biotype=biotype)


SEGMENTS = (
    segment("IGHJ4", "chr3", 0, "IG_J_gene"),
    segment("IGHM", "chr3", 300_000, "IG_C_gene"),
    segment("TRDV1", "chr4", 0, "TR_V_gene"),
    segment("TRAJ3", "chr4", 300_000, "TR_J_gene"),
)
ORDERED = sorted((*GENES, *SEGMENTS), key=lambda one: (one.chrom, one.start))
WITH_SEGMENTS = Transcripts([to_line(one) for one in ORDERED])


def test_a_segment_of_an_antigen_receptor_counts_as_its_locus():
    found = fused(End("chr3", 200, "3"), End("chr1", 11_100, "5"), WITH_SEGMENTS, {("IGH", "NEXT"): 4})

    assert (found.genes, found.name, found.fragments, found.listed) == (
        "IGH::NEXT", "IGHJ4(exon_1)::NEXT(exon_2)", 4, True,
    )  # fmt: skip


@pytest.mark.parametrize("contig", ["chr3", "chr4"])
def test_segments_of_one_receptor_are_no_fusion(contig):
    assert fused(End(contig, 200, "3"), End(contig, 301_100, "5"), WITH_SEGMENTS, {}) is None


def test_neighbours_on_one_strand_are_apart_by_what_is_left_out():
    assert fused(PLUS, End("chr1", 11_100, "5"), MODELS, {}).distance == 10_900
    assert fused(End("chr1", 10_200, "3"), End("chr1", 1_100, "5"), MODELS, {}).distance is None  # against the order
    assert fused(PLUS, MINUS, MODELS, {}).distance is None
    assert is_between_genes(PLUS, End("chr1", 11_100, "5"), MODELS)
    assert not is_between_genes(PLUS, End("chr1", 1_100, "5"), MODELS)
    assert not is_between_genes(PLUS, End("chr1", 50_000, "5"), MODELS)


LEFT, RIGHT = gene("LEFT", "chr5", 0, True), gene("RIGHT", "chr5", 800_000, True)  # as FIP1L1 and PDGFRA
JOINED = End("chr5", 1_210, "3"), End("chr5", 802_100, "5")  # exon 2 of the one, exon 3 of the other


def over_both(name, forward=True, coding=True, exons=((100, 200), (1_100, 1_210), (803_100, 803_200)), of=None):
    cds = (150, 803_150) if coding else None
    return gene(name, "chr5", 0, forward, cds=cds, rank=9, exons=exons)._replace(gene=of or name)


WITH_JUNCTION = ((1_100, 1_210), (802_100, 802_200), (803_100, 803_200))


@pytest.mark.parametrize(
    ("third", "is_fusion"),
    [
        (None, True),
        (over_both("READS_THROUGH"), True),  # ENSG00000282278 is a gene model from FIP1L1 to PDGFRA
        (over_both("OWN", of="LEFT"), True),  # a transcript of one partner that is read through
        (over_both("BACKWARDS", exons=((100, 200), (803_100, 803_200)), forward=False), True),
        (over_both("LNC", coding=False, exons=((50, 90), (803_900, 804_000))), True),
        (over_both("BORDERS", exons=((1_100, 1_210), (5_100, 5_200), *WITH_JUNCTION[1:])), True),  # skips its exon
        (over_both("INTRON", exons=WITH_JUNCTION), False),
        (over_both("INTRON", coding=False, exons=WITH_JUNCTION), False),
        (over_both("ANTISENSE", forward=False, coding=False, exons=WITH_JUNCTION), False),
    ],
)
def test_a_gene_model_over_both_ends_hides_no_fusion(third, is_fusion):
    models = Transcripts([to_line(one) for one in sorted(filter(None, (LEFT, RIGHT, third)), key=lambda o: o.start)])

    found = fused(*JOINED, models, {})

    assert (found and found.name) == ("LEFT(exon_2)::RIGHT(exon_3)" if is_fusion else None)
    assert is_between_genes(*JOINED, models) == is_fusion


@pytest.mark.parametrize(
    ("coding", "ends"),
    [
        (False, (End("chr6", 200, "3"), End("chr6", 803_100, "5"))),  # an exon of the outer gene is left out
        (True, (End("chr6", 200, "3"), End("chr6", 803_100, "5"))),
        (False, (End("chr6", 180, "3"), End("chr6", 803_150, "5"))),  # at no border of any exon
    ],
)
def test_genes_within_a_gene_are_not_joined_by_its_splicing(coding, ends):
    nested = [
        gene(f"IN{start}", "chr6", start, True, cds=(20, 90) if coding else None, exons=((10, 50), (60, 400)))
        for start in (0, 803_000)
    ]
    outer = gene("OUTER", "chr6", 0, True, cds=(150, 803_150), exons=((0, 200), (5_000, 5_100), (803_100, 803_500)))
    models = Transcripts([to_line(one) for one in sorted((*nested, outer), key=lambda one: one.start)])

    assert fused(*ends, models, {}) is None


def test_reads_of_a_copy_of_a_gene_are_recognised():
    generator = random.Random(4)
    contigs = {name: generator.choices("ACGT", k=120_000) for name in ("chr1", "chr2")}
    contigs["chr1"][11_100:11_210] = contigs["chr1"][1_100:1_210]  # exon 2 of NEXT is that of PLUS
    contigs["chr2"][2_100:2_200] = reverse_complement("".join(contigs["chr1"][91_100:91_200]))  # MINUS's that of LONG
    contigs = {name: "".join(bases) for name, bases in contigs.items()}

    def bases(contig, start, end):
        return contigs[contig][start:end]

    alike, unlike = fused(PLUS, End("chr1", 11_100, "5"), MODELS, {}), fused(PLUS, MINUS, MODELS, {})
    other = fused(PLUS, End("chr1", 91_100, "5"), MODELS, {})

    assert similarity(alike, bases) == 1.0 and similarity(unlike, bases) < 0.7
    assert complexity(unlike, bases) > 0.5
    assert copies([(unlike, 9), (other, 3), (alike, 9)], bases) == {other.ends}
    assert copies([(unlike, 9), (other._replace(listed=True), 3)], bases) == {unlike.ends}
    assert copies([(unlike, 13), (other._replace(listed=True), 3)], bases) == {other.ends}
    assert partners_of([alike, unlike, other])["PLUS"] == 3


@pytest.mark.parametrize(("five", "three", "listed"), [("EIF3E", "RSPO2", True), ("RSPO2", "EIF3E", False)])
def test_neighbours_that_a_deletion_joins_in_tumours_are_listed(five, three, listed):
    genes = [gene(three, "chr8", 0, False), gene(five, "chr8", 150_000, False)]
    found = fused(End("chr8", 153_100, "5"), End("chr8", 2_200, "3"), Transcripts(map(to_line, genes)), read_expected())

    assert (found.genes, found.distance, found.listed) == (f"{five}::{three}", 150_900, listed)
