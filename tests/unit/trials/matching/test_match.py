"""Trees, documents, pages, screening and the clinical table."""

import itertools
import json
import re

import pytest
from jsonschema import Draft202012Validator

from gms.base.errors import Problems
from gms.base.json_tables import read_json
from gms.base.project import PROJECT
from gms.base.schemas import load_schema
from gms.commands.trials.match import screen_all
from gms.genome.intervals import Region
from gms.report.overview import finished_cases
from gms.trials.definitions.model import NO_ENROLMENT, Node, leaf
from gms.trials.definitions.oncotree import read_oncotree
from gms.trials.definitions.read import known_genes, read_trials
from gms.trials.matching.clinical_table import read_clinical
from gms.trials.matching.evaluate import explain, needs, ruled_out_by, state_of
from gms.trials.matching.exon_cover import exon_cover
from gms.trials.matching.match import arm_state, match
from gms.trials.matching.screen import last_screening, news, page, screen, write_screening
from gms.trials.matching.settings import Screening
from trial_facts import DAY, make_facts, make_finding

CASES = PROJECT / "tests" / "cases" / "trials"
VALUES = {"met": 1, "unknown": 0, "not_met": -1}  # Kleene: all is the minimum, any the maximum, not the negative


def fixed(state):
    """A leaf with this state: of the item of the same name."""
    return leaf("clinical", {"item": state, "is": "yes"})


FACTS = {"met": [("yes",)], "not_met": [("no",)]}


@pytest.mark.parametrize("states", list(itertools.product(VALUES, repeat=3)))
def test_kleene(states):
    a, b, c = map(fixed, states)
    facts = make_facts(clinical=FACTS)
    x, y, z = (VALUES[state] for state in states)
    trees = {
        min(x, y, z): Node("all", (a, b, c)),
        max(x, min(y, -z)): Node("any", (a, Node("all", (b, Node("not", (c,)))))),
    }
    for value, tree in trees.items():
        assert VALUES[state_of(tree, facts)] == value == VALUES[explain(tree, facts)["state"]]
        if value == 0:
            assert needs(explain(tree, facts))


def test_an_exclusion_that_was_not_tested_is_unknown_not_eligible():
    tree = Node("not", (leaf("variant", {"gene": "EGFR", "germline_allowed": False}),))
    found = explain(tree, make_facts())
    assert found["state"] == "unknown" and needs(found) == ["a test that covers EGFR"]


def test_what_rules_out_is_named():
    tree = Node("all", (fixed("met"), fixed("not_met"), Node("not", (fixed("met"),)), fixed("unknown")))
    reasons = ruled_out_by(explain(tree, make_facts(clinical=FACTS)))
    assert reasons == ["not met: yes: not met: no", "must not be met: yes: met: yes"]


@pytest.fixture
def screening(tmp_path):
    trials = read_trials([CASES / "definition.yaml"], known_genes(), read_oncotree(CASES / "oncotree.json"))
    rows = ["case\titem\tvalue\tunit\tdate"]
    rows += ["C1\tage\t60\tyears\t2026-11-01", "C1\tanc\t2\t1e9/L\t2026-11-20", "C1\tconsent_screening\tyes\t\t"]
    rows += ["C1\tdiagnosis\tIHCH\t\t"]
    table = tmp_path / "clinical.tsv"
    table.write_text("\n".join(rows) + "\n")
    return Screening(trials, read_clinical(table, set(), DAY), read_oncotree(CASES / "oncotree.json"), DAY)


def facts_of_c1(screening, findings, **more):
    facts = make_facts(findings, oncotree=screening.oncotree, **more)
    facts.clinical = screening.clinical["C1"]
    return facts


GENES = [{"gene": gene, "status": "ok", "weak_exons": "-", "copy": "-"} for gene in ("BRAF", "KRAS", "NRAS")]


def test_a_document_follows_its_schema_and_the_page_shows_it(screening):
    facts = facts_of_c1(screening, [make_finding()], genes=GENES)
    document = match(screening.trials, facts)
    assert list(Draft202012Validator(load_schema("trial_match")).iter_errors(json.loads(json.dumps(document)))) == []
    assert [(arm["state"], arm["open"]) for arm in document["arms"]] == [("eligible", True)]
    text = page(document)
    for words in (
        "No software enrols a patient",
        "BRAF p.V600E (20.0% of the reads)",
        "ESCAT I-B",
        "not known",
        "made up for tests",
    ):
        assert words in text
    assert not re.search(r"src=|href=\"http|<script", text)


