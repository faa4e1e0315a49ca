"""The page names a fusion with exons, frame and transcripts, the expected one first, and says what a panel misses."""

import jinja2

from gms.base.project import PROJECT
from gms.filtering.policy import load_policy
from gms.report.classes import ClassResults, class_contents, class_documents
from gms.report.render import HERE
from gms.report.variants import Evidence, Filtered, Variant

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


def test_a_fusion_is_named_with_exons_frame_and_what_the_list_asks_for():
    variant = Variant(
        chrom="chr9", pos=500, ref="A", alt="A[chr22:900[", section="expected", population_af=None, info=INFO,
        callers=("delly",), rescued_by="", rescued_from=(), evidence={"T": Evidence((0, 1), 12, 200, None, 99)},
    )  # fmt: skip
    policy = load_policy(PROJECT / "config" / "filters" / "panel_structural.yaml", "structural")
    library = {"sample": "T", "pairs": 5_000, "median": 200, "longest": 400}
    facts = {"assessed": True, "panel": True, "callers": ["delly"], "samples": [library], "events": {"BND": 1}}
    documents = class_documents([ClassResults(Filtered([variant], records=1), policy, facts)], CASE)
    page = jinja2.Environment(loader=jinja2.FileSystemLoader(HERE), undefined=jinja2.StrictUndefined, autoescape=True)

    text = page.from_string(PAGE).render(
        classes=list(class_contents(documents)), drawings={"depth": {}, "families": {}}, case={}, phenotype=None
    )

    assert "BCR(exon 14)::ABL1(exon 2)</span>" in text and "Expected fusions" in text
    assert "reading frame kept, cut in intron 14 of the 5&#39; gene" in text.replace("5' gene", "5&#39; gene")
    assert "ABL1(exon 1)::BCR(exon 15): reading frame not known" in text
    assert "asks for 3 fragments" in text and "is missed" in text and "30 ×" not in text
