import datetime

import pytest

from gms.sharing.consents import consent_on, consent_refusal
from sharing_files import sharing_with

TODAY = datetime.date(2026, 11, 23)
ROWS = [
    "p1\tS1\twithdrawn\t2026-03-01",
    "p1\tS1\tgranted\t2026-01-01",
    "p2\tS1\tgranted\t2026-01-01",
    "p2\tS1\texpired\t2027-01-01",
    "p3\tS2\tgranted\t2026-01-01",
    "p4\tS1\tgranted\t2026-11-24",
    "p5\tS1\twithdrawn\t2026-01-01",
    "p5\tS1\tgranted\t2026-01-01",
    "p6\tS1\texpired\t2026-01-01",
    "p6\tS1\tgranted\t2026-01-01",
]


@pytest.fixture
def sharing(tmp_path):
    return sharing_with(tmp_path, consents=ROWS)


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
