"""Leaves: met, not met or unknown, and what would settle it."""

import pytest

from gms.base.project import PROJECT
from gms.trials.definitions.model import leaf
from gms.trials.definitions.oncotree import read_oncotree
from gms.trials.matching.evaluate import outcome_of, words
from trial_facts import make_facts, make_finding, make_gene

ONCOTREE = read_oncotree(PROJECT / "tests" / "cases" / "trials" / "oncotree.json")
MET, NOT, UNKNOWN = "met", "not_met", "unknown"


def ask(facts, kind, **asked):
    if kind == "variant":
        asked.setdefault("germline_allowed", False)
    node = leaf(kind, asked)
    assert words(node)
    found = outcome_of(node, facts)
    assert bool(found.need) == (found.state == UNKNOWN) and found.because
    return found


PATHOGENIC = {"clinvar": {"class": "Pathogenic/Likely_pathogenic", "stars": 2}}
HOTSPOT = {"hotspot": "BRAF V600"}


@pytest.mark.parametrize(
    "finding, asked, state",
    [
        ({}, {}, MET),
        ({}, {"protein": "p.V600E"}, MET),
        ({}, {"protein": "p.V600K"}, NOT),
        ({}, {"protein": "p.V600"}, MET),
        ({"p": "p.(Val6001Glu)"}, {"protein": "p.V600"}, NOT),
        ({"p": "p.(Val600=)"}, {"protein": "p.V600"}, NOT),
        ({"p": "p.(Val600Aspfs*12)"}, {"protein": "p.V600fs"}, MET),
        ({"p": "p.(Val600Asp)"}, {"protein": "p.V600fs"}, NOT),
        ({"p": "p.(Glu746_Ala750del)"}, {"protein": "p.E746_A750del"}, MET),
        ({}, {"exons": [15]}, MET),
        ({}, {"exons": [1, 5]}, NOT),
        ({}, {"classes": ["snv", "mnv"]}, MET),
        ({}, {"classes": ["deletion"]}, NOT),
        ({}, {"consequences": ["missense_variant"]}, MET),
        ({}, {"consequences": ["truncating"]}, NOT),
        ({"consequence": ["frameshift_variant"]}, {"consequences": ["truncating"]}, MET),
        ({"impact": "LOW", "consequence": ["synonymous_variant"]}, {}, NOT),
        ({}, {"fraction": ">= 0.05"}, MET),
        ({"fraction": 0.04}, {"fraction": ">= 0.05"}, NOT),
        ({"fraction": None}, {"fraction": ">= 0.05"}, UNKNOWN),
        ({}, {"clonality": ">= 0.9"}, MET),
        ({"fraction": 0.05}, {"clonality": ">= 0.9"}, NOT),
        ({}, {"hotspot": True}, NOT),
        ({"known": HOTSPOT}, {"hotspot": True}, MET),
        ({}, {"pathogenic": True}, UNKNOWN),
        ({"known": PATHOGENIC}, {"pathogenic": True}, MET),
        ({"known": HOTSPOT}, {"pathogenic": True}, MET),
        ({"known": {"clinvar": {"class": "Likely_benign"}}}, {"pathogenic": True}, NOT),
        (
            {"known": {"clinvar": {"class": "Conflicting_classifications_of_pathogenicity"}}},
            {"pathogenic": True},
            UNKNOWN,
        ),
        ({"known": {"clinvar": {"class": "Uncertain_significance"}}}, {"pathogenic": True}, UNKNOWN),
        ({"labels": ["may_be_inherited"]}, {}, UNKNOWN),
        ({"labels": ["may_be_inherited"], "known": HOTSPOT}, {}, MET),
        ({"labels": ["inherited"]}, {}, NOT),
        ({"labels": ["inherited"]}, {"origin": "any"}, UNKNOWN),
        ({"labels": ["in_normal"], "known": HOTSPOT}, {}, MET),
        ({"labels": ["in_normal"], "known": HOTSPOT, "reported": False}, {}, UNKNOWN),
        ({"labels": ["in_normal"]}, {"origin": "any"}, UNKNOWN),
        ({"reported": False, "flags": ["LowVaf"]}, {}, UNKNOWN),
    ],
)
def test_variant(finding, asked, state):
    assert ask(make_facts([make_finding(**finding)]), "variant", gene="BRAF", **asked).state == state


