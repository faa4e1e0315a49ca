import datetime
from dataclasses import replace

import pytest

from gms.base.errors import Problems
from gms.base.problems import Findings
from gms.sharing.audit.events import reason
from gms.sharing.decision.decisions import consent_on, consent_refusal
from gms.sharing.decision.loading import load_sharing
from gms.sharing.decision.model import Consent
from gms.sharing.decision.tables import read_consents
from sharing_files import sharing_with, write_sharing

TODAY = datetime.date(2026, 11, 23)
ROWS = [
    "p1\tS1\twithdrawn\t2026-03-01",
    "p1\tS1\tgranted\t2026-01-01",
    "p2\tS1\tgranted\t2026-01-01",
    "p3\tS2\tgranted\t2026-01-01",
    "p4\tS1\tgranted\t2026-11-24",
    "p5\tS1\twithdrawn\t2026-01-01",
    "p5\tS1\tgranted\t2026-01-01",
    "p6\tS1\texpired\t2026-01-01",
    "p6\tS1\tgranted\t2026-01-01",
]


@pytest.fixture
def sharing(tmp_path):
    """Loaded on a day in 2026; a row of the next year comes later."""
    made = sharing_with(tmp_path, consents=ROWS)
    return replace(made, consents=(*made.consents, Consent("p2", "S1", "expired", datetime.date(2027, 1, 1))))


def test_the_latest_status_counts(sharing):
    said = {subject: consent_on(sharing, subject, TODAY) for subject in ("p1", "p2", "p3", "p4", "p5", "p6", "p7")}
    wanted = {"p1": "withdrawn", "p2": "granted", "p5": "withdrawn", "p6": "expired"}
    assert said == {**dict.fromkeys(("p3", "p4", "p7")), **wanted}


@pytest.mark.parametrize(
    "subject, day, status",
    [
        ("p1", "2025-12-31", None),
        ("p1", "2026-01-01", "granted"),
        ("p1", "2026-02-28", "granted"),
        ("p1", "2026-03-01", "withdrawn"),
        ("p2", "2026-12-31", "granted"),
        ("p2", "2027-01-01", "expired"),
        ("p4", "2026-11-24", "granted"),
    ],
)
def test_both_sides_of_the_days(sharing, subject, day, status):
    assert consent_on(sharing, subject, datetime.date.fromisoformat(day)) == status


def test_why_a_subject_is_left_out(sharing):
    assert {subject: consent_refusal(sharing, subject, TODAY) for subject in ("p1", "p2", "p3", "p4", "p6", "p7")} == {
        "p1": "the consent to study S1 is withdrawn",
        "p2": None,
        "p3": "no consent to study S1 is recorded, only to another study",
        "p4": "the consent to study S1 is dated after 2026-11-23",
        "p6": "the consent to study S1 is expired",
        "p7": "no consent to study S1 is recorded",
    }


@pytest.mark.parametrize(
    "birth, granted, day, said",
    [
        ("2008-11-23", "2023-11-22", "2026-11-22", None),  # 17 on that day
        ("2008-11-23", "2023-11-22", "2026-11-23", "is expired: it was given for a child under 15 who is of age now"),
        ("2008-11-23", "2023-11-23", "2026-11-23", None),  # gave it on the 15th birthday
        ("2008-11-23", "2026-11-23", "2026-11-23", None),  # consents anew when of age
        ("", "2009-01-01", "2026-11-23", None),
    ],
)
def test_the_consent_of_guardians_does_not_hold_for_who_is_of_age(tmp_path, birth, granted, day, said):
    rows, person = [f"p1\tS1\tgranted\t{granted}"], f"p1\t{birth}\t\t\t"
    sharing = sharing_with(tmp_path, consents=rows, individuals=[person])
    refusal = consent_refusal(sharing, "p1", datetime.date.fromisoformat(day))
    assert refusal == (said and f"the consent to study S1 {said}")
    assert reason(refusal or "") == ("consent_expired" if said else "other")


def wrong(tmp_path, *rows, study="S1"):
    """(line, text) of what is wrong with a table, read on TODAY for a study."""
    path, findings = tmp_path / "consents.tsv", Findings()
    path.write_text("".join(f"{row}\n" for row in ("subject\tstudy\tstatus\tdate", *rows)))
    read_consents(path, findings, study, TODAY)
    return [(problem.line, problem.text) for problem in findings.problems]


GRANTED = "p1\tS1\tgranted\t2026-02-01"


@pytest.mark.parametrize(
    "row, column",
    [
        ("p1 \tS1\twithdrawn\t2026-03-01", "subject"),
        ("\u00a0p1\tS1\twithdrawn\t2026-03-01", "subject"),
        ("p\u200b1\tS1\twithdrawn\t2026-03-01", "subject"),
        ("p1\t S1\twithdrawn\t2026-03-01", "study"),
        ("p1\tS1\twithdrawn \t2026-03-01", "status"),
        ("p1\tS1\twithdrawn\t2026-03-01 ", "date"),
    ],
)
def test_white_space_in_a_cell(tmp_path, row, column):
    """A withdrawal of 'p1 ' would not be one of 'p1'."""
    ((line, text),) = wrong(tmp_path, GRANTED, row)
    assert line == 3 and text.startswith(f"{column}: white space at the beginning or end")


