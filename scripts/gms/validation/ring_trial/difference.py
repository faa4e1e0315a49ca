"""A difference of two files: its place, the field, and both values as a reader needs to see them."""

from itertools import zip_longest
from typing import Any, NamedTuple

from gms.validation.ring_trial.bodies import canonical

ABSENT = "not there"
_SHOWN, _BEFORE = 60, 12  # characters of a value, and of those that come before the first that differs


class Difference(NamedTuple):
    """Both values of one field in one place, as text."""

    where: str
    field: str
    values: tuple[str, str]


def difference(where: str, field: str, one: Any, other: Any) -> Difference:
    """With values of any kind; None is a value that is not there."""
    values = [
        ABSENT if value is None else value if isinstance(value, str) else canonical(value) for value in (one, other)
    ]
    return Difference(where, field, (values[0], values[1]))


def shortened(one: str, other: str) -> tuple[str, str]:
    """Both, cut to what a reader needs to see the first difference."""
    same = next((i for i, (a, b) in enumerate(zip_longest(one, other)) if a != b), 0)
    begin = max(0, same - _BEFORE) if max(len(one), len(other)) > _SHOWN else 0
    cut = [value[begin : begin + _SHOWN] + ("…" if len(value) > begin + _SHOWN else "") for value in (one, other)]
    return tuple(f"…{value}" if begin else value for value in cut)
