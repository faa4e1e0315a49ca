"""Dates become ages."""

import datetime

import pytest

from gms.base.errors import GmsError
from gms.sharing.deidentify.measurements import age

DAY = datetime.date


@pytest.mark.parametrize(
    "birth, on, expected",
    [
        (DAY(1980, 5, 17), DAY(2026, 5, 16), "P45Y"),
        (DAY(1980, 5, 17), DAY(2026, 5, 17), "P46Y"),
        (DAY(2026, 1, 1), DAY(2026, 1, 1), "P0Y"),
        (DAY(2004, 2, 29), DAY(2025, 2, 28), "P20Y"),
        (DAY(2004, 2, 29), DAY(2025, 3, 1), "P21Y"),
        (DAY(1936, 6, 2), DAY(2026, 6, 1), "P89Y"),
        (DAY(1936, 6, 2), DAY(2026, 6, 2), "P90Y"),
        (DAY(1915, 6, 2), DAY(2026, 6, 2), "P90Y"),
    ],
)
def test_age(birth, on, expected):
    assert age(birth, on) == expected


def test_a_birth_after_the_sample_is_told_without_the_dates():
    with pytest.raises(GmsError, match="before the birth date") as error:
        age(DAY(2026, 2, 1), DAY(2026, 1, 31))
    assert "2026" not in str(error.value)
