"""Sections of classes of variants besides small ones: a heteroplasmic allele of child and mother, and a deletion."""

import pytest

from gms.annotation.annotate import PART_HEADER
from gms.base.project import PROJECT
from gms.filtering.apply import filter_vcf
from gms.filtering.policy import load_policy
from gms.genome.vcf import header_lines, write_vcf
from gms.report.classes import ClassResults, _of_its_own, class_contents, class_document
from gms.report.render import HERE
from gms.report.variants import read_filtered
from gms.variants.classes import door
from report_templates import template

FORMAT = "GT:AD:DP:AF:AFCI:ADF:ADR"
RECORDS = (
    "chrM\t3243\t.\tA\tG\t170\t.\tTLOD=17;SBP=0.1;LOCUS=MT-TL1;MITOMAP_STATUS=Cfrm-[P];MITOMAP_DISEASE=MELAS",
    "chrM\t8469\t.\tT\t<DEL>\t.\t.\tSVTYPE=DEL;END=13446;SVLEN=-4977;HOMLEN=13;LOCUS=MT-ATP8",
    "chrM\t9000\t.\tA\tG\t80\t.\tTLOD=8;SBP=0.1",
    "chrM\t10000\t.\tA\tG\t80\t.\tTLOD=8;SBP=0.1;NUMT=0.02",
)
COLUMNS = (
    ("0/1:900,100:1000:0.1:0.083,0.12:450,50:450,50", "0/1:970,30:1000:0.03:0.021,0.043:485,15:485,15"),
    ("0/1:950,50:1000:0.05:0.038,0.065:475,25:475,25", "0/0:1000,0:1000:0:0,0.004:500,0:500,0"),
    ("0/1:985,15:1000:0.015:0.009,0.025:492,8:493,7", "0/0:1000,0:1000:0:0,0.004:500,0:500,0"),
    ("0/1:985,15:1000:0.015:0.009,0.025:492,8:493,7", "0/0:1000,0:1000:0:0,0.004:500,0:500,0"),
)
CASE = {
    "samples": [{"sample": name, "role": role, "sex": "female"} for name, role in (("C", "proband"), ("M", "mother"))],
    "kind": "germline",
    "callable_depth": 10,
}
DEPTH = {"sample": "C", "role": "proband", "depth": {"mean": 1000.0}, "bases_below": {"depth": 100, "bases": 0}}
DEPTH |= {"copies": 400, "limit_of_detection": 0.02, "numt_fraction": 0.0312, "profile": [900.0] * 180}
FACTS = {"assessed": True, "reason": None, "contig": "chrM", "length": 16_569, "samples": [DEPTH]}


@pytest.fixture
def document(tmp_path):
    return class_of(tmp_path, RECORDS, COLUMNS)


def class_of(tmp_path, records, columns):
    """The class in the report of a duo, with MITOMAP."""
    definitions = "\n".join([
        *door("mitochondrial", "header").LINES,
        *PART_HEADER.splitlines(),
        "##gms_parts=mitomap",
        '##INFO=<ID=MITOMAP_STATUS,Number=1,Type=String,Description="Status">',
        '##INFO=<ID=MITOMAP_DISEASE,Number=1,Type=String,Description="Disease">',
    ])  # fmt: skip
    lines = ["\t".join([record, FORMAT, *column]) + "\n" for record, column in zip(records, columns, strict=True)]
    write_vcf([*header_lines({"chrM": 16_569}, definitions + "\n", ["C", "M"]), *lines], tmp_path / "a.vcf.gz")
    policy = load_policy(PROJECT / "config" / "filters" / "wgs_rare_mitochondrial.yaml", "mitochondrial")
    filtered = tmp_path / "f.vcf.gz"
    filter_vcf(tmp_path / "a.vcf.gz", policy, filtered, tmp_path / "r.vcf.gz", {"proband": "C", "mother": "M"})
    return class_document(ClassResults(read_filtered(filtered), policy, FACTS), CASE)


def test_findings_are_in_the_sections_of_the_class_s_policy(document):
    assert [(one["section"], one["type"]) for one in document["findings"]] == [
        ("pathogenic", "snv"), ("deletion", "deletion"), ("low", "snv"),
    ]  # fmt: skip
    assert {one["flag"]: one["flagged"] for one in document["filters"]}["PossibleNumt"] == 1
    assert ("ClinVar", "clinvar") in [(one["name"], one["part"]) for one in document["not_applied"]]


def test_mother_and_child_are_side_by_side(document):
    (content,) = class_contents([document])
    (found,) = content["groups"][0]["findings"]
    assert [one["lead"] for one in found["evidence"]] == ["10 %", "3 %"]
    assert found["own"]["MITOMAP_STATUS"] == "Cfrm-[P]"


def test_the_ring_shows_genes_alleles_and_the_deletion(document):
    (content,) = class_contents([document])
    ring = content["own"]["ring"]
    assert len(ring["genes"]) == 37 and [mark["name"] for mark in ring["marks"]] == ["3243", "9000"]
    assert len(ring["deletions"]) == 1 and document["findings"][1]["own"]["END"] == "13446"


DRAWINGS = {"mitochondrial": {}, "ends": {"chrM:8469:T:<DEL>": ["<svg>left</svg>", "<svg>right</svg>"]}}


def test_a_deletion_has_the_reads_at_its_ends(document):
    text = page_of(document)
    assert "<svg>left</svg><svg>right</svg>" in text and text.count("Reads at both ends of") == 1