@pytest.mark.parametrize("answer, need", [("no", "declined"), ("unknown", "answer in the sample sheet")])
def test_absence_is_unknown_where_inherited_variants_may_be_withheld(answer, need):
    """Of acquired variants and wild type in a gene with a listed position that is withheld, and in the genes of
    predisposition (here NF1), whatever is there."""
    positions = {
        "rows": [{"name": "G>T", "result": "withheld", "genes": ["BRAF"]}, {"name": "x", "result": "not_seen"}]
    }
    facts = make_facts(positions=positions, answer=answer, inherited_genes=["NF1"])
    for gene, state in (("KRAS", MET), ("BRAF", UNKNOWN), ("NF1", UNKNOWN)):
        assert ask(facts, "wild_type", gene=gene).state == state
    assert "without an acquired variant" in ask(facts, "wild_type", gene="KRAS").because
    for origin, gene, state in (
        ("any", "KRAS", UNKNOWN),
        ("germline", "KRAS", UNKNOWN),
        ("somatic", "KRAS", NOT),
        ("somatic", "BRAF", UNKNOWN),
        ("somatic", "NF1", UNKNOWN),
    ):
        found = ask(facts, "variant", gene=gene, origin=origin, germline_allowed=True)
        assert found.state == state and ("withheld" in found.because) == (state == UNKNOWN)
        assert state == NOT or need in found.need
    told = make_facts([make_finding()], positions=positions, answer=answer, inherited_genes=["NF1"])
    assert ask(told, "wild_type", gene="BRAF").state == NOT


def test_with_consent_the_genes_of_the_policy_are_told():
    facts = make_facts(answer="yes", inherited_genes=["NF1"])
    for gene, state in (("NF1", NOT), ("TP53", UNKNOWN)):
        assert ask(facts, "variant", gene=gene, origin="germline", germline_allowed=True).state == state
        assert ask(facts, "wild_type", gene=gene).state == MET
    alone = make_facts(inherited_genes=["NF1"])
    assert ask(alone, "wild_type", gene="NF1").state == MET


def test_clonality_needs_purity():
    found = ask(make_facts([make_finding()], purity=None), "variant", gene="BRAF", clonality=">= 0.5")
    assert found.state == UNKNOWN and "purity" in found.need


def test_hotspots_are_unknown_without_a_list():
    facts = make_facts([make_finding()], reference={"hotspots": None})
    assert ask(facts, "variant", gene="BRAF", hotspot=True).state == UNKNOWN


@pytest.mark.parametrize(
    "allowed, consent, state",
    [(False, "yes", UNKNOWN), (True, None, UNKNOWN), (True, "no", UNKNOWN), (True, "yes", MET)],
)
@pytest.mark.parametrize("origin", ["germline", "any"])
def test_germline_findings_need_both_consents(allowed, consent, state, origin):
    clinical = {"consent_germline": [(consent,)]} if consent else {}
    facts = make_facts([make_finding(zygosity="heterozygous")], clinical, kind="germline")
    asked = {"gene": "BRAF", "origin": origin, "germline_allowed": allowed, "zygosity": "heterozygous"}
    assert ask(facts, "variant", **asked).state == state


def test_zygosity():
    facts = make_facts([make_finding(zygosity="heterozygous")], {"consent_germline": [("yes",)]}, kind="germline")
    asked = {"gene": "BRAF", "origin": "germline", "germline_allowed": True}
    assert ask(facts, "variant", zygosity="homozygous", **asked).state == NOT
    assert ask(make_facts([make_finding()]), "variant", gene="BRAF", zygosity="homozygous").state == UNKNOWN


