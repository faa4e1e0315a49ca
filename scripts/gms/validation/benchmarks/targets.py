"""The figures to reach, and whether they are."""

from collections.abc import Mapping
from typing import Any, NamedTuple

POOLED = ("germline-na12878-50x-chr20-10mb", "germline-hg002-30x-chr20-10mb", "germline-hg002-grch37")
TRIO, MIX54, MIX30 = "germline-trio-ceu-chr20-10kb", "somatic-tn-mix54", "somatic-tn-mix30"


class Target(NamedTuple):
    """A limit for one measure: `limit` is reached from above (>=) or from below (<=)."""

    set: str
    measure: str
    comparison: str
    limit: float

    def state(self, value: float | None) -> str:
        """ok, miss, or not measured."""
        if value is None:
            return "not measured"
        return "ok" if (value >= self.limit if self.comparison == ">=" else value <= self.limit) else "miss"


# Agreed in the project: well above what untuned callers reach on these sets.
TARGETS = (
    Target("pooled", "SNV recall", ">=", 0.990),
    Target("pooled", "SNV precision", ">=", 0.985),
    Target("pooled", "indel recall", ">=", 0.97),
    Target("pooled", "indel precision", ">=", 0.92),
    Target("pooled", "genotype concordance", ">=", 0.99),
    Target(TRIO, "Mendelian violations", "<=", 0),
    Target(MIX54, "SNV TP", ">=", 40),
    Target(MIX54, "FP", "<=", 0),
    Target(MIX54, "germline as somatic", "<=", 0),
    Target(MIX30, "SNV TP", ">=", 34),
    Target(MIX30, "FP", "<=", 1),
    Target(MIX30, "germline as somatic", "<=", 0),
    Target("simulated", "SNV F1", ">=", 0.995),
    Target("simulated", "indel F1", ">=", 0.97),
)


def judge(figures: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, str, Any, str, str]]:
    """(set, measure, value, target, state) of every target whose set was run."""
    return [
        (t.set, t.measure, value, f"{t.comparison} {t.limit:g}", t.state(value))
        for t in TARGETS
        if t.set in figures
        for value in [figures[t.set].get(t.measure)]
    ]
