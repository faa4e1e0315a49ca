"""The section of RNA: fusions with exons and frame, splice events with numbers, and what was not assessed."""

from dataclasses import replace

from gms.base.project import PROJECT
from gms.filtering.policy import load_policy
from gms.report.classes import ClassResults, class_contents, class_documents
from gms.report.limits import not_looked_for
from gms.report.variants import Evidence, Filtered, Variant
from report_templates import template

CASE = {"samples": [{"sample": "T", "role": "tumor", "sex": "female"}], "kind": "somatic", "callable_depth": 100}
FUSION = {
    "FUSION": "BCR::ABL1",
    "FUSION_NAME": "BCR(exon_14)::ABL1(exon_2)",
    "FUSION_FRAME": "kept",
    "FUSION_TRANSCRIPTS": "T1::T2",
    "FUSION_EXPECTED": "3",
    "SPLICE_SITES": "2",
    "OVERHANG": "60",
}
EVENT = {"name": "MET_exon_14_skipping", "gene": "MET", "exons": "14", "transcript": "T3", "without": 3, "usual": 2.5}
FACTS = {
    "assessed": True,
    "reason": None,
    "callers": ["starjunctions"],
    "samples": [{"sample": "T", "fragments": 1_000_000, "chimeric": 1_200}],
    "events": [{**EVENT, "share": None}, {**EVENT, "share": 0.25}],
    "without_models": ["EGFRvIII"],
}
PAGE = '{% import "sentences.html" as say %}{% for class in classes %}{% include "class_rna.html" %}{% endfor %}'


def variant(alt: str, section: str, info: dict[str, str]) -> Variant:
    return Variant(
        chrom="chr22", pos=500, ref="A", alt=alt, section=section, population_af=None, info=info,
        callers=("starjunctions",), rescued_by="", rescued_from=(),
        evidence={"T": Evidence((None, None), 9, 60, None, None)},
    )  # fmt: skip


def test_the_section_names_fusions_and_splice_events():
    skipped = {"SPLICE_EVENT": "MET_exon_14_skipping", "SKIPPED_EXONS": "14", "SPLICE_TRANSCRIPT": "T3"}
    variants = [variant("A[chr9:900[", "expected", FUSION), variant("<DEL>", "splicing", skipped)]
    policy = load_policy(PROJECT / "config" / "filters" / "panel_rna.yaml", "rna")
    documents = class_documents([ClassResults(Filtered(variants, records=2), policy, FACTS)], CASE)
    text = template(PAGE).render(classes=list(class_contents(documents)))

    assert "BCR::ABL1</span> BCR(exon 14)::ABL1(exon 2)" in text and "Expected fusions" in text
    assert "reading frame kept; both ends at the border of an exon (T1, T2)" in text and "asks for 3 fragments" in text
    assert "MET exon 14 skipping</span> exon 14 skipped" in text and "Exons skipped" in text
    assert "not assessed: fewer than 10 fragments" in text and "25.0 %" in text
    assert "the gene models lack the exons: EGFRvIII" in text and "1,000,000 fragments" in text
    assert [found["type"] for found in documents[0]["findings"]] == ["breakend", "deletion"]
    assert all(found["labels"] == [] for found in documents[0]["findings"])


def test_what_speaks_against_a_rescued_finding_is_shown():
    """A policy of any class may have rescues, such as one that makes warnings of all filters."""
    policy = load_policy(PROJECT / "config" / "filters" / "panel_rna.yaml", "rna")
    plain = variant("A[chr9:900[", "expected", FUSION)
    rescued = replace(plain, rescued_by="WarningsOnly", rescued_from=("FewSplitReads",))
    pages = []
    for one in (plain, rescued):
        documents = class_documents([ClassResults(Filtered([one], records=1), policy, FACTS)], CASE)
        pages.append(template(PAGE).render(classes=list(class_contents(documents))))
    words = "Fewer than 3 fragments have a read across the junction. Reported nevertheless: WarningsOnly."
    assert [words in page for page in pages] == [False, True]


def test_filters_that_could_not_be_applied_are_named():
    policy = load_policy(PROJECT / "config" / "filters" / "panel_rna.yaml", "rna")
    filtered = Filtered(not_applied=[("InNormals", "normals"), ("Common", "structural_population")])
    (section,) = class_contents(class_documents([ClassResults(filtered, policy, FACTS)], CASE))
    lacks = "Not applied: InNormals (lacks panel of normals), Common (lacks frequencies of structural variants)."
    assert lacks in template(PAGE).render(classes=[section])
    assert "Not applied" not in template(PAGE).render(classes=[{**section, "not_applied": []}])


def test_fusions_outside_the_gene_list_are_folded():
    policy = load_policy(PROJECT / "config" / "filters" / "panel_rna.yaml", "rna")
    fusion = variant("A[chr9:900[", "expected", {**FUSION, "GENES": "BCR,ABL1"})
    page = template(PAGE)

    def shown(genes: set[str]) -> str:
        results = ClassResults(Filtered([fusion], records=1), policy, FACTS)
        return page.render(classes=list(class_contents(class_documents([results], CASE, genes=frozenset(genes)))))

    assert "1 outside the gene list" in shown({"MET"}) and "outside the gene list" not in shown({"ABL1"})


def test_small_variants_of_rna_are_not_looked_for():
    codes = not_looked_for("somatic", assessed={"rna"})

    assert codes[0] == "small_variants" and "fusions_silent" in codes and "fusions" not in codes
    assert "small_variants" not in not_looked_for("somatic")
