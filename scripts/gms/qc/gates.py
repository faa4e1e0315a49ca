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


def verdict_of(value: Any, warn: str | None = None, fail: str | None = None) -> str:
    """'fail', 'warn' or 'pass'; 'not_assessed' when the metric could not be measured (None)."""
    if value is None:
        return "not_assessed"
    if breaches(value, fail):
        return "fail"
    return "warn" if breaches(value, warn) else "pass"


def evaluate(
    metrics: Mapping[str, Any],
    gates: Iterable[Mapping[str, Any]],
    role: str | None,
    roles: Mapping[str, str] | None = None,
) -> list[dict]:
    """Verdict of every gate that applies, in the assay's order.

    A gate (`metric`, `roles`, `warn`, `fail`, `why`) applies when its metric is among the metrics and its roles are
    empty or hold `role`; `role` None (a case as a whole) meets every gate. A metric of None is 'not_assessed'.
    A breach, not a lacking value, is excused where the metric of `unless` meets its condition. A gate of a relation is
    for all pairs with its roles; `roles`: sample -> role. Raises UnknownMetric.
    """
    found = []
    for gate in gates:
        known(gate["metric"])
        if gate.get("roles") and role is not None and role not in gate["roles"]:
            continue
        excused = _is_excused(gate, metrics)
        found += [
            _entry(name, value, gate, excused) for name, value in metrics.items() if _is_of(gate, name, roles or {})
        ]
    return found


def _is_of(gate: Mapping[str, Any], metric: str, roles: Mapping[str, str]) -> bool:
    """Whether a gate is for a metric: of two siblings, kinship_proband_S1 is one of kinship_proband_sibling.
    The two people stand in the order of the sample sheet, which decides nothing."""
    name, *people = (roles.get(word, word) for word in metric.split("_"))
    asked, *pair = gate["metric"].split("_")
    return gate["metric"] == metric or name == asked and sorted(people) == sorted(pair)


def _is_excused(gate: Mapping[str, Any], metrics: Mapping[str, Any]) -> bool:
    """Whether the metric of `unless` was measured and meets its condition."""
    other = gate.get("unless")
    value = metrics.get(other["metric"]) if other else None
    return value is not None and breaches(value, other["holds"])


def _entry(metric: str, value: Any, gate: Mapping[str, Any], excused: bool = False) -> dict[str, Any]:
    warn, fail = gate.get("warn"), gate.get("fail")
    verdict = verdict_of(value, *(() if excused else (warn, fail)))
    return {"metric": metric, "value": value, "verdict": verdict, "warn": warn, "fail": fail, "why": gate["why"]}


def worst(verdicts: Iterable[str]) -> str:
    """The worst of the verdicts: nothing passes while something that a gate asks for was not assessed."""
    return max(verdicts, key=VERDICTS.index, default="pass")
