"""Fusions are named by strand and side of the cut, with exons and reading frame of the transcripts."""

import pytest

from fusion_genes import GENES, gene
from gms.annotation.transcripts import Transcripts, to_line
from gms.base.json_tables import read_table
from gms.fusions.expected import LIST, WrongFusion, needed, read_expected
from gms.fusions.names import fusion_fields, fusions, junctions, with_fusions
from gms.fusions.parts import End
from gms.genome.vcf import info

MODELS = Transcripts([to_line(one) for one in GENES])
PLUS, MINUS = End("chr1", 500, "3"), End("chr2", 2700, "3")  # intron 1 of both: MINUS begins at its right end


@pytest.mark.parametrize(
    ("first", "second", "name", "place", "frame"),
    [
        (PLUS, End("chr1", 100_500, "5"), "PLUS(exon_1)::OTHER(exon_2)", "intron1::intron1", "kept"),
        (PLUS, End("chr1", 101_500, "5"), "PLUS(exon_1)::OTHER(exon_3)", "intron1::intron2", "lost"),
        (PLUS, MINUS, "PLUS(exon_1)::MINUS(exon_2)", "intron1::intron1", "kept"),
        (End("chr1", 500, "5"), End("chr2", 2700, "5"), "MINUS(exon_1)::PLUS(exon_2)", "intron1::intron1", "kept"),
        (End("chr1", 1150, "3"), MINUS, "PLUS(exon_2)::MINUS(exon_2)", "exon2::intron1", "unknown"),
        (End("chr2", 100_500, "3"), End("chr2", 100_500, "5"), None, None, None),
        (PLUS, End("chr2", 2700, "5"), None, None, None),  # both promoters
        (PLUS, End("chr3", 2700, "5"), None, None, None),  # no gene at the other end
    ],
)
def test_name_place_and_frame_follow_strand_and_side(first, second, name, place, frame):
    found = fusions([(first, second)], MODELS, {})

    assert [one.name for one in found] == ([name] if name else [])
    if name:
        assert (f"{found[0].five.place}::{found[0].three.place}", found[0].frame) == (place, frame)
        assert found[0].five.transcript.endswith("-0")


def test_untranslated_start_before_a_whole_coding_sequence_is_a_promoter():
    utr = End("chr2", 100_500, "3")
    whole = Transcripts([to_line(GENES[4]), to_line(gene("WHOLE", "chr3", 0, True, cds=(1120, 3150)))])

    (found,) = fusions([(utr, End("chr3", 500, "5"))], whole, {})

    assert (found.name, found.frame) == ("UTR(exon_1)::WHOLE(exon_2)", "promoter")


def test_a_gene_without_a_protein_gives_its_promoter_to_a_whole_coding_sequence():
    """As RNA names it (gms.fusions.transcribed)."""
    models = [
        gene("RNA", "chr2", 0, True, cds=None, biotype="lncRNA"),
        gene("WHOLE", "chr3", 0, True, cds=(1120, 3150)),
    ]
    transcripts = Transcripts([to_line(one) for one in models])

    ends = [[(End("chr2", 500, "3"), End("chr3", cut, "5"))] for cut in (500, 1500)]
    assert [fusions(one, transcripts, {})[0].frame for one in ends] == ["promoter", "unknown"]


def test_a_reciprocal_junction_is_one_finding_with_the_expected_fusion_first():
    ends = junctions("BND.chr1.500.chr2.2700.55.1", 2)

    found = fusions(ends, MODELS, {("PLUS", "MINUS"): 3})

    assert [one.genes for one in found] == ["PLUS::MINUS", "MINUS::PLUS"]
    assert found[0].fragments == 3 and found[1].fragments is None


def test_exons_that_are_doubled_within_a_gene_are_named():
    """Exons 2 and 3 are 210 bases, whole codons."""
    (found,) = fusions([(End("chr1", 2500, "3"), End("chr1", 500, "5"))], MODELS, {("PLUS", "PLUS"): 6})

    assert (found.name, found.frame, found.fragments) == ("PLUS(exon_3)::PLUS(exon_2)", "kept", 6)


def test_an_event_within_an_intron_is_no_fusion():
    assert fusions([(End("chr1", 300, "3"), End("chr1", 900, "5"))], MODELS, {}) == []


def test_fields_of_a_record():
    line = "chr1\t500\tDEL.chr1.500.chr1.100500.35\tA\t<DEL>\t99\t.\tSVTYPE=DEL;JUNCTIONS=1\tGT\t0/1\n"

    (written,) = with_fusions([line], MODELS, {("PLUS", "*"): 4})

    values = info(written.split("\t")[7])
    assert (values["FUSION"], values["FUSION_FRAME"], values["FUSION_EXPECTED"]) == ("PLUS::OTHER", "kept", "4")
    assert values["FUSION_TRANSCRIPTS"] == "T-PLUS-0::T-OTHER-0"
    assert fusion_fields(["chr1", "1", ".", "A", "<INS>", ".", ".", "SVTYPE=INS"], MODELS, {}) == []


def test_the_list_gives_the_limit_of_the_pair_before_that_of_any_partner():
    limits = {("A", "B"): 3, ("A", "*"): 4, ("*", "B"): 5}

    assert [needed(*pair, limits) for pair in (("A", "B"), ("A", "X"), ("X", "B"), ("A", "A"), ("X", "Y"))] == [
        3, 4, 5, None, None,
    ]  # fmt: skip


def test_the_list_of_the_project_is_sound_and_names_a_source_for_each():
    assert read_expected()["BCR", "ABL1"] == 3
    assert all(row["source"] and row["seen_in"] for row in read_table(LIST))


def test_a_row_that_cannot_match_is_refused(tmp_path):
    path = tmp_path / "fusions.tsv"
    path.write_text("five_prime\tthree_prime\tfragments\nBCR\t\t3\n")

    with pytest.raises(WrongFusion, match=r"'BCR::' with 3 fragments is not a fusion"):
        read_expected(path)
