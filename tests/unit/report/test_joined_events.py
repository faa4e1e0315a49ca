"""An event that structural variants and copy number both report is one finding; alone it is shown by its own class."""

from dataclasses import replace

import pytest

from gms.base.project import PROJECT
from gms.filtering.policy import load_policy
from gms.genome.gene_list import Events, Region
from gms.report.classes import ClassResults, class_contents, class_documents
from gms.report.findings import PARTNERS
from gms.report.variants import Evidence, Filtered, Variant
from report_templates import template

CASE = {
    "samples": [{"sample": "C", "role": "proband", "sex": "female"}],
    "kind": "germline",
    "callable_depth": 10,
}
PLACE = {"chrom": "chr1", "pos": 4000, "ref": "A", "alt": "<DEL>", "section": "de_novo", "population_af": None}
ALONE = {"callers": ("depth",), "rescued_by": "", "rescued_from": ()}
SAME = {"SAME_EVENT": "chr1:4000:A:<DEL>"}


def results(name: str, variants: list[Variant], facts=None) -> ClassResults:
    policy = load_policy(PROJECT / "config" / "filters" / f"wgs_rare_{name}.yaml", name)
    return ClassResults(Filtered(variants, records=len(variants)), policy, facts or {})


def variant(info: dict[str, str], caller: str, **seen) -> Variant:
    evidence = {"C": Evidence((0, 1), seen.get("alt"), 60, None, 99, seen.get("copies"))}
    return Variant(**PLACE, info=info, callers=(caller,), rescued_by="", rescued_from=(), evidence=evidence)


DEPTH = variant(SAME | {"COPIES": "1.02", "BINS": "8", "SVLEN": "-4300", "BAF_SITES": "0"}, "depth", copies=1)
JUNCTION = variant({"SVLEN": "-4300", "JUNCTIONS": "1"}, "delly", alt=20)


def test_an_event_that_both_report_is_one_finding():
    copies, structural = class_documents([results("copy_number", [DEPTH]), results("structural", [JUNCTION])], CASE)
    assert copies["findings"] == copies["sections"] == [] and copies["joined"] == 1
    (found,) = structural["findings"]
    assert found["same_event"]["class"] == "copy_number" and found["same_event"]["own"]["COPIES"] == "1.02"
    assert found["same_event"]["evidence"][0]["copies"] == 1 and structural["sections"][0]["findings"] == 1


def test_an_event_whose_structural_variant_is_filtered_is_shown_by_depth():
    copies, _ = class_documents([results("copy_number", [DEPTH]), results("structural", [])], CASE)
    assert copies["joined"] == 0 and [found["own"]["SAME_EVENT"] for found in copies["findings"]] == list(SAME.values())


def test_an_event_that_extends_beyond_its_structural_variant_is_a_finding_of_its_own():
    """It may have more genes."""
    longer = variant(DEPTH.info | {"EXTENDS": ""}, "depth", copies=1)
    copies, structural = class_documents([results("copy_number", [longer]), results("structural", [JUNCTION])], CASE)
    assert len(copies["findings"]) == len(structural["findings"]) == 1 and "same_event" not in structural["findings"][0]


def test_a_structural_variant_that_is_a_small_one_is_shown_there():
    lost = variant(JUNCTION.info | {"HGVSG": "chr1:g.4001_4060del"}, "delly", alt=20)
    names = {"variants": ["chr1:4000:AC:A"], **dict.fromkeys(PARTNERS, [])}
    small = [{"hgvs": {"g": "chr1:g.4001_4060del"}, "reported": True, **names}]
    for found, kept in (([{**small[0], "reported": False}], 1), (small, 0), ([{**small[0], "hgvs": {"g": None}}], 1)):
        (structural,) = class_documents([results("structural", [lost])], CASE, small=found)
        assert (len(structural["findings"]), structural["joined"]) == (kept, 1 - kept)