GENES = {
    "covered": (make_gene("KRAS"), MET, ""),
    "weak exon asked for": (make_gene("KRAS", "low", "2"), UNKNOWN, "exon 2"),
    "weak exon elsewhere": (make_gene("KRAS", "low", "5"), MET, ""),
    "not analysable, exons not named": (make_gene("KRAS", "not_analysable", "-"), UNKNOWN, "some exons"),
    "a copy": (make_gene("KRAS", "low", "-", "KRASP1"), UNKNOWN, "KRASP1"),
    "another gene": (make_gene("EGFR"), UNKNOWN, "not analysed"),
}


@pytest.mark.parametrize("row, state, why", GENES.values(), ids=GENES)
def test_wild_type_needs_proof_of_coverage(row, state, why):
    facts = make_facts(genes=[row])
    found = ask(facts, "wild_type", gene="KRAS", exons=[2, 3, 4])
    assert found.state == state and why in found.because
    absent = ask(facts, "variant", gene="KRAS", exons=[2, 3, 4])
    assert absent.state == {MET: NOT, UNKNOWN: UNKNOWN}[state]


@pytest.mark.parametrize(
    "exons, state",
    [
        ({1: True, 2: True, 3: True, 4: True, 5: False}, MET),
        ({2: True, 3: False, 4: True}, UNKNOWN),
        ({2: True, 3: True}, UNKNOWN),
    ],
)
def test_wild_type_with_the_exons_that_the_panel_covers(exons, state):
    assert ask(make_facts(exons={"KRAS": exons}), "wild_type", gene="KRAS", exons=[2, 3, 4]).state == state


def test_wild_type_of_a_whole_gene_needs_all_exons():
    assert ask(make_facts(exons={"KRAS": {1: True, 2: False}}), "wild_type", gene="KRAS").state == UNKNOWN
    assert ask(make_facts(exons={"KRAS": {1: True, 2: True}}), "wild_type", gene="KRAS").state == MET
    assert ask(make_facts(exons={}), "wild_type", gene="KRAS").state == MET  # gene models without it: its row counts


@pytest.mark.parametrize(
    "finding, state",
    [
        ({"exon": "2/6"}, NOT),
        ({"exon": "5/6"}, MET),
        ({"exon": "3/6", "impact": "LOW"}, MET),
        ({"exon": "2/6", "reported": False}, UNKNOWN),
        ({"exon": None, "impact": "MODIFIER", "known": HOTSPOT}, NOT),  # such as TERT's promoter, MET's intron 14
    ],
)
def test_wild_type_with_variants(finding, state):
    facts = make_facts([make_finding("KRAS", "p.(Gly12Asp)", **finding)])
    assert ask(facts, "wild_type", gene="KRAS", exons=[2, 3, 4]).state == state


def test_an_exon_is_not_denied_of_a_variant_at_the_end_of_its_intron():
    """c.3028+1G>T: exon 14 of MET is skipped, but the variant is in an intron."""
    splice = make_finding("MET", None, exon=None, consequence=["splice_donor_variant"], impact="HIGH")
    facts = make_facts([splice], genes=[make_gene("MET")])
    assert ask(facts, "variant", gene="MET", exons=[14]).state == UNKNOWN
    intron = make_finding("MET", None, exon=None, consequence=["splice_region_variant"], impact="LOW")
    assert ask(make_facts([intron], genes=[make_gene("MET")]), "variant", gene="MET", exons=[14]).state == NOT


def large(kind="duplication", consequence=("feature_truncation",), impact="HIGH", variants="structural", **more):
    """A class of variants with one reported finding in BRAF."""
    found = {"genes": ["BRAF"], "type": kind, "consequence": list(consequence), "impact": impact, "reported": True}
    return make_facts(classes=[{"variants": variants, "facts": {}, "findings": [{**found, "own": {}, **more}]}])


