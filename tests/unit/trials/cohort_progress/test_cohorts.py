"""Decisions of stages, suppression, signatures, merging over countries, and what tables may not hold."""

import json
import xml.etree.ElementTree

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jsonschema import Draft202012Validator

from gms.base.errors import Problems
from gms.base.project import PROJECT
from gms.base.schemas import load_schema
from gms.sharing.package.keys import write_signed
from gms.trials.cohort_progress.decisions import ACTIVE, GO_ON, STOP, WAIT, Counts, standing, standing_of_counts
from gms.trials.cohort_progress.drawing import drawing
from gms.trials.cohort_progress.page import cohorts_page, write_country_table
from gms.trials.cohort_progress.patients import Patient, read_patients
from gms.trials.cohort_progress.progress import (
    UnusableProgress,
    document,
    merged,
    read_progress,
    rows_of_patients,
    suppressed,
)
from gms.trials.definitions.read import known_genes, read_trials
from gms.trials.two_stage.design import Design, active_probability

CASES = PROJECT / "tests" / "cases" / "trials"
DRUP = Design(8, 0, 24, 4, 0.1, 0.3)
TRIALS = read_trials([CASES / "definition.yaml"], known_genes())


def cohort(text, country="SE"):
    """Patients in the order of enrolment: + benefit, - none, . not evaluated yet, x not evaluable."""
    state = {"+": ("yes", True), "-": ("yes", False), ".": ("pending", None), "x": ("no", None)}
    return [
        Patient("basket", "one", country, f"P{place}", f"2026-01-{place + 1:02}", *state[mark])
        for place, mark in enumerate(text)
    ]


@pytest.mark.parametrize(
    "text, stage, decision, evaluable, benefit, over",
    [
        ("", 1, WAIT, 0, 0, 0),
        ("---", 1, WAIT, 3, 0, 0),
        ("--+", 1, GO_ON, 3, 1, 0),
        ("-------.", 1, WAIT, 7, 0, 0),
        ("--------", 1, STOP, 8, 0, 0),
        ("---x----", 1, WAIT, 7, 0, 0),
        ("---xx-----", 1, STOP, 8, 0, 0),
        ("--------+", 1, STOP, 8, 0, 1),  # the ninth came during the wait: it does not revive the cohort
        (".-------+", 1, WAIT, 7, 0, 1),
        ("+-------", 2, GO_ON, 8, 1, 0),
        ("+---------", 2, GO_ON, 10, 1, 0),
        ("+" + "-" * 20, 2, STOP, 21, 1, 0),  # 3 more make 4 at most
        ("+" * 6 + "-" * 10, 2, GO_ON, 16, 6, 0),  # passing the bound early ends nothing
        ("+" * 5 + "-" * 19, 2, ACTIVE, 24, 5, 0),
        ("+" * 4 + "-" * 20, 2, STOP, 24, 4, 0),
        ("+" * 4 + "-" * 20 + "+", 2, STOP, 24, 4, 1),  # over-enrolled: reported, not decisive
        ("+" * 4 + "-" * 19 + ".", 2, WAIT, 23, 4, 0),
        ("+" * 5 + "-" * 18 + "x-", 2, ACTIVE, 24, 5, 0),
    ],
)
def test_decisions(text, stage, decision, evaluable, benefit, over):
    found = standing(DRUP, cohort(text))
    assert (found.stage, found.decision) == (stage, decision)
    assert (found.evaluable, found.benefit, found.over) == (evaluable, benefit, over)
    assert found.not_evaluable == text.count("x") and len(found.steps) == evaluable
    assert (found.estimate is not None) == (decision in (STOP, ACTIVE) and evaluable in (8, 24))


@pytest.mark.parametrize("p", [0.1, 0.3])
def test_decisions_have_the_errors_of_the_design(p):
    """Simulated cohorts of 30 patients, of whom 15 % cannot be evaluated."""
    random, active = np.random.default_rng(7), 0
    for _ in range(600):
        marks = np.where(random.random(34) < 0.15, "x", np.where(random.random(34) < p, "+", "-"))
        active += standing(DRUP, cohort("".join(marks)[:34])).decision == ACTIVE
    assert abs(active / 600 - active_probability(DRUP, p)) < 0.04


def test_totals_without_order():
    def decide(evaluable, benefit, passed=False):
        return standing_of_counts(DRUP, Counts(evaluable, benefit, 0, 0), passed)[6]

    assert [decide(5, 0), decide(5, 1), decide(8, 0), decide(11, 0), decide(14, 1)] == [WAIT, GO_ON, STOP, STOP, STOP]
    assert [decide(9, 1), decide(14, 1, True), decide(24, 4), decide(24, 5)] == [GO_ON, GO_ON, STOP, ACTIVE]
    assert decide(30, 5) == STOP  # 5 of 30 is less than 5 of 24


def test_suppression_hides_what_the_rest_would_give_away():
    assert suppressed({"evaluable": 8, "benefit": 0}, 5) == {"evaluable": 8, "benefit": 0}
    assert suppressed({"evaluable": 8, "benefit": 2}, 5) == {"evaluable": 8, "benefit": None}
    assert suppressed({"evaluable": 8, "benefit": 6}, 5) == {"evaluable": 8, "benefit": None}
    assert suppressed({"evaluable": 4, "benefit": 0}, 5) == {"evaluable": None, "benefit": None}
    assert suppressed({"evaluable": 4, "benefit": 1}, 0) == {"evaluable": 4, "benefit": 1}


