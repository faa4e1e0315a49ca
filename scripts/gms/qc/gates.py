"""QC gates: what an assay demands of a metric, and the verdict. Pure: metrics and gates in, verdicts out."""

import operator
import re
from collections.abc import Iterable, Mapping
from typing import Any

from gms.base.errors import GmsError
from gms.inputs.metrics import known

VERDICTS = ("pass", "not_assessed", "warn", "fail")  # from best to worst
COMPARISONS = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
LIMIT = re.compile(r"\s*(<=|>=|==|!=|<|>)\s*(\S+)\s*")


class InvalidLimit(GmsError):
    """A gate's limit is not a comparison."""

    def __init__(self, limit: str):
        super().__init__(f"QC limit '{limit}' is not a comparison such as '< 30', '>= 0.95' or '== false'")


def breaches(value: Any, limit: str | None) -> bool:
    """True when the value meets the limit's comparison, e.g. 25 and '< 26'; numbers, true/false and words compare."""
    if limit is None:
        return False
    parts = LIMIT.fullmatch(limit)
    if parts is None:
        raise InvalidLimit(limit)
    sign, bound = parts.groups()
    if isinstance(value, (bool, str)):
        return COMPARISONS[sign](str(value).lower(), bound.lower())
    try:
        return COMPARISONS[sign](value, float(bound))
    except ValueError:
        raise InvalidLimit(limit) from None


def verdict_of(value: Any, warn: str | None, fail: str | None) -> str:
    """'fail', 'warn' or 'pass'; 'not_assessed' when the metric could not be measured (None)."""
    if value is None:
        return "not_assessed"
    if breaches(value, fail):
        return "fail"
    return "warn" if breaches(value, warn) else "pass"


def evaluate(metrics: Mapping[str, Any], gates: Iterable[Mapping[str, Any]], role: str | None) -> list[dict]:
    """Verdict of every gate that applies, in the assay's order.

    A gate (`metric`, `roles`, `warn`, `fail`, `why`) applies when its metric is among the metrics and its roles are
    empty or hold `role`; `role` None (a case as a whole) meets every gate. A metric of None is 'not_assessed'. Raises
    UnknownMetric.
    """
    verdicts = []
    for gate in gates:
        metric, roles = gate["metric"], gate.get("roles")
        known(metric)
        if metric not in metrics or (roles and role is not None and role not in roles):
            continue
        warn, fail, value = gate.get("warn"), gate.get("fail"), metrics[metric]
        verdict = verdict_of(value, warn, fail)
        verdicts.append(
            {"metric": metric, "value": value, "verdict": verdict, "warn": warn, "fail": fail, "why": gate["why"]}
        )
    return verdicts


def worst(verdicts: Iterable[str]) -> str:
    """The worst of the verdicts: nothing passes while something that a gate asks for was not assessed."""
    return max(verdicts, key=VERDICTS.index, default="pass")