def test_missing_coverage_of_an_excluded_gene_is_unknown_and_a_resistance_rules_out(screening):
    unknown = match(screening.trials, facts_of_c1(screening, [make_finding()], genes=GENES[:2]))["arms"][0]
    assert unknown["state"] == "unknown" and unknown["needs"] == ["a test that covers NRAS"]
    found = [make_finding(), make_finding("NRAS", "p.(Gln61Arg)")]
    barred = match(screening.trials, facts_of_c1(screening, found, genes=GENES))["arms"][0]
    assert barred["state"] == "not_eligible" and "NRAS p.Q61R" in barred["ruled_out_by"][0]


@pytest.mark.parametrize("day, state", [("2025-12-31", "closed"), ("2026-11-28", "eligible"), ("2027-01-01", "closed")])
def test_arms_are_open_on_the_days_of_their_definition(screening, day, state):
    facts = facts_of_c1(screening, [make_finding()], genes=GENES)
    facts.day = day
    facts.clinical = dict(facts.clinical) | {"anc": [v._replace(date=day) for v in facts.clinical["anc"]]}
    trial = screening.trials[0]
    assert arm_state(trial, trial.cohorts[0], facts) == state


def write_case(folder, name, findings):
    facts = make_facts(findings)
    document = {**facts.document, "case": {**facts.document["case"], "case": name}}
    document["detection"] = {"genes": [{"gene": row["gene"], "fraction": 0.03} for row in GENES]}
    (folder / "report").mkdir(exist_ok=True)
    (folder / "report" / f"{name}.json").write_text(json.dumps(document))


def test_screening_tells_what_is_new(screening, tmp_path):
    write_case(tmp_path, "C1", [make_finding()])
    write_case(tmp_path, "C2", [])
    (tmp_path / "report" / "C3.json").write_text("{}")
    cases = finished_cases(tmp_path)
    states, failed = screen(screening, tmp_path, cases, 1)
    assert states == {"C1": {"basket/one": "eligible"}, "C2": {"basket/one": "not_eligible"}}
    assert len(failed) == 1 and "C3.json is not a case report" in failed[0]
    first = list(news(screening, last_screening(tmp_path), states))
    assert [(one.case, one.before, one.now) for one in first] == [("C1", "", "eligible")]
    write_screening(screening, tmp_path, states, first)
    assert list(news(screening, last_screening(tmp_path), states)) == []
    write_case(tmp_path, "C2", [make_finding(known={"hotspot": "KRAS G12"}, gene="KRAS", p="p.(Gly12Asp)")])
    states, _ = screen(screening, tmp_path, cases, 1)
    again = list(news(screening, last_screening(tmp_path), states))
    assert [(one.case, one.before, one.now) for one in again] == [("C2", "not_eligible", "unknown")]
    assert read_json(tmp_path / "trials" / "screening.json")["decided_on"] == DAY


def test_the_command_screens_all_and_lists_the_news(screening, tmp_path, capsys):
    write_case(tmp_path, "C1", [make_finding()])
    assert screen_all(screening, tmp_path, 1) == 0
    said = capsys.readouterr().out
    assert "1 cases, 1 trials" in said and "new: C1 basket/one" in said and NO_ENROLMENT in said
    assert (tmp_path / "trials" / "C1.html").is_file()
    assert screen_all(screening, tmp_path, 1) == 0 and "nothing is new" in capsys.readouterr().out