def test_absence_is_open_where_a_large_event_is_reported():
    """An internal tandem duplication, a deletion of exons or an exon that is skipped in RNA is no small variant."""
    for facts in (large(), large("deletion"), large("deletion", (), None, "rna")):
        assert ask(facts, "wild_type", gene="BRAF").state == UNKNOWN
        assert (
            f"{facts.document['classes'][0]['findings'][0]['type']} of BRAF"
            in ask(facts, "variant", gene="BRAF", pathogenic=True).because
        )
        assert ask(facts, "wild_type", gene="KRAS").state == MET
    amplified = large(consequence=["transcript_amplification"])
    for facts in (amplified, large(impact="MODIFIER"), large(reported=False), make_facts()):
        assert ask(facts, "wild_type", gene="BRAF").state == MET


@pytest.mark.parametrize("kind, copies, state", [
    ("deletion", "0.1", UNKNOWN), ("deletion", "0.5", MET), ("deletion", "1.1", MET), ("duplication", "8", MET),
])  # fmt: skip
def test_a_gene_of_which_no_copy_is_left_is_not_wild_type(kind, copies, state):
    """The depth is that of the other cells, so its exons are covered. Where one copy is left, that is the answer."""
    term = {"deletion": ["transcript_ablation"], "duplication": ["transcript_amplification"]}[kind]
    facts = large(kind, term, variants="copy_number", own={"COPIES": copies})
    assert ask(facts, "wild_type", gene="BRAF").state == state


@pytest.mark.parametrize(
    "asked, state",
    [
        ({"protein": "p.V600E"}, NOT),
        ({"hotspot": True}, NOT),
        ({"classes": ["snv", "mnv"]}, NOT),
        ({"classes": ["snv", "insertion"]}, UNKNOWN),
        ({"consequences": ["missense_variant"]}, NOT),
        ({"consequences": ["truncating"]}, UNKNOWN),
        ({"consequences": ["inframe_insertion"]}, UNKNOWN),  # as an internal tandem duplication of FLT3
        ({"consequences": ["missense_variant", "inframe_deletion"]}, UNKNOWN),
    ],
)
def test_a_large_event_leaves_open_only_what_it_can_be(asked, state):
    assert ask(large(), "variant", gene="BRAF", **asked).state == state


def test_blood_says_nothing_of_a_tumour():
    """A germline case that was not found to have a variant has no acquired one shown, nor that there is none."""
    facts = make_facts(kind="germline")
    assert ask(facts, "wild_type", gene="KRAS").state == UNKNOWN
    for origin, state in (("somatic", UNKNOWN), ("any", UNKNOWN), ("germline", NOT)):
        assert ask(facts, "variant", gene="KRAS", origin=origin, germline_allowed=True).state == state


@pytest.mark.parametrize(
    "limit, purity, state",
    [(0.1, 0.4, MET), (0.21, 0.4, UNKNOWN), (0.1, None, MET), (0.11, None, UNKNOWN), (None, 0.4, UNKNOWN)],
)
def test_wild_type_below_the_limit_of_detection_is_unknown(limit, purity, state):
    facts = make_facts(limits={"KRAS": limit}, purity=purity)
    assert ask(facts, "wild_type", gene="KRAS").state == state


@pytest.mark.parametrize("asked, state", [(">= 0.05", NOT), (">= 0.02", UNKNOWN)])
def test_absence_counts_down_to_the_limit_of_detection(asked, state):
    assert ask(make_facts(), "variant", gene="KRAS", fraction=asked).state == state


def test_failed_quality_control_makes_everything_unknown():
    facts = make_facts([make_finding()], {"age": [(70, "years")]}, verdict="fail")
    for kind, asked in {"variant": {"gene": "BRAF"}, "age": {"value": ">= 18", "unit": "years"}}.items():
        assert ask(facts, kind, **asked).state == UNKNOWN


