"""The table of the laboratory: a line for each thing that is wrong, and the sample held back."""

import pytest
import yaml

from gms.base.problems import Findings
from gms.base.project import PROJECT
from gms.viral.handover.laboratory import read_laboratory

HANDOVER = yaml.safe_load((PROJECT / "config" / "assays" / "sarscov2.yaml").read_text())["handover"]
HEAD = "sample\tsminet_id\tregion\tlaboratory\tcollected\n"
GOOD = "S1\t26CS000001\t01\tSE100\t2026-01-31\nS2\t26CS000002\t12\tSENPC\t\n"


def read(tmp_path, text, handover=HANDOVER):
    path, findings = tmp_path / "laboratory.tsv", Findings()
    path.write_text(text)
    found = read_laboratory(path, handover, ["S1", "S2", "S3"], ["S1", "S2", "S3", "INTERNAL-1"], findings)
    return found, findings.problems


def test_a_good_table(tmp_path):
    found, problems = read(tmp_path, HEAD + GOOD)
    assert not problems and not found.held and list(found.entries) == ["S1", "S2"]
    assert found.entries["S2"].laboratory == "SENPC" and found.entries["S1"].line == 2


@pytest.mark.parametrize("row, reason", [
    ("S3\t\t01\tSE100\t", "has no SmiNet id"),
    ("S3\t26 CS\t01\tSE100\t", "has SmiNet id '26 CS', which is not of the form"),
    ("S3\tinternal-1\t01\tSE100\t", "has an internal name as its SmiNet id"),
    ("S3\t26CS000003\t02\tSE100\t", "has region code '02', which is not one of 01, 03"),
    ("S3\t26CS000003\t1\tSE100\t", "has region code '1'"),
    ("S3\t26CS000003\t01\tSE10\t", "has laboratory code 'SE10', which is not of the form"),
    ("S3\t26CS000003\t01\tSE100\t31/1 2026", "has collection date '31/1 2026'"),
    ("S3\t26CS000003\t01\tSE100\t2999-01-01", "has collection date '2999-01-01', which is not a date in the past"),
])  # fmt: skip
def test_what_is_wrong_with_a_row_holds_its_sample_back(tmp_path, row, reason):
    found, problems = read(tmp_path, HEAD + GOOD + row + "\n")
    assert not problems and list(found.entries) == ["S1", "S2"]
    assert [(one.line, one.sample) for one in found.held] == [(4, "S3")] and reason in found.held[0].reason


def test_two_samples_with_one_id_are_both_held_back(tmp_path):
    found, _ = read(tmp_path, HEAD + GOOD + "S3\t26cs000002\t01\tSE100\t\n")
    assert list(found.entries) == ["S1"] and [one.line for one in found.held] == [3, 4]


@pytest.mark.parametrize("second, lines, reason", [
    ("abc1", [2, 3], "has pseudonym 'abc1', as 2 rows have"),
    ("26cs000001", [3], "has as pseudonym the SmiNet id or an internal name of another sample"),
    ("internal-1", [3], "has as pseudonym the SmiNet id or an internal name of another sample"),
    ("S2", [], ""),  # its own, which is left out of the files for GISAID only
])  # fmt: skip
def test_a_pseudonym_is_of_one_sample_and_no_name_of_another(tmp_path, second, lines, reason):
    rows = ("S1\t26CS000001\t01\tSE100\tabc1", f"S2\t26CS000002\t12\tSENPC\t{second}")
    found, problems = read(tmp_path, "\n".join([HEAD.strip().replace("collected", "pseudonym"), *rows, ""]))
    assert not problems and [one.line for one in found.held] == lines
    assert all(reason in one.reason for one in found.held)


def test_samples_of_one_pseudonym_are_handed_over_where_nobody_is_told_it(tmp_path):
    """Without files for GISAID it leaves with nothing, such as that of a patient with two samples."""
    rows = ("S1\t26CS000001\t01\tSE100\tabc1", "S2\t26CS000002\t12\tSENPC\tabc1")
    text = "\n".join([HEAD.strip().replace("collected", "pseudonym"), *rows, ""])
    without = {key: value for key, value in HANDOVER.items() if key != "gisaid"}
    assert not read(tmp_path, text, without)[0].held


@pytest.mark.parametrize("text, said", [
    ("sample\tsminet_id\tregion\n", "column 'laboratory' is missing"),
    (HEAD.replace("collected", "colected") + GOOD, "unknown column 'colected'.*did you mean 'collected'"),
    (HEAD + GOOD + "S9\t26CS000009\t01\tSE100\t\n", "unknown sample 'S9'"),
    (HEAD + GOOD + "S1\t26CS000009\t01\tSE100\t\n", "sample 'S1' has a row on line 2 already"),
    (HEAD + GOOD + "S3\t19121212-1212\t01\tSE100\t\n", "sminet_id holds a personal number"),
    ("", "is empty"),
])  # fmt: skip
def test_what_is_wrong_with_the_table_is_a_problem(tmp_path, text, said):
    import re

    _, problems = read(tmp_path, text)
    assert any(re.search(said, problem.text) for problem in problems), problems
    assert not any("1212" in problem.text for problem in problems)