def test_a_page_never_offers_an_arm_that_is_ruled_out_by_now(screening, tmp_path, capsys):
    write_case(tmp_path, "C1", [make_finding()])
    assert screen_all(screening, tmp_path, 1) == 0
    write_case(tmp_path, "C1", [])
    capsys.readouterr()
    assert screen_all(screening, tmp_path, 1) == 0
    assert "gone: C1 basket/one: eligible -> not_eligible" in capsys.readouterr().out
    assert read_json(tmp_path / "trials" / "C1.json")["arms"][0]["state"] == "not_eligible"
    write_case(tmp_path, "C1", [make_finding()])
    assert screen_all(screening, tmp_path, 1) == 0
    (tmp_path / "trials" / "screening.json").unlink()  # as if the page was made by a run, before any screening
    write_case(tmp_path, "C1", [])
    assert screen_all(screening, tmp_path, 1) == 0
    assert read_json(tmp_path / "trials" / "C1.json")["arms"][0]["state"] == "not_eligible"


BAD_ROWS = {
    "C1\tage\t60\t\t": "age has no unit; write years",
    "C1\tage\told\tyears\t": "age 'old' is not a number",
    "C1\tanc\t2\tg/L\t": "unknown unit of anc 'g/L'",
    "C1\tanc\t2\t1e9/L\t2026-13-01": "date '2026-13-01' is not a calendar date",
    "C1\tanc\t2\t1e9/L\t2027-01-01": "is after the day of the decision",
    "C1\tecogg\t1\t\t": "unknown item 'ecogg'",
    "C1\tconsent_screening\tmaybe\t\t": "unknown consent_screening 'maybe'",
    "C1\tsex\tF\t\t": "unknown sex 'F'",
    "C1\tage\t\tyears\t": "value is empty",
    "C1\tage\t61\tyears\t2026-11-01": "age of C1 is there already with another value on the same day",
    "C1\tage\t61\tyears\t": "age of C1 is there already; give both their dates",
    "c1\tconsent_screening\tno\t\t": "case is the id of line 2 in another spelling (letter case)",
    "19121212-1212\tage\t61\tyears\t": "case holds a personal number",
}


@pytest.mark.parametrize("row", BAD_ROWS, ids=range(len(BAD_ROWS)))
def test_bad_rows_of_the_clinical_table(row, tmp_path):
    path = tmp_path / "clinical.tsv"
    path.write_text(f"case\titem\tvalue\tunit\tdate\nC1\tage\t60\tyears\t2026-11-01\n{row}\n")
    with pytest.raises(Problems) as caught:
        read_clinical(path, set(), DAY)
    assert [(problem.line, BAD_ROWS[row] in problem.text) for problem in caught.value.problems] == [(3, True)]
    assert "19121212" not in str(caught.value)


def test_one_value_with_and_without_a_date_contradicts_nothing(tmp_path):
    path = tmp_path / "clinical.tsv"
    path.write_text("case\titem\tvalue\tunit\tdate\nC1\tage\t60\tyears\t2026-11-01\nC1\tage\t60\tyears\t\n")
    assert [entry.date for entry in read_clinical(path, set(), DAY)["C1"]["age"]] == ["2026-11-01", ""]


@pytest.mark.parametrize("text, said", [
    ("case\titem\tresult\n", "unknown column 'result', and column 'value' is missing; rename it if that is meant"),
    ("Case\titem\tvalue\n", "unknown column 'Case', and column 'case' is missing"),
    ("case\titem\tvalue\tday\n", "unknown column 'day' (known: "),
    ("case\titem\n", "column 'value' is missing"),
    ("", "is empty; its first line names the columns"),
])  # fmt: skip
def test_bad_headers_of_the_clinical_table(text, said, tmp_path):
    (tmp_path / "clinical.tsv").write_text(text)
    with pytest.raises(Problems) as caught:
        read_clinical(tmp_path / "clinical.tsv", set(), DAY)
    assert [(problem.line, said in problem.text) for problem in caught.value.problems] == [(1, True)]


def test_exon_cover_leaves_splice_flanks_out():
    exons = [Region("1", 92, 208, "G#1"), Region("1", 292, 408, "G#2"), Region("2", 492, 558, "H#1")]
    measured = [
        Region("1", 100, 200, "."),
        Region("1", 300, 350, "."),
        Region("1", 350, 380, "!"),
        Region("1", 390, 500, "."),
    ]
    found = [(one.gene, one.exon, one.bases, one.covered) for one in exon_cover(exons, measured)]
    assert found == [("G", 1, 100, 100), ("G", 2, 100, 60), ("H", 1, 50, 0)]
