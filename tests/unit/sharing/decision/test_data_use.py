"""Every pair of a term of the data and a term of the request, by the table of what must fit."""

import datetime
from itertools import product

import pytest

from gms.sharing.decision import duo
from gms.sharing.decision.model import Study

TODAY = datetime.date(2026, 11, 23)
DAY = datetime.date(2030, 1, 1)
PARTY = "lunds-universitet"
# As written by the data and, fitting, by the request.
WRITTEN = {
    "DS": "DS MONDO:0005105",
    "RS": "RS ageing",
    "US": "US 0000-0002-1825-0097",
    "GS": "GS SE",
    "PS": "PS S1",
    "IS": f"IS {PARTY}",
    "TS": "TS 2028-12-31",
    "MOR": "MOR 2027-06-30",
}
PERMISSIONS = {
    "NRES": {"NRES", "GRU", "HMB", "DS", "POA"},
    "GRU": {"GRU", "HMB", "DS", "POA"},
    "HMB": {"HMB", "DS"},
    "DS": {"DS"},
    "POA": {"POA"},
}
MODIFIERS = [term for term in duo.terms() if term not in PERMISSIONS and term != "CC"]


def study(purpose="research_study"):
    return Study("S1", "", "2026-01234-01", DAY, DAY, "", "region-skane", "", purpose, frozenset(), DAY)


def written(term):
    return WRITTEN.get(term, term)


def refused(data, request, organisation=PARTY, on=TODAY, purpose="research_study"):
    return duo.matches(data, request, study(purpose), organisation, on)


def test_every_pair_of_permissions():
    pairs = list(product(PERMISSIONS, PERMISSIONS))
    allowed = {(data, asked) for data, asked in pairs if not refused([written(data)], [written(asked)])}
    assert allowed == {(data, asked) for data, asked in pairs if asked in PERMISSIONS[data]}


def test_every_pair_of_modifiers():
    for data, asked in product(MODIFIERS, MODIFIERS):
        fits = data == asked or (asked == "NPUNCU" and data in ("NPU", "NCU"))
        wanted = [] if fits else [f"the request does not accept {data} ({duo.terms()[data].label})"]
        assert refused(["HMB", written(data)], ["HMB", written(asked)]) == wanted


def test_a_modifier_is_no_permission():
    for permission, modifier in product(PERMISSIONS, MODIFIERS):
        assert refused([written(permission)], [written(modifier)]) == ["the request does not say for which research"]
        assert (
            f"the data may not be used for {written(permission)} ("
            in refused([written(modifier)], [written(permission)])[0]
        )


@pytest.mark.parametrize("modifier", MODIFIERS)
def test_what_is_accepted_without_being_asked_for_does_no_harm(modifier):
    assert refused(["HMB"], ["HMB", written(modifier)]) == []


