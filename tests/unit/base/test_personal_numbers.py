"""Numbers are the tax agency's own examples and test numbers; they belong to nobody."""

import pytest

from gms.base.personal_numbers import find_personal_number, mask_personal_numbers


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
