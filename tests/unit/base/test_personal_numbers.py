"""Numbers are the tax agency's own examples and test numbers; they belong to nobody."""

import pytest

from gms.base.personal_numbers import (
    MASK,
    find_identity_number,
    find_personal_number,
    mask_identity_numbers,
    mask_personal_numbers,
)
from gms.base.project import PROJECT


@pytest.mark.parametrize(
    "text",
    [
        "121212-1212",
        "121212+1212",
        "1212121212",
        "191212121212",
        "19121212-1212",
        "19121212+1212",
        "121212\u20131212",
        "701063-2391",
        "197010632391",
        "/data/x1212121212y/reads.gz",
        "run_121212-1212.fastq.gz",
    ],
)
def test_found_and_masked(text):
    assert find_personal_number(text) is not None
    assert "1212" not in mask_personal_numbers(text) and "2391" not in mask_personal_numbers(text)


@pytest.mark.parametrize(
    "text",
    [
        "20261123",  # a date
        "1212121213",  # wrong check digit
        "121312-1212",  # no 13th month
        "701093-2391",  # no day 33
        "21121212-1212",  # no such century
        "12121212121",  # eleven digits
        "20261123123456",  # a time stamp
        "000101-0008",  # no birth number 000
        "A00123_0456_BHFLOWCELL",
    ],
)
def test_other_digits_stay(text):
    assert find_personal_number(text) is None
    assert mask_personal_numbers(text) == text


def test_offset():
    assert find_personal_number("id=121212-1212") == 3
    assert mask_personal_numbers("a 121212-1212, b 701063-2391") == "a [personal number], b [personal number]"


@pytest.mark.parametrize(
    "text",
    [
        *("121212/1212", "121212_1212", "121212.1212", "1912-12-12-1212", "P1912-12-12-1212", "12.12.12-1212"),
        *("131052-308T", "131052A308t"),  # Finnish, the example number of DVV
        *("01010750160", "010107-50160", "010107 50160"),  # Norwegian; both check digits are right
        *("19121212-1212", "121212\u20131212"),
    ],
)
def test_in_an_id_other_separators_and_the_neighbours_numbers_are_found(text):
    assert find_identity_number(text) is not None
    assert mask_identity_numbers(f"case '{text}', then") in ("case '[personal number]', then", f"case 'P{MASK}', then")


@pytest.mark.parametrize(
    "text", ["26/113012345", "2026-11-30", "25-1234-001", "131052-308U", "01010750161", "410107501600", "S1_L001_2026"]
)
def test_other_ids_stay(text):
    assert find_identity_number(text) is None
    assert mask_identity_numbers(text) == text


def test_a_date_and_a_counter_may_be_refused_and_a_letter_is_the_way_out():
    """The examples of docs/new-centre.md: an id that is harmless, but of the form of a personal number."""
    page = (PROJECT / "docs" / "new-centre.md").read_text()
    refused, taken = "2026-11-30-0019", "2026-11-30-N0019"
    assert f"`{refused}`" in page and f"`{taken}`" in page
    assert find_identity_number(refused) == 0 and find_identity_number(taken) is None
