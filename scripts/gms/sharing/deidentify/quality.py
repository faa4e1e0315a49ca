"""Scrubs the quality metrics of a sample."""

from collections.abc import Mapping
from typing import Any

TOP = ("role", "assay", "verdict")
GATE = ("metric", "value", "verdict", "warn", "fail", "why")
TEXT_METRICS = {"sex_inferred": ("female", "male", "unknown")}


def scrub_quality(qc: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """What of qc/{sample}.qc.json leaves; `names`: local name of the sample and of the case -> pseudonym.

    Metrics that are numbers, yes, no or not measured leave; of those that are texts only the known ones do, with their
    known values. Gates are those of the assay and leave with the value that was judged; the value of a text metric
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
