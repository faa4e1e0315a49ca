from pathlib import Path

import pytest
import yaml

from gms.inputs.metrics import UnknownMetric
from gms.qc import gates

PROJECT = Path(__file__).parents[3]
MEDIAN = {"metric": "coverage_median", "roles": ["normal"], "warn": "< 30", "fail": "< 26", "why": "depth"}


@pytest.mark.parametrize(
    "value,verdict", [(40, "pass"), (30, "pass"), (29.9, "warn"), (26, "warn"), (25, "fail"), (None, "not_assessed")]
)
def test_verdict_of_a_value(value, verdict):
    [gate] = gates.evaluate({"coverage_median": value}, [MEDIAN], "normal")
    assert gate == {
        "metric": "coverage_median",
        "value": value,
        "verdict": verdict,
        "warn": "< 30",
        "fail": "< 26",
        "why": "depth",
    }


def test_gate_of_another_role_or_without_its_metric_does_not_apply():
    assert gates.evaluate({"coverage_median": 1}, [MEDIAN], "tumor") == []
    assert gates.evaluate({"tumor_normal_concordance": 1.0}, [MEDIAN], None) == []


def test_truth_values_compare_with_words():
    gate = {"metric": "sex_matches", "warn": "== false", "why": "sheet"}
    assert [gates.evaluate({"sex_matches": value}, [gate], "tumor")[0]["verdict"] for value in (True, False, None)] == [
        "pass",
        "warn",
        "not_assessed",
    ]


def test_case_gates_apply_to_the_case():
    gate = {"metric": "parent_child_mother_concordance", "roles": ["proband"], "fail": "< 0.95", "why": "family"}
    [verdict] = gates.evaluate({"parent_child_mother_concordance": 0.7}, [gate], None)
    assert verdict["verdict"] == "fail"


def test_unknown_metric_and_limit_are_errors_that_name_them():
    with pytest.raises(UnknownMetric, match="depht"):
        gates.evaluate({}, [{"metric": "depht", "fail": "< 1", "why": ""}], None)
    with pytest.raises(gates.InvalidLimit, match="below 3"):
        gates.verdict_of(1, None, "below 3")


def test_worst():
    assert gates.worst([]) == "pass"
    assert gates.worst(["not_assessed", "pass"]) == "not_assessed"
    assert gates.worst(["not_assessed", "warn", "pass"]) == "warn"
    assert gates.worst(["warn", "fail", "pass"]) == "fail"


@pytest.mark.parametrize("path", sorted((PROJECT / "config" / "assays").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_gate_of_an_assay_names_a_metric_that_is_measured(path):
    limits = yaml.safe_load(path.read_text())["gates"]
    if isinstance(limits, str):  # a list in config/gates
        limits = yaml.safe_load((PROJECT / "config" / "gates" / f"{limits}.yaml").read_text())["gates"]
    gates.evaluate({}, limits, None)


def test_a_relation_gate_is_for_every_pair_with_its_roles():
    gate = {"metric": "kinship_proband_sibling", "fail": "> 0.354", "why": "twice"}
    metrics = {"kinship_proband_S1": 0.25, "kinship_proband_S2": 0.5, "kinship_proband_mother": 0.5}
    roles = {"P": "proband", "M": "mother", "S1": "sibling", "S2": "sibling"}
    found = {entry["metric"]: entry["verdict"] for entry in gates.evaluate(metrics, [gate], None, roles)}
    assert found == {"kinship_proband_S1": "pass", "kinship_proband_S2": "fail"}
    found = gates.evaluate({"kinship_S2_proband": 0.5}, [gate], None, roles)  # the sibling's row comes first
    assert [(entry["metric"], entry["verdict"]) for entry in found] == [("kinship_S2_proband", "fail")]


@pytest.mark.parametrize("value, other, verdict", [
    (0.6, 9_999, "fail"), (0.6, 10_000, "pass"), (0.4, 0, "pass"), (None, None, "not_assessed"), (0.6, None, "fail"),
    (None, 10_000, "not_assessed"),
])  # fmt: skip
def test_another_metric_excuses_a_breach(value, other, verdict):
    unless = {"metric": "consensus_longest_run", "holds": ">= 10000"}
    gate = {"metric": "consensus_n_fraction", "fail": ">= 0.5", "unless": unless, "why": "gms-artic"}
    metrics = {"consensus_n_fraction": value, "consensus_longest_run": other}
    assert gates.evaluate(metrics, [gate], None)[0]["verdict"] == verdict
