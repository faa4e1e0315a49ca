"""Which gates of a sample apply, and what is not green."""

import pytest

from gms.qc.callability import Gene
from gms.qc.records import are_duplicates_marked, case_record, of_rna, sample_record

SAMPLE = {"sample": "S1", "case": "C1", "role": "proband", "assay": "a", "sex": "female", "lanes": 1}
GATES = [
    {"metric": "contamination", "fail": "> 0.05", "why": "another person"},
    {"metric": "lane_concordance", "fail": "< 0.9", "why": "one person"},
    {"metric": "sex_matches", "fail": "== false", "why": "swap"},
]
MEASURED = {"contamination": 0.0, "sex_inferred": "female", "sex_matches": True}


def verdicts(record: dict) -> dict[str, str]:
    return {gate["metric"]: gate["verdict"] for gate in record["gates"]}


def test_one_lane_has_no_identity_to_assess():
    record = sample_record(SAMPLE, MEASURED, GATES)
    assert verdicts(record) == {"contamination": "pass", "sex_matches": "pass"}
    assert record["verdict"] == "pass"


@pytest.mark.parametrize("amplicon, counts, marked", [
    (False, {}, True),
    (True, {}, False),
    (False, {"molecules": {"families": 9}}, False),
])  # fmt: skip
def test_duplicates_are_marked_neither_of_amplicons_nor_of_molecules(amplicon, counts, marked):
    assert are_duplicates_marked({"amplicon": amplicon}, counts) is marked


@pytest.mark.parametrize("metric", ["contamination", "sex_matches"])
def test_what_could_not_be_measured_is_not_green(metric):
    record = sample_record(SAMPLE, MEASURED | {metric: None, "sex_inferred": "unknown"}, GATES)
    assert verdicts(record)[metric] == "not_assessed"
    assert record["verdict"] == "not_assessed"


def test_lanes_that_cannot_be_compared_are_not_green():
    assert sample_record(SAMPLE | {"lanes": 2}, MEASURED, GATES)["verdict"] == "not_assessed"


@pytest.mark.parametrize("concordance, verdict", [(0.5, "fail"), (0.99, "pass")])
def test_read_groups_of_one_bam_file_are_compared(concordance, verdict):
    assert sample_record(SAMPLE, MEASURED | {"lane_concordance": concordance}, GATES)["verdict"] == verdict


def test_a_sex_that_the_sheet_does_not_give_is_not_compared():
    measured = MEASURED | {"sex_matches": None}
    assert "sex_matches" not in verdicts(sample_record(SAMPLE | {"sex": "unknown"}, measured, GATES))
    neither = measured | {"sex_inferred": "unknown"}
    assert verdicts(sample_record(SAMPLE | {"sex": "unknown"}, neither, GATES))["sex_matches"] == "not_assessed"


def test_a_case_is_as_bad_as_the_worst_of_its_samples_and_relations():
    samples = [{"sample": "S1", "role": "proband", "verdict": "not_assessed"}]
    gate = {"metric": "kinship_mother_father", "warn": "> 0.0884", "why": "related"}
    assert case_record("C1", "a", {}, [gate], samples)["verdict"] == "not_assessed"
    assert case_record("C1", "a", {"kinship_mother_father": 0.2}, [gate], samples)["verdict"] == "warn"


@pytest.mark.parametrize(
    ("depths", "expected"),
    [({"GAPDH": 900.0, "OAZ1": 12.0, "TP53": 1.0}, "pass"), ({"GUSB": 9.0}, "fail"), ({"TP53": 50.0}, "not_assessed")],
)
def test_rna_is_judged_by_housekeeping_genes(depths, expected):
    genes = [Gene(name, 100, depth, 1.0, 1.0, 0.0, "ok", depth, "", "", "-") for name, depth in depths.items()]
    gate = {"metric": "housekeeping_depth", "fail": "< 10", "why": "degraded"}
    metrics = of_rna(MEASURED, genes)
    record = sample_record(SAMPLE, metrics, [*GATES, gate])
    assert verdicts(record) == {"housekeeping_depth": expected} and metrics["contamination"] is None
