import datetime
import shutil

import pytest
import yaml

from gms.base.errors import Problems
from gms.sharing.decision.law import RULES, legal_refusals, load_rules, rule_set_on
from sharing_files import sharing_with

COMMENCES = datetime.date(2028, 7, 1)
BEFORE = COMMENCES - datetime.timedelta(1)
LATER = {
    "id": "SE-2028-07",
    "from": "2028-07-01",
    "status": "confirmed",
    "purposes": {
        purpose: {
            "allowed": True,
            "reason": "The act on databases for precision medicine",
            "law": [{"act": "an act", "provision": "ch. 1", "status": "confirmed"}],
        }
        for purpose in ("care_other_patient", "secondary_use")
    },
}


def rules_file(folder, *more):
    content = yaml.safe_load(RULES.read_text())
    content["rule_sets"] += more
    (folder / "rules.yaml").write_text(yaml.safe_dump(content))
    return folder / "rules.yaml"


@pytest.fixture
def refusals(tmp_path):
    path = rules_file(tmp_path, LATER)

    def of(purpose, on, path=path):
        return legal_refusals(sharing_with(tmp_path, ("study.purpose", purpose)), on, path)

    return of


@pytest.mark.parametrize("purpose", ["care_other_patient", "secondary_use"])
def test_a_purpose_is_denied_until_an_act_commences(refusals, purpose):
    rule_set, (reason,) = refusals(purpose, BEFORE)
    assert rule_set == "SE-2023-07"
    assert reason.startswith(f"the purpose {purpose} is not lawful: ")
    assert "SOU 2023:76" in reason and "offentlighets- och sekretesslag 2009:400 (OSL), ch. 25" in reason
    assert ("patientdatalag 2008:355, ch. 4" in reason) == (purpose == "care_other_patient")
    assert refusals(purpose, COMMENCES) == ("SE-2028-07", [])


def test_a_purpose_that_a_rule_set_does_not_name_is_denied(refusals):
    assert refusals("research_study", BEFORE) == ("SE-2023-07", [])
    assert refusals("research_study", COMMENCES) == (
        "SE-2028-07",
        ["rule set SE-2028-07 does not know the purpose research_study"],
    )


def test_before_the_first_rule_set_nothing_is_allowed(refusals):
    first = datetime.date(2023, 7, 1)
    assert refusals("research_study", first, RULES) == ("SE-2023-07", [])
    before = first - datetime.timedelta(1)
    assert refusals("research_study", before, RULES) == ("none", ["no legal rule set applies on 2023-06-30"])


@pytest.mark.parametrize(
    "data_use, lacking",
    [
        (["DS MONDO:0005105", "IRB", "PS", "IS"], None),
        (["HMB", "IRB", "PS", "IS", "TS 2028-12-31"], None),
        (["HMB", "IRB"], "PS, IS"),
        (["GRU", "IRB", "PS", "IS"], "HMB or DS"),
    ],
)
def test_research_needs_terms_of_use(tmp_path, data_use, lacking):
    _, reasons = legal_refusals(sharing_with(tmp_path, ("data_use", data_use)), BEFORE)
    wanted = f"the data's terms of use lack {lacking}, which rule set SE-2023-07 asks for research_study"
    assert reasons == ([wanted] if lacking else [])


def test_the_shipped_rules():
    """Today one set, which allows research only; every provision says whether the legal counsel confirmed it."""
    (rules,) = load_rules()
    assert {purpose: rule["allowed"] for purpose, rule in rules.purposes.items()} == {
        "research_study": True,
        "care_other_patient": False,
        "secondary_use": False,
    }
    assert rule_set_on(datetime.date.max, load_rules()) is rules
    laws = [law for rule in rules.purposes.values() for law in rule["law"]]
    assert {law["act"] for law in laws if law["status"] == "confirmed"} == {"SOU 2023:76"}


@pytest.mark.parametrize(
    "changes, text",
    [
        ({"from": "2028-02-30"}, "there is no day 2028-02-30"),
        ({"from": "soon"}, "rule_sets[2].from 'soon' must be a date written YYYY-MM-DD"),
        ({"from": "2023-07-01"}, "two rule sets have the same day"),
        ({"id": "SE-2023-07"}, "two rule sets have the same id"),
        ({"status": "sure"}, "unknown rule_sets[2].status 'sure'"),
        ({"purposes": {"anything": {}}}, "unknown key in rule_sets[2].purposes: 'anything'"),
        (
            {"purposes": {"secondary_use": {"allowed": True, "law": []}}},
            "rule_sets[2].purposes.secondary_use.reason is",
        ),
    ],
)
def test_wrong_rules(tmp_path, changes, text):
    with pytest.raises(Problems, match=text.replace("[", r"\[").replace(".", r"\.")):
        load_rules(rules_file(tmp_path, {**LATER, **changes}))


def test_rules_are_read_once(tmp_path):
    path = shutil.copy(RULES, tmp_path / "rules.yaml")
    assert load_rules(path) is load_rules(path)
