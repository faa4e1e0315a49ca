"""Outcomes with three values, and comparisons."""

import operator
import re
from functools import lru_cache
from typing import NamedTuple

MET, NOT_MET, UNKNOWN = "met", "not_met", "unknown"


class Outcome(NamedTuple):
    """State of a criterion and why; `need` says what would settle an unknown."""

    state: str
    because: str
    need: str = ""


def met(because: str) -> Outcome:
    return Outcome(MET, because)


def not_met(because: str) -> Outcome:
    return Outcome(NOT_MET, because)


def open_question(because: str, need: str) -> Outcome:
    """Neither met nor not met."""
    return Outcome(UNKNOWN, because, need)


_SIGNS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq}
_CONDITION = re.compile(r"(<=|>=|==|<|>) ?(-?[0-9]+(?:\.[0-9]+)?)")


@lru_cache(maxsize=4096)
def condition(text: str) -> tuple[str, float]:
    """(sign, bound) of '>= 1.5'."""
    sign, bound = _CONDITION.fullmatch(text).groups()
    return sign, float(bound)


def holds(text: str, value: float) -> bool:
    """Whether a value meets a condition; values are rounded to 9 digits, so that converted units meet their bounds."""
    sign, bound = condition(text)
    return _SIGNS[sign](float(f"{value:.9g}"), bound)


def compared(text: str, value: float, what: str) -> Outcome:
    """Met or not, with the value in words."""
    return met(what) if holds(text, value) else not_met(f"{what}, asked is {text}")
