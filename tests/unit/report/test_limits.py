import re

import pytest

from gms.base.json_tables import read_table
from gms.base.project import PROJECT
from gms.filtering.detection import FUNCTIONAL_RNA
from gms.filtering.policy import load_policy
from gms.report.limits import ASSESSED, NOT_LOOKED_FOR, case_limits, not_looked_for, rna_genes_lacking
from gms.report.render import HERE

RUN = {"reference": dict.fromkeys(("genes", "population", "clinvar"), {"file": "x"})}


def case(kind: str, **members: str) -> dict:
    return {"kind": kind, "samples": [{"role": role, "affected": status} for role, status in members.items()]}


@pytest.mark.parametrize(
    "params, codes",
    [
        (case("germline", proband="yes", mother="no", father="yes"), []),
        (
            case("germline", proband="yes", mother="unknown", father="no", **{"half-sibling": "no"}),
            [{"code": "status_unknown", "roles": ["mother"]}, {"code": "half_siblings"}],
        ),
        (
            case("germline", proband="unknown", mother="unknown", sibling="unknown", twin="no"),
            [{"code": "no_parents"}, {"code": "status_unknown", "roles": ["mother", "sibling"]}],
        ),
        (case("germline", proband="unknown"), [{"code": "no_parents"}]),
        (case("somatic", tumor="unknown", normal="unknown"), []),
        (case("somatic", tumor="unknown"), [{"code": "no_normal"}]),
        (case("somatic", control="unknown"), []),  # a reference material is of no patient
    ],
)
def test_limits_of_the_members(params, codes):
    assert case_limits(params, RUN, [], {"tumor_in_normal": 0.0}) == codes


def test_missing_knowledge_and_what_contamination_cannot_say_are_limits():
    sample = {"metrics": {"contamination": 0.0, "molecules": 4592}}
    found = case_limits(
        case("somatic", tumor="unknown", normal="unknown"),
        {"reference": {"clinvar": {}, "pseudoautosomal_twice": True, "false_duplications": True}},
        [sample],
        {},
    )
    assert [entry["code"] for entry in found] == [
        "tumor_in_normal_unknown",
        "no_genes",
        "no_population",
        "no_clinvar",
        "pseudoautosomal_twice",
        "false_duplications",
        "contamination_by_a_relative",
        "reads_of_molecules",
    ]


def test_chromosomes_without_records_are_limits():
    lacking = {
        "genes": {"file": "x"},
        "population": {"no_records_of": ["chr7", "chrM"]},
        "clinvar": {"no_records_of": ["chrM"]},
    }
    found = case_limits(case("germline", proband="yes", mother="no", father="no"), {"reference": lacking}, [], {})
    assert found == [
        {"code": "population_lacks", "contigs": ["chr7"]},
        {"code": "clinvar_lacks", "contigs": ["chrM"]},
    ]


def test_rna_genes_that_the_gene_models_lack_are_named():
    policy = load_policy(PROJECT / "config" / "filters" / "wgs_rare.yaml")
    listed = {row["gene"] for row in read_table(FUNCTIONAL_RNA)}
    rows = [{"gene": gene} for gene in listed - {"RNU2-2", "RNU12", "MT-TL1", "SNORD116-1"}]
    assert [*rna_genes_lacking(policy, rows)] == [{"code": "rna_genes_lacking", "genes": ["RNU12"]}]
    assert [*rna_genes_lacking(policy, [*rows, {"gene": "RNU12"}])] == []
    assert [*rna_genes_lacking(policy, [])] == []  # nothing was measured
    assert [*rna_genes_lacking(load_policy(PROJECT / "config" / "filters" / "panel_solid.yaml"), rows)] == []


def test_every_code_has_its_sentence():
    sentences = (HERE / "sentences.html").read_text()
    said = set(re.findall(r'^  "(\w+)":', sentences, re.MULTILINE))
    assert {"pseudoautosomal_twice", "false_duplications"} <= said
    assert {code for codes in NOT_LOOKED_FOR.values() for code in codes} <= said
    assert {code for codes in ASSESSED.values() for code in codes.values() if code} <= said


@pytest.mark.parametrize(
    ("regions", "codes"),
    [
        (None, {"uniparental_disomy"}),
        ({"contigs": {}, "parents": "used"}, {"uniparental_disomy"}),
        ({"contigs": {"chr15": {}}, "parents": "used"}, set()),
        ({"contigs": {"chr15": {}}, "parents": "not_sequenced"}, {"heterodisomy"}),
        ({"contigs": {"chr15": {}}, "parents": "father"}, {"heterodisomy_father"}),
    ],
)
def test_uniparental_disomy_is_not_looked_for_without_regions_or_parents(regions, codes):
    said = {"uniparental_disomy", "heterodisomy", "heterodisomy_father"} & set(not_looked_for("germline", regions))
    assert said == codes


def test_a_biomarker_that_was_measured_was_looked_for():
    biomarkers = {"mutational_burden", "microsatellites", "other_biomarkers"}
    without_burden = biomarkers - {"mutational_burden"}
    for assessed, codes in [(set(), biomarkers), ({"tmb"}, without_burden), ({"tmb", "msi"}, {"other_biomarkers"})]:
        assert biomarkers & set(not_looked_for("somatic", assessed=assessed)) == codes


def test_a_mitochondrion_that_was_not_looked_at_has_no_limit_of_heteroplasmy():
    codes = {"mitochondrial_low", "mitochondrial_below", "mitochondrial_none"}
    for assessed, code in (("small", "low"), ("mitochondrial", "below"), ("no_mitochondrial", "none")):
        assert codes & set(not_looked_for("germline", assessed={assessed})) == {f"mitochondrial_{code}"}
