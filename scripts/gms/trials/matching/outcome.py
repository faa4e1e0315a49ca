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


# Words for a value that nobody has; they are a state of their own, never "no".
NOT_KNOWN = frozenset(
    ("unknown", "not known", "unclear", "pending", "not done", "not tested", "not assessed", "not evaluable", "missing")
    + ("inconclusive", "indeterminate", "na", "n/a", "nd", "ne", "nk", "okänd", "okänt", "?", "-", ".")
)
YES_NO = ("yes", "no")


def said(value: str, asked: str, what: str, answers: tuple[str, ...] = YES_NO) -> Outcome:
    """A word against the asked one. One that says that nothing is known decides nothing; nor does another answer where
    one of `answers` is asked for. `what`: whose value it is, in words."""
    given, wanted = value.casefold(), asked.casefold()
    if given == wanted:
        return met(f"{what} {value}")
    if given in NOT_KNOWN or (wanted in answers and given not in answers):
        known = f", as {' or '.join(answers)}" if wanted in answers else ""
        return open_question(f"{what} '{value}', which decides nothing", f"{what.rstrip(':')}{known}")
    return not_met(f"{what} {value}")


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