@pytest.mark.parametrize(
    "rows, asked, state",
    [
        ({}, {}, UNKNOWN),
        ({"anc": [(2.0, "1e9/L", "2026-11-20")]}, {}, MET),
        ({"anc": [(1.0, "1e9/L", "2026-11-20")]}, {}, NOT),
        ({"anc": [(1500, "/µL", "2026-11-20")]}, {}, MET),
        ({"anc": [(2.0, "1e9/L", "2026-10-20")]}, {}, UNKNOWN),
        ({"anc": [(2.0, "1e9/L", "")]}, {}, UNKNOWN),
    ],
)
def test_laboratory(rows, asked, state):
    asked = {"test": "anc", "value": ">= 1.5", "unit": "1e9/L", "within_days": 28} | asked
    assert ask(make_facts(clinical=rows), "laboratory", **asked).state == state


@pytest.mark.parametrize(
    "row, state", [((60, "U/L", "", 30), MET), ((90, "U/L", "", 30), NOT), ((60, "U/L"), UNKNOWN), ((2, "xULN"), MET)]
)
def test_multiples_of_the_upper_limit(row, state):
    facts = make_facts(clinical={"asat": [row]})
    assert ask(facts, "laboratory", test="asat", value="< 2.5", unit="xULN").state == state


@pytest.mark.parametrize(
    "age, date, state",
    [
        (18, "2026-11-28", MET),
        (17, "2026-11-28", NOT),
        (17, "2026-01-01", UNKNOWN),
        (17, "2025-11-01", MET),
        (12, "2024-01-01", NOT),
    ],
)
def test_age_grows(age, date, state):
    assert ask(make_facts(clinical={"age": [(age, "years", date)]}), "age", value=">= 18", unit="years").state == state


@pytest.mark.parametrize(
    "diagnosis, codes, tree, state",
    [
        ("IHCH", ["CHOL"], ONCOTREE, MET),
        ("PAAD", ["CHOL"], ONCOTREE, NOT),
        ("BILIARY_TRACT", ["CHOL"], ONCOTREE, UNKNOWN),
        ("IHCH", ["CHOL"], None, UNKNOWN),
        ("CHOL", ["CHOL"], None, MET),
        ("XXX", ["CHOL"], ONCOTREE, UNKNOWN),
        ("ICD-O:C22.1", ["CHOL", "ICD-O:C22"], ONCOTREE, MET),
        ("ICD-O:C22.1", ["CHOL"], ONCOTREE, UNKNOWN),
        ("ICD-O:C25.0", ["CHOL", "ICD-O:C22"], ONCOTREE, NOT),
        ("ICD-O:C22", ["ICD-O:C22.1"], ONCOTREE, UNKNOWN),
        ("PAAD ICD-O:C25.0", ["CHOL", "ICD-O:C22"], ONCOTREE, NOT),
        ("ICD-O:8500/3", ["ICD-O:C22"], ONCOTREE, UNKNOWN),
    ],
)
def test_diagnosis(diagnosis, codes, tree, state):
    facts = make_facts(clinical={"diagnosis": [(diagnosis,)]}, oncotree=tree)
    assert ask(facts, "diagnosis", codes=codes).state == state


def test_prior_therapy_is_absent_only_in_a_complete_list():
    given = {"prior_therapy": [("Vemurafenib", "", "2026-05-01")]}
    assert ask(make_facts(clinical=given), "prior_therapy", drug="vemurafenib").state == MET
    assert ask(make_facts(clinical=given), "prior_therapy", drug="dabrafenib").state == UNKNOWN
    complete = given | {"prior_therapies_complete": [("yes",)]}
    assert ask(make_facts(clinical=complete), "prior_therapy", drug="dabrafenib").state == NOT
    assert ask(make_facts(clinical=complete), "prior_therapy", drug="vemurafenib", within_days=30).state == NOT


def test_sex_of_the_sheet_and_of_the_table():
    assert ask(make_facts(clinical={"sex": [("female",)]}), "sex", **{"is": "female"}).state == MET
    facts = make_facts(clinical={"sex": [("female",)]})
    facts.index["sex"] = "male"
    assert ask(facts, "sex", **{"is": "female"}).state == UNKNOWN