@pytest.mark.parametrize(
    ("alt", "own", "kept"),
    [
        ("<INS>", {"SVLEN": "60", "END": "4020"}, 0),
        ("<DUP>", {"SVLEN": "62", "END": "4082"}, 0),
        ("<INS>", {"END": "4020"}, 0),  # longer than reads span
        ("<INS>", {"SVLEN": "80", "END": "4020"}, 1),
        ("<INS:ME:ALU>", {"SVLEN": "281", "END": "4020", "MEINFO": "ALU,1,281,+"}, 1),
    ],
)
def test_an_insertion_of_both_classes_is_one_finding(alt, own, kept):
    gained = replace(variant(own | {"HGVSG": "chr1:g.4020_4021insN[60]"}, "clips", alt=20), pos=4020, alt=alt)
    names = {"variants": ["chr1:4010:A:" + "A" * 61], **dict.fromkeys(PARTNERS, [])}
    small = [{"hgvs": {"g": "chr1:g.4011_4070dup"}, "reported": True, **names}]
    (structural,) = class_documents([results("structural", [gained])], CASE, small=small)
    assert len(structural["findings"]) == kept
    joined = [f"chr1:4020:A:{alt}"] * (1 - kept)  # by which the record is known to be shown, as for Scout
    assert [name for one in small for name in one.get("same_event", {"variants": []})["variants"]] == joined


def test_like_insertions_of_two_parents_are_two_findings():
    gained = replace(variant({"SVLEN": "62", "END": "4020"}, "clips", alt=20), pos=4020, alt="<INS>")
    names = dict.fromkeys(PARTNERS, []) | {"partners": ["chr1:4020:A:<INS>"]}
    small = [{"variants": ["chr1:4010:A:" + "A" * 61], "hgvs": {"g": None}, "reported": True, **names}]
    (structural,) = class_documents([results("structural", [gained])], CASE, small=small)
    assert len(structural["findings"]) == 1 and "same_event" not in small[0]


def test_a_partner_that_two_classes_show_is_named_as_it_is_shown():
    lost = variant(JUNCTION.info | {"HGVSG": "chr1:g.4001_4060del"}, "delly", alt=20)
    small = {"variants": ["chr1:4000:AC:A"], "hgvs": {"g": "chr1:g.4001_4060del"}, "reported": True}
    stop = {"variants": ["chr1:4010:C:T"], "hgvs": {"g": "chr1:g.4010C>T"}, "reported": True}
    own = dict.fromkeys(PARTNERS, []) | {"partners": ["chr1:4010:C:T"]}
    twice = {"partners": ["chr1:4000:AC:A", "chr1:4000:A:<DEL>"], "partners_unphased": ["chr1:4000:A:<DEL>"]}
    findings = [small | own, stop | own | twice]
    class_documents([results("structural", [lost])], CASE, small=findings)
    assert [found["partners"] for found in findings] == [["chr1:4010:C:T"], ["chr1:4000:AC:A"]]
    assert findings[1]["partners_unphased"] == ["chr1:4000:AC:A"]


DRAWINGS = {name: {"chr1:4000:A:<DEL>": "drawn"} for name in ("depth", "families")}
DRAWINGS |= {"ends": {"chr1:4000:A:<DEL>": ["drawn"]}}
SECTIONS = (
    '{% import "sentences.html" as say %}{% import "ranking.html" as rank %}'
    '{% for class in classes %}{% include "class_" ~ class.variants ~ ".html" %}{% endfor %}'
)


@pytest.mark.parametrize(
    ("junctions", "said"), [([JUNCTION], "Depth of reads shows the same event"), ([], "not report it")]
)
def test_both_sections_are_drawn(junctions, said):
    sample = {"sample": "C", "reads": 99.0, "bins": 600, "chromosomes": []}
    facts = {"caller": "depth", "assessed": True, "bin": 500, "samples": [sample], "events": {"DEL": 1, "DUP": 0}}
    pairs = {"sample": "C", "pairs": 5_000, "median": 400, "longest": 700}
    other = {"assessed": True, "callers": ["delly"], "samples": [pairs], "events": {"DEL": 1}}
    depth = Variant(**PLACE, info=DEPTH.info | {"JOINED_ENDS": "2"}, **ALONE, evidence=DEPTH.evidence)
    documents = class_documents(
        [results("copy_number", [depth], facts | {"structural": True}), results("structural", junctions, other)], CASE
    )
    page = template(SECTIONS)
    text = page.render(
        classes=list(class_contents(documents)),
        drawings=DRAWINGS,
        case={"case": "F1"},
        phenotype=None,
    )
    assert said in text and text.count("drawn") == 3


