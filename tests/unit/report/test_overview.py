from gms.inputs.metrics import SAMPLE_METRICS
from gms.report.overview import cases_table, gates_list, gates_table, metrics_table, samples_list

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


def test_the_list_of_samples_has_every_metric_as_measured():
    header, (first, second) = samples_list([SAMPLE, SAMPLE | {"sample": "S2"}])
    assert header[:6] == ["sample", "case", "role", "assay", "verdict", SAMPLE_METRICS[0]]
    assert (first[0], second[0]) == ("S1", "S2")
    assert first[header.index("mapped_fraction")] == 0.99663 and first[header.index("contamination")] == ""


def test_samples_have_the_metrics_of_others_empty():
    header, rows = samples_list([SAMPLE | {"metrics": {"a": 1}}, SAMPLE | {"metrics": {"b": False}}])
    assert header[5:] == ["a", "b"] and [row[5:] for row in rows] == [[1, ""], ["", False]]


def test_the_list_of_gates_begins_with_those_of_the_case():
    case = {"case": "C1", "assay": "a", "metrics": {}, "gates": [GATE | {"metric": "kinship", "verdict": "pass"}]}
    header, rows = gates_list([case], [SAMPLE])
    assert header == ["case", "sample", "assay", "metric", "value", "warn", "fail", "verdict"]
    assert rows[0] == ["C1", "", "a", "kinship", 14, "", "< 26", "pass"]
    assert rows[1] == ["C1", "S1", "a", "coverage_median", 14, "", "< 26", "fail"]


def test_a_run_without_gates_has_an_empty_list():
    header, rows = gates_list([], [])
    assert header[:3] == ["case", "sample", "assay"] and not rows
