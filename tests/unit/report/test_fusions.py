"""The page names a fusion with exons, frame and transcripts, the expected one first, and says what a panel misses."""

from dataclasses import replace

import pytest

from gms.base.project import PROJECT
from gms.filtering.policy import load_policy
from gms.report.classes import ClassResults, class_contents, class_documents
from gms.report.render import finding_rows
from gms.report.variants import Evidence, Filtered, Variant
from report_templates import template

CASE = {"samples": [{"sample": "T", "role": "tumor", "sex": "female"}], "kind": "somatic", "callable_depth": 100}
INFO = {
    "GENE": "ABL1",
    "CONSEQUENCE": "feature_truncation",
    "JUNCTIONS": "2",
    "FUSION": "BCR::ABL1,ABL1::BCR",
    "FUSION_NAME": "BCR(exon_14)::ABL1(exon_2),ABL1(exon_1)::BCR(exon_15)",
    "FUSION_PLACE": "intron14::intron1,intron1::intron14",
    "FUSION_FRAME": "kept,unknown",
    "FUSION_TRANSCRIPTS": "T1::T2,T2::T1",
    "FUSION_EXPECTED": "3",
}
PAGE = (
    '{% import "sentences.html" as say %}{% import "ranking.html" as rank %}'
    '{% for class in classes %}{% include "class_structural.html" %}{% endfor %}'
)


LIBRARY = {"sample": "T", "pairs": 5_000, "median": 200, "longest": 400}
FACTS = {"assessed": True, "panel": True, "callers": ["delly"], "samples": [LIBRARY], "events": {"BND": 1}}


def documents_and_text(variants, **facts):
    policy = load_policy(PROJECT / "config" / "filters" / "panel_structural.yaml", "structural")
    documents = class_documents([ClassResults(Filtered(variants, records=1), policy, FACTS | facts)], CASE)
    drawings = dict.fromkeys(("depth", "ends", "families"), {})
    return documents, template(PAGE).render(
        classes=list(class_contents(documents)), drawings=drawings, case={}, phenotype=None
    )


def variant(alt="A[chr22:900[", **more):
    return Variant(
        chrom="chr9", pos=500, ref="A", alt=alt, section="expected", population_af=None, info=INFO | more,
        callers=("delly",), rescued_by="", rescued_from=(), evidence={"T": Evidence((0, 1), 12, 200, None, 99)},
    )  # fmt: skip


def test_a_gene_beside_a_locus_is_not_called_fused():
    own = {
        "FUSION": "IGH::MYC",
        "FUSION_NAME": "IGH::MYC",
        "FUSION_PLACE": "IGH::beside:-12345",
        "FUSION_FRAME": "beside",
    }

    _, text = documents_and_text([variant(**own, FUSION_TRANSCRIPTS="IGH::MYC")])

    assert "IGH::MYC</span>" in text and "is not fused: the joined end lies 12,345 bases from the gene." in text


def test_doubled_exons_are_called_a_partial_tandem_duplication():
    own = {"FUSION": "KMT2A::KMT2A", "FUSION_NAME": "KMT2A(exon_8)::KMT2A(exon_2)", "FUSION_FRAME": "kept"}

    _, text = documents_and_text([variant("<DUP>", **own, FUSION_PLACE="intron8::intron1", FUSION_TRANSCRIPTS="T::T")])

    assert (
        "exons 2 to 8 are duplicated (partial tandem duplication), reading frame kept, breakpoints in intron 8" in text
    )


def test_an_end_between_genes_is_told_by_its_neighbours():
    info = {key: None for key in INFO if key.startswith("FUSION")}
    found = variant(NEAREST="PVT1(-12345),MYC(40000)")
    kept = {key: value for key, value in found.info.items() if key not in info}

    _, text = documents_and_text([replace(found, info=kept)])

    assert "the other lies between genes: PVT1 is 12,345 bases away, MYC is 40,000 bases away." in text


def test_a_fusion_is_named_with_exons_frame_and_what_the_list_asks_for():
    _, text = documents_and_text([variant()])

    assert "BCR(exon 14)::ABL1(exon 2)</span>" in text and "Expected fusions" in text
    assert "reading frame kept, breakpoints in intron 14 of the 5&#39; gene" in text.replace("5' gene", "5&#39; gene")
    assert "ABL1(exon 1)::BCR(exon 15): reading frame not known" in text
    assert "asks for 3 fragments" in text and "is missed" in text and "30 ×" not in text
    assert "not analysable" not in text


def test_the_lists_have_fusion_and_frame():
    documents, _ = documents_and_text([variant()])

    header, row = finding_rows({"samples": CASE["samples"], "findings": [], "classes": documents})

    found = dict(zip(header, row, strict=True))
    assert found["fusion"].startswith("BCR(exon_14)::ABL1(exon_2)") and found["frame"] == "kept,unknown"
    assert found["copies"] is None and found["T alt_reads"] == 12


def expected(five, three, fragments, reason=None, introns=()):
    names = ("gene", "transcript", "number", "share", "depth")
    own = [dict(zip(names, one, strict=True)) for one in introns]
    return {"five": five, "three": three, "fragments": fragments, "reason": reason, "introns": own}


def test_expected_fusions_are_listed_with_their_limit_or_as_not_analysable():
    alk = [("ALK", "T-ALK", 18, 0.9, 1_200), ("ALK", "T-ALK", 19, 1.0, 250)]
    pairs = [
        expected("EML4", "ALK", 3, introns=alk),
        expected("*", "RET", 4, introns=[("RET", "T-RET", 11, 1.0, 2)]),
        expected("PML", "RARA", 3, "no_targets"),
        expected("ETV6", "*", 3, "no_targets"),
        expected("IGH", "MYC", 4, "locus"),
    ]

    documents, text = documents_and_text([], fusions=pairs)

    limits = {pair["five"]: pair["limit"] for pair in documents[0]["fusions"]["pairs"]}
    assert limits["PML"] is None and limits["*"] is None and 0.02 < limits["EML4"] < 0.03  # 3 of 250 fragments
    assert "ALK (T-ALK): 18 (1,200), 19 (250)" in text and f"{limits['EML4']:.1%}".replace("%", " %") in text
    assert "<td>any gene::RET</td>" in text and "none: too few fragments" in text
    assert "for which no limit is known: IGH::MYC." in text
    assert "2 expected fusions are not analysable: no intron of these genes is targeted" in text
    assert "PML::RARA, ETV6::any gene." in text


@pytest.mark.parametrize("five, three", [("BCR", "ABL1"), ("*", "ABL1"), ("BCR", "*")])
def test_a_fusion_that_is_reported_is_not_called_not_analysable(five, three):
    _, text = documents_and_text([variant()], fusions=[expected(five, three, 3, "no_targets")])

    assert "not analysable" not in text and "No expected fusion has an intron among the targets" in text