def test_the_place_of_a_deletion_is_that_of_its_name(document):
    """HGVS: m.8483_13459del, as far to the right as the 13 bases that both ends share allow."""
    source = (HERE / "class_mitochondrial.html").read_text().partition("<section")[0]
    imports = '{% import "sentences.html" as say %}{% import "ranking.html" as rank %}'
    (content,) = class_contents([document])
    (group,) = (group for group in content["groups"] if group["key"] == "deletion")
    text = template(imports + source + "{{ alleles(group, group.findings) }}").render(
        group=group, case=CASE, drawings=DRAWINGS, **{"class": content}
    )
    assert "Deletion of 4,977 bases" in text
    assert "8483 to 13459, or up to 13 bases earlier (both ends share them)" in text


def page_of(document):
    """The section of the page as text."""
    imports = '{% import "sentences.html" as say %}{% import "ranking.html" as rank %}'
    source = (HERE / "class_mitochondrial.html").read_text()
    (content,) = class_contents([document])
    more = {"phenotype": None, "drawings": DRAWINGS, "class": content}
    return template(imports + source).render(case={**CASE, "case": "F1"}, **more)


def test_a_rescue_does_not_hide_that_an_allele_may_be_nuclear(tmp_path):
    known = "chrM\t3243\t.\tA\tG\t80\t.\tTLOD=8;SBP=0.1;NUMT=0.0312;MITOMAP_STATUS=Cfrm-[P]"
    found = class_of(tmp_path, [known], COLUMNS[2:3])
    assert found["findings"][0]["rescued_by"] == "Mitomap" and found["findings"][0]["flags"] == ["PossibleNumt"]
    text = page_of(found)
    assert "PossibleNumt" in text and "One nuclear copy of the place (NUMT) would look the same" in text
    assert "It would look like 3.12 %" in text and "Reported nevertheless: Mitomap." in text


def test_two_alleles_of_one_codon_say_so(tmp_path):
    """Each is translated alone."""
    changes = ((3_308, "T", "p.(Met1Thr)"), (3_396, "T", "p.(Tyr30Cys)"), (3_397, "A", "p.(Tyr30His)"))
    info = "TLOD=17;SBP=0.1;LOCUS=MT-ND1;GENE=MT-ND1;CONSEQUENCE=missense_variant;TRANSCRIPT=T.1;HGVSP=P.1:"
    rows = [f"chrM\t{pos}\t.\t{ref}\tC\t170\t.\t{info}{protein}" for pos, ref, protein in changes]
    found = class_of(tmp_path, rows, [COLUMNS[0]] * 3)
    assert ["same_codon" in one["labels"] for one in found["findings"]] == [False, True, True]
    assert page_of(found).count("changes the same codon as another variant of this gene") == 2


@pytest.mark.parametrize(("length", "says"), [(4_977, True), (12_000, False)])
def test_the_fraction_of_a_duplication_is_not_that_of_its_reads(tmp_path, length, says):
    """20 of 61 reads are 49 %; of more than half of the circle, the rest may be deleted, as the reads say."""
    row = f"chrM\t1400\t.\tT\t<DUP>\t.\t.\tSVTYPE=DUP;END={1_400 + length};SVLEN={length};HOMLEN=0;LOCUS=MT-RNR1"
    column = "0/1:41,20:61:0.49:0.3,0.7:41,10:0,10"
    text = page_of(class_of(tmp_path, [row], [(column, column)]))
    assert "20 of 61 reads" in text
    assert ("fraction of a duplication: reads of the junction per read across an end" in text) is says


def test_homoplasmic_alleles_are_not_called_the_haplogroup_s(tmp_path):
    column = ("1/1:2,998:1000:0.998:0.99,1:1,499:1,499", "1/1:2,998:1000:0.998:0.99,1:1,499:1,499")
    text = page_of(class_of(tmp_path, ["chrM\t750\t.\tA\tG\t800\t.\tTLOD=80;SBP=0.1"], [column]))
    assert "Homoplasmic (1)" in text and "mostly the haplogroup" not in text
    assert "which of them belong to the haplogroup was not determined" in text


def test_a_class_without_facts_has_nothing_of_its_own(document):
    (content,) = class_contents([{**document, "facts": {}}])
    assert content["own"] == {}


@pytest.mark.parametrize(("section", "evidence"), [("secondary", ["child"]), ("recessive", ["child", "mother"])])
def test_the_same_event_of_a_secondary_finding_has_no_relatives(section, evidence):
    found = {"variants": ["chr1:5:A:<DEL>"], "quality": 9, "own": {}, "evidence": ["child", "mother"]}
    small = {"section": section}
    shown = _of_its_own({"variants": "structural", "findings": [found]}, {}, {"chr1:5:A:<DEL>": small})
    assert list(shown) == [] and small["same_event"]["evidence"] == evidence


def test_homoplasmic_alleles_are_counted_among_the_main_results(tmp_path):
    """They are reported, so that 'none reported' is not true of a genome with no others."""
    column = "1/1:0,1000:1000:1:0.996,1:0,0:500,500"
    sections = [class_of(tmp_path, RECORDS[2:3], [(column, column)]) | {"joined": 0}]
    page = template('{% import "sentences.html" as say %}{% include "brief.html" %}')
    measured = dict.fromkeys(("smn", "regions", "msi", "tmb", "hrd", "purity"))
    text = page.render(case=CASE, sections=[], classes=list(class_contents(sections)), not_looked_for=[], **measured)
    assert "<dd>1 homoplasmic</dd>" in text and "Mitochondrial genome" in text
