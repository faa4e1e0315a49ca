"""Variants that the policy does not report and the report shows: also in the normal, or below the depth limit."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from gms.base.project import PROJECT
from gms.filtering.policy import load_policy
from gms.report.classes import ClassResults, class_document
from gms.report.set_aside import consent_limits, enriched, fisher_greater, section_of, without_normal, worth_a_look
from gms.report.variants import Evidence, Filtered, Variant

CANCER, MYELOID = (
    load_policy(Path(PROJECT / "config" / "filters" / f"{name}.yaml")) for name in ("wgs_cancer", "panel_myeloid")
)
PAIR = {"callable_depth": 10, "samples": [{"sample": "T", "role": "tumor"}, {"sample": "N", "role": "normal"}]}
TUMOR = {"callable_depth": 100, "samples": [{"sample": "T", "role": "tumor"}]}


def reads(alt: int, depth: int) -> Evidence:
    return Evidence((0, 1), alt, depth, alt / depth)


def variant(flags: tuple[str, ...], tumor: Evidence, normal: Evidence | None = None, **info: str) -> Variant:
    evidence = {"T": tumor} | ({"N": normal} if normal else {})
    return Variant("chr1", 5, "A", "C", "", info, None, (), "", (), evidence, 50.0, flags)


@pytest.mark.parametrize(
    "info, tumor, normal, section",
    [
        ({"HOTSPOT": "BRAF_V600"}, reads(30, 100), reads(10, 40), "in_normal"),
        ({"CLNSIG": "Likely_pathogenic"}, reads(15, 100), reads(11, 40), "in_normal"),
        ({"CLNSIG": "Conflicting_classifications_of_pathogenicity"}, reads(15, 100), reads(11, 40), None),
        ({"ONC": "Oncogenic"}, reads(15, 100), reads(11, 40), "in_normal"),
        ({"SCI": "Tier_I_-_Strong"}, reads(15, 100), reads(11, 40), "in_normal"),
        ({"SCI": "Tier_III_-_Unknown"}, reads(15, 100), reads(11, 40), None),
        ({}, reads(40, 100), reads(6, 50), "in_normal"),
        ({}, reads(50, 100), reads(20, 40), None),
        ({}, reads(4, 100), reads(1, 40), None),
    ],
)
def test_known_or_enriched_variants_of_the_normal_are_shown(info, tumor, normal, section):
    found = variant(("InNormal", "WeakNormalEvidence"), tumor, normal, **info)
    assert section_of(found, CANCER, PAIR) == section


def test_what_else_speaks_against_a_variant_of_the_normal_keeps_it_out():
    look = worth_a_look(CANCER)
    assert look(frozenset({"InNormal", "Inherited"}))
    assert not look(frozenset({"InNormal", "LowMappingQuality"}))
    assert not look(frozenset({"PopulationFrequency"}))


@pytest.mark.parametrize(
    "info, tumor, section",
    [
        ({"HOTSPOT": "JAK2_V617F"}, reads(20, 60), "low_depth"),
        ({"HOTSPOT_POSITION": "KIT_D816"}, reads(20, 60), "low_depth"),
        ({}, reads(20, 60), None),
        ({"HOTSPOT": "JAK2_V617F"}, reads(3, 60), None),
        ({"HOTSPOT": "JAK2_V617F"}, reads(4, 300), None),
    ],
)
def test_a_hotspot_below_the_depth_limit_is_shown(info, tumor, section):
    assert worth_a_look(MYELOID)(frozenset({"LowDepth"}))
    assert section_of(variant(("LowDepth",), tumor, **info), MYELOID, TUMOR) == section


def test_enrichment_is_not_by_chance():
    assert enriched(reads(40, 100), reads(6, 50))
    assert not enriched(reads(6, 10), reads(2, 10))
    assert not enriched(reads(40, 100), None)


def test_fisher_exact_test():
    assert fisher_greater(3, 1, 1, 3) == pytest.approx(17 / 70)  # Fisher's tea tasting
    assert fisher_greater(4, 0, 0, 4) == pytest.approx(1 / 70)
    assert fisher_greater(0, 5, 3, 2) == pytest.approx(1.0)


INHERITED = [
    pytest.param({"CLNSIG": "Pathogenic"}, reads(50, 100), reads(12, 40), id="pathogenic, at the limit"),
    pytest.param({"CLNSIG": "Pathogenic"}, reads(960, 1000), reads(240, 500), id="other allele lost in the tumour"),
    pytest.param({"HOTSPOT": "TP53_R175H"}, reads(500, 1000), reads(250, 500), id="hotspot"),
]


@pytest.mark.parametrize("answer, section", [("yes", "in_normal"), ("unknown", None), ("no", None)])
@pytest.mark.parametrize("info, tumor, normal", INHERITED)
def test_what_looks_inherited_is_shown_with_consent_only(info, tumor, normal, answer, section):
    found = variant(("Inherited", "InNormal"), tumor, normal, **info)
    assert section_of(found, CANCER, PAIR | {"germline_findings": answer}) == section


def test_loss_of_the_other_allele_makes_no_inherited_variant_of_unknown_effect_worth_showing():
    found = variant(("Inherited", "InNormal"), reads(96, 100), reads(24, 50))
    assert section_of(found, CANCER, PAIR | {"germline_findings": "yes"}) is None


def test_known_variants_that_are_withheld_are_counted_where_nobody_asked_the_patient():
    case = PAIR | {"kind": "somatic"}
    known = variant(("Inherited", "InNormal"), reads(50, 100), reads(20, 40), CLNSIG="Pathogenic")
    others = [
        variant(("Inherited", "InNormal"), reads(50, 100), reads(20, 40)),
        variant(("InNormal",), reads(50, 100), reads(11, 40), CLNSIG="Pathogenic"),
        variant(("PopulationFrequency", "Inherited"), reads(50, 100), reads(20, 40), CLNSIG="Pathogenic"),
    ]

    def limits(**more):
        return list(consent_limits([known, *others], CANCER, case | more))

    assert limits() == [{"code": "inherited_not_asked", "known": 1}]
    assert limits(germline_findings="no") == [{"code": "inherited_declined"}]
    assert limits(germline_findings="yes") == limits(samples=TUMOR["samples"]) == limits(kind="germline") == []


@pytest.mark.parametrize("answer, shown", [("no", False), ("unknown", True), ("yes", True)])
def test_a_second_loss_is_not_said_to_be_next_to_an_inherited_one_that_was_declined(answer, shown):
    """On the page, in its data or in lists: the tumour's own loss and its copies are all that is shown."""
    info = {"MEASURED": "BRCA1", "LESS_IN_NORMAL": "True", "NORMAL_LOG2": "-1.000", "COPIES": "0.10", "LOG2": "-2.1"}
    lost = replace(variant((), reads(0, 1), **info), alt="<DEL>", evidence={}, section="homozygous_deletion")
    gene = {"gene": "BRCA1", "copies": 0.1, "marks": ["LESS_IN_NORMAL"], "normal_log2": -1.0}
    others = {"gene": "MYC", "copies": 9.0, "marks": ["LESS_IN_NORMAL"]}  # tumour cells in the normal
    policy = load_policy(PROJECT / "config" / "filters" / "panel_solid_copy_number.yaml", "copy_number")
    results = ClassResults(Filtered([lost]), policy, {"assessed": True, "genes": [gene, others]})
    case = PAIR | {"kind": "somatic", "germline_findings": answer}
    document = class_document(without_normal(results, case), case)
    (found,), genes = document["findings"], document["facts"]["genes"]

    assert (found["labels"], found["own"]["COPIES"]) == (["in_normal"] if shown else [], "0.10")
    assert ("NORMAL_LOG2" in json.dumps(document).upper()) is ("LESS_IN_NORMAL" in found["own"]) is shown
    assert [one["marks"] for one in genes] == [["LESS_IN_NORMAL"] if shown else [], ["LESS_IN_NORMAL"]]