@pytest.mark.parametrize("item", ["ecog", "prior_lines"])
def test_numbers_of_the_table(item):
    assert ask(make_facts(clinical={item: [(1,)]}), item, value="<= 2").state == MET
    assert ask(make_facts(clinical={item: [(3,)]}), item, value="<= 2").state == NOT
    assert ask(make_facts(), item, value="<= 2").state == UNKNOWN


@pytest.mark.parametrize(
    "value, asked, state",
    [
        ("yes", "yes", MET),
        ("Yes", "yes", MET),
        ("no", "yes", NOT),
        ("unknown", "yes", UNKNOWN),
        ("ja", "yes", UNKNOWN),
        ("not assessed", "progressive", UNKNOWN),
        ("stable", "progressive", NOT),
        ("unknown", "unknown", MET),
    ],
)
def test_any_other_item(value, asked, state):
    """Under an exclusion, what nobody knows would be an all-clear if it were a no."""
    facts = make_facts(clinical={"pregnant": [(value,)]})
    assert ask(facts, "clinical", item="pregnant", **{"is": asked}).state == state


TMB = {"name": "tmb", "value": ">= 10", "unit": "mutations/Mb"}


@pytest.mark.parametrize(
    "own, table, state",
    [
        (None, None, UNKNOWN),
        (None, (12, "mutations/Mb"), MET),
        (None, (12, "mutations/exome"), UNKNOWN),
        (None, (2, "mutations/Mb", "", 15.0), UNKNOWN),
        (None, (2, "mutations/Mb", "", 5.0), NOT),
        ({"value": 12.0, "verdict": "pass"}, (2, "mutations/Mb"), MET),
        ({"value": None, "verdict": "not_assessed", "why": "too few bases"}, None, UNKNOWN),
        ({"value": None, "verdict": "not_assessed", "why": "too few bases"}, (12, "mutations/Mb"), MET),
        ({"value": 4.0, "limit": 20, "verdict": "pass"}, None, UNKNOWN),
    ],
)
def test_biomarkers(own, table, state):
    clinical = {"tmb": [table]} if table else {}
    facts = make_facts(clinical=clinical, biomarkers=[{"metric": "tmb", **own}] if own else [])
    assert ask(facts, "biomarker", **TMB).state == state


@pytest.mark.parametrize(
    "verdict, value, state",
    [("high", 21.0, MET), ("stable", 1.5, NOT), ("grey", 7.0, UNKNOWN), ("not_assessed", None, UNKNOWN)],
)
def test_own_microsatellite_instability(verdict, value, state):
    facts = make_facts(biomarkers=[{"metric": "msi", "value": value, "unit": "% of sites", "verdict": verdict}])
    assert ask(facts, "biomarker", name="msi", **{"is": "high"}).state == state


@pytest.mark.parametrize(
    "name, own, table, asked, state",
    [
        ("hrd", {"value": 45, "verdict": "high"}, None, "high", MET),
        ("hrd", {"value": 12, "verdict": "low"}, None, "high", NOT),
        ("tmb", {"value": 14.0, "verdict": "high"}, None, "high", MET),
        ("hrd", None, (45, "score"), "high", UNKNOWN),  # a number, of which the limit is not told
        ("msi", None, ("MSI-H",), "high", UNKNOWN),
        ("msi", None, ("stable",), "high", NOT),
        ("msi", None, ("unknown",), "stable", UNKNOWN),
        ("signature_apobec", None, ("no",), "yes", NOT),
    ],
)
def test_states_of_biomarkers(name, own, table, asked, state):
    facts = make_facts(clinical={name: [table]} if table else {}, biomarkers=[{"metric": name, **own}] if own else [])
    assert ask(facts, "biomarker", name=name, **{"is": asked}).state == state