@pytest.mark.parametrize(("x", "words"), [(2.02, []), (0.98, ["1 copy of X, 0 of Y (45,X)"])])
def test_unusual_chromosomes_are_named_on_the_page(x, words):
    chromosome = {"contig": "chrX", "copies": x, "usual": 2, "state": "usual" if x > 1.5 else "lost"}
    y = {"contig": "chrY", "copies": 0.01, "usual": 0, "state": "usual"}
    facts = {"assessed": True, "samples": [{"sample": "C", "chromosomes": [chromosome, y]}]}
    (content,) = class_contents(class_documents([results("copy_number", [], facts)], CASE))
    assert content["own"]["unusual"] == {"C": words}


OTHER_GENES = "IGF1|exon_loss_variant|HIGH|||||||,ASCL1|upstream_gene_variant|MODIFIER|||||||"


def page(documents) -> str:
    return template(SECTIONS, is_strict=False).render(
        classes=list(class_contents(documents)), drawings=DRAWINGS, case={"case": "F1"}, phenotype=None
    )


@pytest.mark.parametrize(
    ("genes", "folded"), [(None, False), ({"PAH"}, False), ({"IGF1"}, False), ({"ASCL1"}, True), (set(), True)]
)
def test_findings_outside_the_gene_list_are_folded(genes, folded):
    """Chromosomes are not: every list has genes of them. A deletion is in the list of each gene that it changes."""
    asked = None if genes is None else frozenset(genes)
    sample = {"sample": "C", "reads": 99.0, "bins": 600, "chromosomes": []}
    shared = {"assessed": True, "bin": 500, "events": {}, "structural": True, "samples": [sample]}
    facts = shared | {"callers": ["delly"], "samples": [{"sample": "C", "pairs": 9_999, "median": 400, "longest": 900}]}
    own = variant({"SVLEN": "-4300", "JUNCTIONS": "1", "GENE": "PAH", "OTHER_GENES": OTHER_GENES}, "delly", alt=20)
    whole = variant({"COPIES": "1", "BINS": "8", "SVLEN": "-9", "BAF_SITES": "0", "WHOLE": ""}, "depth", copies=1)
    documents = class_documents(
        [results("structural", [own], facts), results("copy_number", [whole], shared)], CASE, genes=asked
    )
    structural, copies = documents
    assert structural["findings"][0]["genes"] == ["PAH", "IGF1"] and "PAH, IGF1</span> deletion" in page([structural])
    assert [found["in_gene_list"] for one in documents for found in one["findings"]] == [not folded, True]
    assert ("1 outside the gene list" in page([structural])) is folded
    assert "outside the gene list" not in page([copies])


def test_repeats_and_regions_of_a_panel_are_in_its_list():
    """A loss of 60 % of a region that the panel names, and a repeat of it; their genes are not on the list."""
    region = Region("GRCh38", "1", 3_000, 8_000, "loss", 60)
    events = Events(frozenset({"FXN"}), (region,))
    lost = variant({"SVLEN": "-4300", "JUNCTIONS": "1", "SVTYPE": "DEL", "END": "8300", "GENE": "PAH"}, "delly", alt=20)
    repeats = [variant({"REPID": name, "GENE": name, "STR_STATUS": "expanded"}, "own") for name in ("FXN", "ATN1")]
    for asked, expected in ((Events(), [False, False, False]), (events, [True, True, False])):
        classes = [results("structural", [lost]), results("repeats", repeats)]
        documents = class_documents([replace(one, events=asked) for one in classes], CASE, genes=frozenset({"IGF1"}))
        assert [found["in_gene_list"] for one in documents for found in one["findings"]] == expected