@pytest.mark.parametrize(
    "data, request_, fits",
    [
        (["DS MONDO:0005105"], ["DS MONDO:0007254"], False),
        (["DS MONDO:0005105", "DS MONDO:0007254"], ["DS MONDO:0007254"], True),
        (["DS MONDO:0005105"], ["DS MONDO:0005105", "DS MONDO:0007254"], False),
        (["GRU", "NPOA"], ["GRU", "NPOA"], True),
        (["GRU", "NPOA"], ["POA", "NPOA"], False),
        (["GRU"], ["HMB", "POA"], True),
        (["HMB"], ["HMB", "POA"], False),
        (["HMB", "PS"], ["HMB", "PS"], True),
        (["HMB", "PS"], ["HMB", "PS S1"], True),
        (["HMB", "PS"], ["HMB", "PS S2"], False),
        (["HMB", "PS S2"], ["HMB", "PS"], False),
        (["HMB", "IS"], ["HMB", "IS"], True),
        (["HMB", "IS"], ["HMB", "IS region-skane"], False),
        (["HMB", "IS region-skane"], ["HMB", "IS"], False),
        (["HMB", "IS region-skane", f"IS {PARTY}"], ["HMB", "IS"], True),
        (["HMB", "US"], ["HMB", "US 0000-0002-1825-0097"], True),
        (["HMB", "US a", "US b"], ["HMB", "US b"], True),
        (["HMB", "US a"], ["HMB", "US a", "US b"], False),
        (["HMB", "US a"], ["HMB", "US"], False),
        (["HMB", "RS ageing"], ["HMB", "RS diet"], False),
        (["HMB", "GS SE", "GS NO"], ["HMB", "GS SE"], True),
        (["HMB", "GS NO"], ["HMB", "GS NO"], False),
        (["HMB", "GS SE"], ["HMB", "GS NO"], False),
        (["HMB", "TS 2028-12-31"], ["HMB", "TS 2028-12-31"], True),
        (["HMB", "TS 2028-12-31"], ["HMB", "TS 2029-01-01"], False),
        (["HMB", "MOR 2027-06-30"], ["HMB", "MOR 2027-06-30"], True),
        (["HMB", "MOR 2027-06-30"], ["HMB", "MOR 2027-06-29"], False),
        (["HMB", "NPUNCU"], ["HMB", "NPU", "NCU"], False),
        ([], ["HMB"], False),
        (["HMB"], [], False),
        (["HMB"], ["HMD"], False),
        (["HMB", "XX"], ["HMB", "XX"], False),
    ],
)
def test_values(data, request_, fits):
    assert (refused(data, request_) == []) == fits


def test_both_sides_of_the_days():
    until = (["HMB", "TS 2026-11-23"], ["HMB", "TS 2026-11-23"])
    assert refused(*until, on=TODAY) == []
    assert refused(*until, on=TODAY + datetime.timedelta(1)) == ["TS (time limit on use): use ends on 2026-11-23"]
    moratorium = (["HMB", "MOR 2026-11-24"], ["HMB"])
    assert refused(*moratorium, on=TODAY) == ["the request does not accept MOR (publication moratorium)"]
    assert refused(*moratorium, on=TODAY + datetime.timedelta(1)) == []


def test_clinical_care_needs_its_term_and_its_purpose():
    care = "the request is for clinical care, the study's purpose is research_study"
    assert refused(["HMB"], ["HMB", "CC"]) == ["the data may not be used for CC (clinical care use)", care]
    assert refused(["HMB", "CC"], ["HMB", "CC"]) == [care]
    assert refused(["HMB", "CC"], ["HMB", "CC"], purpose="care_other_patient") == []
    assert refused(["HMB", "CC"], ["HMB"]) == []


@pytest.mark.parametrize(
    "text, wrong",
    [
        ("HMC", "unknown DUO term 'HMC'"),
        ("HMB x", "DUO term HMB (health or medical or biomedical research) takes no value"),
        ("DS", "DUO term DS (disease specific research) needs a disease (MONDO:0005105) after a space"),
        ("DS breast cancer", "DUO term DS (disease specific research) needs a disease"),
        ("IS somewhere", "DUO term IS (institution specific restriction) needs one of region-stockholm, "),
        ("TS 24", "DUO term TS (time limit on use) needs a date (2028-12-31)"),
        ("TS 2028-02-30", "DUO term TS (time limit on use) needs a date (2028-12-31)"),
        ("GS Sweden", "DUO term GS (geographical restriction) needs a country (SE)"),
    ],
)
def test_terms_that_are_not_understood(text, wrong):
    ((place, found), *rest) = duo.problems(["HMB", text], "data_use")
    assert place == 1 and found.startswith(wrong) and not rest


def test_one_permission():
    assert list(duo.problems(["IRB"], "data_use")) == [
        (None, "data_use must have one of NRES, GRU, HMB, DS, POA, and has none")
    ]
    assert list(duo.problems(["DS MONDO:0005105", "DS MONDO:0007254"], "data_use")) == []


def test_the_table():
    """Ids and labels stand for themselves; no id twice."""
    ids = [term.id for term in duo.terms().values()]
    assert len(set(ids)) == len(ids) == 23
    assert duo.terms()["HMB"].id == "DUO:0000006" and duo.terms()["IRB"].id == "DUO:0000021"
