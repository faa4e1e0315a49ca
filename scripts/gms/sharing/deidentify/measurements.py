"""De-identifies the quality metrics of a sample, and turns dates into ages."""

import datetime
from collections.abc import Mapping
from typing import Any

from gms.base.errors import GmsError
from gms.inputs.metrics import METRICS
from gms.sharing.decision.model import completed_years

TOP = ("role", "assay", "verdict")
GATE = ("metric", "value", "verdict", "warn", "fail", "why")
TEXT_METRICS = {metric.name: metric.values for metric in METRICS if metric.values}


def deidentify_quality(qc: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """What of qc/{sample}.qc.json leaves; `names`: local name of the sample and of the case -> pseudonym.

    Metrics that are numbers, yes, no or not measured leave; of those that are texts only the known ones do, with their
    known values. Gates are those of the assay and leave with the value that was evaluated; the value of a text metric
    that does not leave is None there.
    """
    metrics = {name: value for name, value in qc["metrics"].items() if _leaves(name, value)}
    gates = [{key: gate[key] for key in GATE if key in gate} for gate in qc["gates"]]
    for gate in gates:
        if not _leaves(gate["metric"], gate["value"]):
            gate["value"] = None
    return {
        "sample": names[qc["sample"]],
        "case": names[qc["case"]],
        **{key: qc[key] for key in TOP},
        "metrics": metrics,
        "gates": gates,
    }


def _leaves(name: str, value: Any) -> bool:
    return value is None or isinstance(value, int | float) or value in TEXT_METRICS.get(name, ())


class DateBeforeBirth(GmsError):
    """A date of an individual before the birth; neither date is shown."""

    def __init__(self) -> None:
        super().__init__("an individual has a date before the birth date; correct the table of individuals")


# Ages over 89 are one group (HIPAA Safe Harbor, 45 CFR 164.514(b)(2)(i)(C): "90 or older"): so few people are that old
# that the age finds them. The group is written as its lower end.
OLDEST = 90


def age(birth_date: datetime.date, on: datetime.date) -> str:
    """Completed years on a day as an ISO 8601 period: 'P43Y'; 'P90Y' means 90 or older. Raises DateBeforeBirth."""
    if on < birth_date:
        raise DateBeforeBirth
    return f"P{min(completed_years(birth_date, on), OLDEST)}Y"
