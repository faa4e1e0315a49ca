import datetime
import json
from dataclasses import replace

import pytest

from gms.base.errors import GmsError
from gms.sharing.audit import events
from gms.sharing.decision.decisions import decide, decision_record
from gms.sharing.decision.identity import Identity
from gms.sharing.decision.model import shared_case
from gms.sharing.decision.pseudonyms import Pseudonyms
from sharing_files import PAIR, TRIO, sharing_with

TODAY = datetime.date(2026, 11, 23)
DAY = datetime.timedelta(1)
PSEUDONYMS = Pseudonyms(bytes(range(32)), "S1")
SOUND = Identity((), ())


def decided(sharing, case=TRIO, on=TODAY, **facts):
    facts = {"verdict": "pass", "identity": SOUND, "withdrawn": (), **facts}
    return decide(case, sharing, pseudonyms=PSEUDONYMS, on=on, **facts)


@pytest.fixture
def sharing(tmp_path):
    return sharing_with(tmp_path)


def test_a_case_that_may_be_shared(sharing):
    decision = decided(sharing, identity=Identity((), ("a note",)))
    assert decision.allowed and decision.members == TRIO.members and not decision.left_out
    assert decision.categories == {"germline_variants", "reads", "quality_metrics"}
    assert [recipient.organisation for recipient in decision.recipients] == ["uppsala-universitet", "lunds-universitet"]
    assert decision.refused_recipients == ()
    assert (decision.rule_set, decision.notes, decision.date) == ("SE-2023-07", ("a note",), TODAY)
    assert decided(sharing, PAIR).categories == sharing.study.data_categories


@pytest.mark.parametrize(
    "on, reasons",
    [
        ("2026-02-01", ()),
        ("2027-12-31", ()),
        ("2028-01-01", ("the approval of study S1 was valid until 2027-12-31",)),
        ("2031-12-31", ("the approval of study S1 was valid until 2027-12-31",)),
        (
            "2032-01-01",
            (
                "the approval of study S1 was valid until 2027-12-31",
                "data of study S1 may only be kept until 2031-12-31",
            ),
        ),
    ],
)
def test_both_sides_of_the_days_of_the_study(tmp_path, on, reasons):
    sharing = sharing_with(tmp_path, ("recipients.0.valid_until", "2040-01-01"))
    assert decided(sharing, on=datetime.date.fromisoformat(on)).reasons == reasons


def test_the_first_day_of_the_approval(tmp_path):
    sharing = sharing_with(tmp_path, ("study.valid_from", "2026-11-23"))
    assert decided(sharing, on=TODAY).allowed
    assert decided(sharing, on=TODAY - DAY).reasons == ("the approval of study S1 is valid from 2026-11-23",)


def test_both_sides_of_the_validity_of_a_key(tmp_path):
    sharing = sharing_with(tmp_path, ("recipients.1.valid_until", "2026-11-23"))
    assert decided(sharing, on=TODAY).refused_recipients == ()
    after = decided(sharing, on=TODAY + DAY)
    assert after.refused_recipients == (("lunds-universitet", "the key was valid until 2026-11-23"),)
    assert after.allowed and [recipient.organisation for recipient in after.recipients] == ["uppsala-universitet"]


def test_recipients_are_refused_one_by_one(sharing, tmp_path):
    first, second = sharing.recipients
    strange = replace(first, organisation="example-hospital")
    decision = decided(replace(sharing, recipients=(strange, replace(second, revoked=True))))
    assert [reason.split(";")[0] for _, reason in decision.refused_recipients] == [
        "is not one of the platform's organisations",
        "the key is revoked",
    ]
    assert decision.reasons == ("no recipient may receive it",)
    greedy = sharing_with(tmp_path, ("recipients.0.request", ["GRU", "IRB", "PS"]))
    assert decided(greedy).refused_recipients == (
        (
            "uppsala-universitet",
            "the data may not be used for GRU (general research use); "
            "the request does not accept IS (institution specific restriction)",
        ),
    )


@pytest.mark.parametrize("purpose", ["care_other_patient", "secondary_use"])
def test_only_research_is_lawful(tmp_path, purpose):
    (reason,) = decided(sharing_with(tmp_path, ("study.purpose", purpose))).reasons
    assert reason.startswith(f"the purpose {purpose} is not lawful: ")


def test_a_member_without_consent_is_left_out(tmp_path):
    rows = [
        "p1\tS1\tgranted\t2026-02-01",
        *(f"p2\tS1\t{status}\t2026-11-{day}" for status, day in (("granted", "01"), ("withdrawn", "23"))),
        "p3\tS2\tgranted\t2026-02-01",
    ]
    decision = decided(sharing_with(tmp_path, consents=rows))
    assert decision.allowed and decision.members == TRIO.members[:1]
    assert [(left.subject, left.sample, left.reason) for left in decision.left_out] == [
        (PSEUDONYMS.subject("p2"), PSEUDONYMS.sample("mum"), "the consent to study S1 is withdrawn"),
        (
            PSEUDONYMS.subject("p3"),
            PSEUDONYMS.sample("dad"),
            "no consent to study S1 is recorded, only to another study",
        ),
    ]


def test_without_the_index_there_is_no_case(tmp_path):
    sharing = sharing_with(tmp_path, consents=["p1\tS1\tgranted\t2026-02-01", "p1\tS1\twithdrawn\t2026-11-23"])
    assert decided(sharing, on=TODAY - DAY).allowed
    decision = decided(sharing, on=TODAY)
    assert decision.reasons == ("the index sample is left out: the consent to study S1 is withdrawn",)