def test_states_copies_expression_and_fusions():
    clinical = {
        "msi": [("high",)],
        "copy_number:KRAS": [(8, "copies")],
        "expression:CD274": [(60, "% TPS")],
        "fusion:EML4::ALK": [("yes",)],
        "fusion:RET": [("no",)],
        "fusion:CD74::ROS1": [("no",)],
    }
    facts = make_facts(clinical=clinical)
    assert ask(facts, "biomarker", name="msi", **{"is": "high"}).state == MET
    assert ask(facts, "copy_number", gene="KRAS", value=">= 6", unit="copies").state == MET
    assert ask(facts, "copy_number", gene="MET", value=">= 6", unit="copies").state == UNKNOWN
    assert ask(facts, "expression", gene="CD274", value=">= 50", unit="% TPS").state == MET
    assert ask(facts, "fusion", gene="ALK").state == MET
    assert ask(facts, "fusion", gene="ALK", partner="KIF5B").state == UNKNOWN
    assert ask(facts, "fusion", gene="RET", partner="KIF5B").state == NOT
    assert ask(facts, "fusion", gene="ROS1").state == UNKNOWN
    assert ask(facts, "fusion", gene="ROS1", partner="CD74").state == NOT


def copies_of(purity, copies=8.15, interval=(6.95, 9.5), **more):
    row = {"gene": "ERBB2", "copies": copies, "interval": list(interval), **more}
    return {"variants": "copy_number", "facts": {"assessed": True, "purity": purity, "genes": [row]}, "findings": []}


@pytest.mark.parametrize(
    "measured, state",
    [
        (copies_of(0.5), MET),
        (copies_of(0.5, 5.8, (5.0, 6.7)), UNKNOWN),  # the interval holds the limit
        (copies_of(0.5, 2.1, (1.7, 2.6)), NOT),
        (copies_of(None), UNKNOWN),  # copies of all cells together
        (copies_of(0.05, 2.1, (1.9, 2.3)), UNKNOWN),  # as are those of so few tumour cells
        (copies_of(0.5) | {"facts": {"assessed": False}}, UNKNOWN),
    ],
)
def test_own_copies_of_genes(measured, state):
    facts = make_facts(classes=[measured])
    assert ask(facts, "copy_number", gene="ERBB2", value=">= 6", unit="copies").state == state


@pytest.mark.parametrize(
    "mark, value, state",
    [
        ("MAY_BE_INHERITED", "<= 0.5", UNKNOWN),
        ("MAY_BE_INHERITED", "<= 1.4", MET),  # one copy in all cells is as few
        ("LESS_IN_NORMAL", "<= 0.5", MET),  # the tumour's own second change
        ("GENE_ONLY", "<= 0.5", MET),
    ],
)
def test_copies_that_may_be_inherited_leave_open_what_one_copy_would_answer_otherwise(mark, value, state):
    facts = make_facts(classes=[copies_of(0.5, 0.01, (0.0, 0.2), usual=2, state="deletion", marks=[mark])])
    assert ask(facts, "copy_number", gene="ERBB2", value=value, unit="copies").state == state


def test_a_loss_that_may_be_the_inherited_one_alone_is_open():
    facts = make_facts(classes=[copies_of(0.5, 0.1, (0.0, 0.2), usual=2, marks=["LESS_IN_NORMAL"], other_copies=1.0)])
    assert ask(facts, "copy_number", gene="ERBB2", value="<= 0.5", unit="copies").state == UNKNOWN
    assert ask(facts, "copy_number", gene="ERBB2", value="<= 1.4", unit="copies").state == MET


def test_own_fusions():
    found = {"own": {"FUSION": "FGFR3::TACC3,FGFR3::X"}, "reported": True}
    flagged = {"own": {"FUSION": "EML4::ALK"}, "reported": False}
    structural = {"variants": "structural", "facts": {"assessed": True}, "findings": [found, flagged]}
    facts = make_facts(classes=[structural])
    assert ask(facts, "fusion", gene="FGFR3").state == MET
    assert ask(facts, "fusion", gene="FGFR3", partner="TACC3").because == "fusion FGFR3::TACC3"
    assert ask(facts, "fusion", gene="ALK").because == "fusion of ALK was not found, which does not exclude it"
    assert ask(make_facts(), "fusion", gene="ALK").because == "fusion of ALK was not looked for"