def exported(path, key, centre, text, least=0, country="SE"):
    rows = rows_of_patients(TRIALS, cohort(text, country))
    content = document(rows, centre, "2026-11-28", {"basket/one": {"RxNorm": "1147220"}}, least)
    assert list(Draft202012Validator(load_schema("cohort_progress")).iter_errors(json.loads(json.dumps(content)))) == []
    write_signed(path, json.dumps(content).encode(), key)
    return path


def test_countries_merge_by_key(tmp_path):
    keys = [Ed25519PrivateKey.generate() for _ in range(2)]
    trusted = [key.public_key() for key in keys]
    paths = [
        exported(tmp_path / "se.json", keys[0], "Uppsala", "+---"),
        exported(tmp_path / "no.json", keys[1], "Oslo", "-----+", country="NO"),
    ]
    documents = {path: read_progress(path, trusted) for path in paths}
    (row,) = merged(TRIALS, documents)
    found = row.standing
    assert (row.countries, found.evaluable, found.benefit, found.decision) == (("NO", "SE"), 10, 2, GO_ON)
    assert "P1" not in "".join(path.read_text() for path in paths) and "1147220" in paths[0].read_text()


def test_what_cannot_be_merged(tmp_path):
    key = Ed25519PrivateKey.generate()
    path = exported(tmp_path / "se.json", key, "Uppsala", "+----------", least=5)
    content = read_progress(path, [key.public_key()])
    with pytest.raises(UnusableProgress, match="suppressed"):
        list(merged(TRIALS, {path: content}))
    with pytest.raises(UnusableProgress, match="count twice"):
        list(merged(TRIALS, {path: content, tmp_path / "again.json": content}))
    content["cohorts"][0]["design"]["r"] = 3
    with pytest.raises(UnusableProgress, match="has the design"):
        list(merged(TRIALS, {path: content}))
    with pytest.raises(UnusableProgress, match="none of the keys"):
        read_progress(path, [Ed25519PrivateKey.generate().public_key()])
    path.write_text(path.read_text().replace("go_on", "stop"))
    with pytest.raises(UnusableProgress, match="changed"):
        read_progress(path, [key.public_key()])
    path.with_suffix(".sig").unlink()
    with pytest.raises(UnusableProgress, match="signature next to it"):
        read_progress(path, [key.public_key()])


def test_page_drawing_and_table(tmp_path):
    patients = cohort("+---", "NA") + cohort("---.x", "SE")
    rows = rows_of_patients(TRIALS, patients)
    svg = drawing(DRUP, rows[0].standing, "A <cohort> & more")
    assert xml.etree.ElementTree.fromstring(svg).tag.endswith("svg") and "&lt;cohort&gt;" in svg
    text = cohorts_page(rows, "2026-11-28")
    assert "No software enrols a patient" in text and svg[:40] in text and "type I error 0.0778" in text
    write_country_table(tmp_path / "c.tsv", patients)
    lines = (tmp_path / "c.tsv").read_text().splitlines()
    assert lines[1:] == ["basket\tone\tNA\t4\t4\t0\t1", "basket\tone\tSE\t5\t3\t1\t0"]


BAD_ROWS = {
    "baskett\tone\tSE\tP2\t2026-01-02\tyes\tno": "unknown trial 'baskett'",
    "basket\ttwo\tSE\tP2\t2026-01-02\tyes\tno": "unknown cohort of basket",
    "basket\tone\tSE\tP2\t2026-02-30\tyes\tno": "enrolled '2026-02-30' is not a calendar date",
    "basket\tone\tSE\tP2\t2026-01-02\tmaybe\tno": "unknown evaluable 'maybe'",
    "basket\tone\tSE\tP2\t2026-01-02\tpending\tyes": "benefit 'yes' must be empty",
    "basket\tone\tSE\tP2\t2026-01-02\tyes\t": "benefit '' must be yes or no",
    "basket\tone\tSE\tP1\t2026-01-02\tyes\tno": "patient P1 is in this cohort already",
    "basket\tone\tse\tp1\t2026-01-02\tyes\tno": "patient p1 is in this cohort already",
    "basket\tone\tSE\tP2\t2999-01-02\tyes\tno": "is in the future",
    "basket\tone\tSE\t19121212-1212\t2026-01-02\tyes\tno": "patient holds a personal number",
}


@pytest.mark.parametrize("row", BAD_ROWS, ids=range(len(BAD_ROWS)))
def test_bad_rows(row, tmp_path):
    path = tmp_path / "p.tsv"
    first = "basket\tone\tSE\tP1\t2026-01-01\tyes\tno"
    path.write_text(f"trial\tcohort\tcountry\tpatient\tenrolled\tevaluable\tbenefit\n{first}\n{row}\n")
    with pytest.raises(Problems) as caught:
        read_patients([path], {"basket": {"one"}})
    assert [(one.line, BAD_ROWS[row] in one.text) for one in caught.value.problems] == [(3, True)]