def test_a_withdrawal_in_the_audit_log_counts_whatever_the_table_says(sharing):
    decision = decided(sharing, withdrawn={PSEUDONYMS.subject("p2")})
    assert decision.allowed and [left.sample for left in decision.left_out] == [PSEUDONYMS.sample("mum")]
    decision = decided(sharing, withdrawn={PSEUDONYMS.subject("p1")})
    assert decision.reasons == ("the index sample is left out: the subject withdrew from study S1 (audit log)",)


def test_a_sample_without_subject_is_left_out(sharing):
    unnamed = replace(TRIO, members=(*TRIO.members[:2], replace(TRIO.members[2], subject=None)))
    (left,) = decided(sharing, unnamed).left_out
    assert (left.subject, left.sample) == (None, PSEUDONYMS.sample("dad"))
    assert left.reason == "the sample sheet names no subject, so consent cannot be looked up"


@pytest.mark.parametrize(
    "categories, case, shared",
    [
        (["somatic_variants", "quality_metrics"], PAIR, {"somatic_variants", "quality_metrics"}),
        (["somatic_variants", "quality_metrics"], TRIO, None),
        (["germline_variants"], TRIO, {"germline_variants"}),
        (["germline_variants", "reads"], PAIR, None),
        (["quality_metrics"], TRIO, None),
    ],
)
def test_the_gate_of_data_categories(tmp_path, categories, case, shared):
    decision = decided(sharing_with(tmp_path, ("study.data_categories", categories)), case)
    assert decision.allowed == (shared is not None)
    if shared:
        assert decision.categories == shared
    else:
        (reason,) = decision.reasons
        assert reason.startswith("the study's data categories do not include ")


def test_reads_never_go_without_germline(sharing):
    study = replace(sharing.study, data_categories=frozenset({"somatic_variants", "reads"}))
    assert decided(replace(sharing, study=study), PAIR).reasons == (
        "the study's data categories include reads but not germline variants, which reads reveal",
    )


def test_an_unknown_kind_of_assay_is_refused(sharing):
    assert not decided(sharing, replace(TRIO, kind="methylation")).allowed


def test_tumour_and_normal_are_of_one_subject(sharing):
    tumor, normal = PAIR.members
    mixed = replace(PAIR, members=(tumor, replace(normal, subject="p2")))
    assert decided(sharing, mixed).reasons == ("tumour and normal are recorded for different subjects",)


@pytest.mark.parametrize("verdict, allowed", [("pass", True), ("warn", True), ("fail", False), ("", False)])
def test_quality_control(sharing, verdict, allowed):
    assert decided(sharing, verdict=verdict).allowed == allowed


def test_a_study_says_whether_it_accepts_what_was_not_assessed(sharing):
    """Also where a warning elsewhere is the worst status of the case."""
    refused = decided(sharing, verdict="warn", not_assessed={"sex_inferred", "contamination"})
    assert refused.reasons == (
        "quality control could not assess every limit (contamination, sex_inferred), which the study does not accept",
    )
    assert not decided(sharing, verdict="not_assessed").allowed
    accepting = replace(sharing, study=replace(sharing.study, accepts_not_assessed=True))
    assert decided(accepting, verdict="not_assessed", not_assessed={"contamination"}).allowed
    assert events.reason(refused.reasons[0]) == "quality"


def test_a_wrong_identity_blocks(sharing):
    assert decided(sharing, identity=Identity(("a swap",), ())).reasons == ("a swap",)


def test_pseudonyms_that_collide_stop_the_decision(sharing):
    class Colliding(Pseudonyms):
        def subject(self, identifier):
            return "P1"

    with pytest.raises(GmsError, match="two different ids have the pseudonym P1"):
        decide(TRIO, sharing, verdict="pass", identity=SOUND, withdrawn=(), pseudonyms=Colliding(b"k", "S1"), on=TODAY)


def test_the_record_names_nobody_and_is_stable(tmp_path):
    local = {"child": "sample-aa", "mum": "sample-bb", "dad": "sample-cc", "p1": "subject-aa", "p2": "subject-bb"}
    members = tuple(
        replace(member, sample=local[member.sample], subject=local.get(member.subject)) for member in TRIO.members
    )
    case = replace(TRIO, case="family-aa", members=members)
    sharing = sharing_with(tmp_path, consents=["subject-aa\tS1\tgranted\t2026-02-01"])
    records = [decision_record(decided(sharing, case), PSEUDONYMS) for _ in range(2)]
    text = json.dumps(records[0])
    assert text == json.dumps(records[1])
    assert not [name for name in [*local.values(), "family-aa"] if name in text]
    assert records[0]["decision"] == "shared" and records[0]["package"] == PSEUDONYMS.case("family-aa")
    assert [member["role"] for member in records[0]["members"]] == ["proband"]
    assert [member["reason"] for member in records[0]["left_out"]] == [
        "no consent to study S1 is recorded",
        "the sample sheet names no subject, so consent cannot be looked up",
    ]
    refused = decision_record(decided(sharing, case, verdict="fail"), PSEUDONYMS)
    assert (refused["decision"], refused["reasons"]) == ("refused", ["quality control of the case failed"])


def test_the_facts_that_a_rule_hands_over():
    members = [
        {"sample": "t", "role": "tumor", "sex": "female", "affected": "unknown", "subject": "p1"},
        {"sample": "n", "role": "normal", "sex": "female", "affected": "unknown", "subject": "p1"},
    ]
    assert shared_case({"case": "T1", "assay": "wgs_cancer", "kind": "somatic", "members": members}) == PAIR


def test_a_control_is_never_shared_as_a_patient(sharing):
    control = replace(TRIO, members=(replace(TRIO.members[0], role="control"),))
    assert decided(sharing, control).reasons == ("it is a control sample, not a patient",)