@pytest.mark.parametrize("other", ["P1", "\uff501"])
def test_one_subject_written_in_two_ways(tmp_path, other):
    ((line, text),) = wrong(tmp_path, GRANTED, f"{other}\tS1\twithdrawn\t2026-03-01")
    assert line == 3 and text.startswith("subject is the id of line 2 in another spelling") and other not in text


def test_a_status_in_other_letter_case(tmp_path):
    ((line, text),) = wrong(tmp_path, GRANTED, "p1\tS1\tWithdrawn\t2026-03-01")
    assert line == 3 and text.startswith("unknown status 'Withdrawn'")


@pytest.mark.parametrize(
    "study", ["mini-Study", "mini-stud", "mini-studyy", "mini-stuby", "xmini-study", "mini-stduy", "mini-study1"]
)
def test_a_study_that_is_nearly_the_one_of_the_file(tmp_path, study):
    row = f"p1\t{study}\twithdrawn\t2026-03-01"
    ((line, text),) = wrong(tmp_path, GRANTED.replace("S1", "mini-study"), row, study="mini-study")
    assert line == 3 and text.startswith(f"study '{study}' is similar to mini-study, this sharing file's study")


@pytest.mark.parametrize("study", ["S2", "S10", "other", "mini", "study-S1"])
def test_other_studies_are_allowed(tmp_path, study):
    rows = (f"p2\t{study}\tgranted\t2026-02-01", f"p2\t{study}\twithdrawn\t2026-03-01")
    assert wrong(tmp_path, GRANTED, *rows) == []


def test_two_spellings_of_another_study(tmp_path):
    rows = ("p1\tother\tgranted\t2026-02-01", "p1\tOther\twithdrawn\t2026-03-01")
    assert [line for line, _ in wrong(tmp_path, *rows)] == [3]


def test_withdrawn_from_a_numbered_study_without_consent_to_it(tmp_path):
    ((line, text),) = wrong(tmp_path, GRANTED, "p1\tS2\twithdrawn\t2026-03-01")
    assert line == 3 and "similar to S1" in text


@pytest.mark.parametrize("status", ["withdrawn", "expired"])
def test_what_ends_a_consent_is_not_dated_later(tmp_path, status):
    assert wrong(tmp_path, GRANTED, f"p1\tS1\t{status}\t2026-11-23") == []
    assert wrong(tmp_path, "p1\tS1\tgranted\t2026-11-24") == []
    ((line, text),) = wrong(tmp_path, GRANTED, f"p1\tS1\t{status}\t2026-11-24")
    assert line == 3 and text.startswith(f"{status} is dated 2026-11-24, after today (2026-11-23)")


def test_the_sharing_file_gives_study_and_day(tmp_path):
    rows = [GRANTED, "p1\tS1\twithdrawn\t2999-01-01", "p1\ts1\twithdrawn\t2026-03-01"]
    with pytest.raises(Problems) as error:
        load_sharing(write_sharing(tmp_path, consents=rows))
    assert [problem.line for problem in error.value.problems] == [3, 4]


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        ("\u0455ubject-01", "U+0455 CYRILLIC SMALL LETTER DZE"),
        ("subject\u201101", "U+2011 NON-BREAKING HYPHEN"),
        ("subject_01", "'_' where that has '-'"),
        ("Subject-01", "letter case"),
    ],
)
def test_a_look_alike_id_is_the_same_id_written_otherwise(tmp_path, subject, said):
    granted = "subject-01\tS1\tgranted\t2026-02-01"
    ((line, text),) = wrong(tmp_path, granted, f"{subject}\tS1\twithdrawn\t2026-03-01")
    assert line == 3 and "in another spelling" in text and said in text, text


@pytest.mark.parametrize("subject", ["subject-1", "subject-O1", "subjekt-01", "subject01"])
def test_a_withdrawal_that_hits_nobody_names_the_nearest_id(tmp_path, subject):
    rows = ("subject-01\tS1\tgranted\t2026-02-01", "anna\tS1\tgranted\t2026-02-01")
    for status in ("withdrawn", "expired"):
        ((line, text),) = wrong(tmp_path, *rows, f"{subject}\tS1\t{status}\t2026-03-01")
        assert line == 4 and "the row would have no effect; did you mean 'subject-01'" in text, text


def test_a_withdrawal_from_a_study_nobody_consented_to_hits_nobody(tmp_path):
    ((line, text),) = wrong(tmp_path, GRANTED, "p1\tanother\twithdrawn\t2026-03-01")
    assert line == 3 and "no granted consent to study another" in text


@pytest.mark.parametrize("status", ["withdrawn", "expired"])
def test_a_restriction_dated_before_the_consent_that_it_ends(tmp_path, status):
    ((line, text),) = wrong(tmp_path, GRANTED, f"p1\tS1\t{status}\t2025-03-01")
    assert line == 3 and f"{status} is dated 2025-03-01, before the first consent that it could end" in text
    renewed = ("p1\tS1\tgranted\t2025-01-01", f"p1\tS1\t{status}\t2025-03-01")
    assert wrong(tmp_path, GRANTED, *renewed) == []


def test_ids_that_differ_in_where_their_separators_are_stay_two(tmp_path):
    assert wrong(tmp_path, "p-11\tS1\tgranted\t2026-02-01", "p1-1\tS1\tgranted\t2026-02-01") == []
