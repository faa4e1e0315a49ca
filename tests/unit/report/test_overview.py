from gms.inputs.metrics import SAMPLE_METRICS
from gms.report.overview import cases_table, gates_table, metrics_table

GATE = {"metric": "coverage_median", "value": 14, "verdict": "fail", "warn": None, "fail": "< 26", "why": "depth"}
METRICS = dict.fromkeys(SAMPLE_METRICS) | {"coverage_median": 14, "mapped_fraction": 0.99663, "sex_matches": True}
SAMPLE = {
    "sample": "S1",
    "case": "C1",
    "role": "tumor",
    "assay": "a",
    "metrics": METRICS,
    "gates": [GATE],
    "verdict": "fail",
}


def test_a_sample_shows_its_verdict_and_why():
    row = gates_table([SAMPLE])["data"]["S1"]
    assert (row["verdict"], row["fail"], row["warn"]) == ("fail", "Median coverage 14 × (below 26 ×)", "–")


def test_a_case_shows_the_gates_of_its_samples():
    case = {"case": "C1", "assay": "a", "metrics": {}, "gates": [], "verdict": "fail"}
    assert cases_table([case], [SAMPLE])["data"]["C1"]["fail"] == "S1: Median coverage 14 × (below 26 ×)"


def test_fractions_are_percent_and_what_is_missing_is_left_out():
    assert metrics_table([SAMPLE])["data"]["S1"] == {
        "coverage_median": 14,
        "mapped_fraction": 99.663,
        "sex_matches": "yes",
    }
