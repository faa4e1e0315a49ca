"""Laboratory tests of trial criteria and their units (resources/trials/laboratory.tsv)."""

from functools import cache
from typing import NamedTuple

from gms.base.json_tables import read_table
from gms.base.project import PROJECT

TESTS = PROJECT / "resources" / "trials" / "laboratory.tsv"
ULN = "xULN"  # multiples of the upper limit of normal


class LaboratoryTest(NamedTuple):
    """A test: its unit of comparison, factors that turn other units into it, and what reports call it."""

    unit: str
    factors: dict[str, float]
    words: str

    def units(self) -> list[str]:
        """Units that values may have."""
        return [self.unit, *self.factors, ULN]


@cache
def tests() -> dict[str, LaboratoryTest]:
    """All tests by name."""
    found = {}
    for row in read_table(TESTS):
        factors = dict(other.split("=") for other in row["others"].split(",") if other)
        known = {other: float(factor) for other, factor in factors.items()}
        found[row["test"]] = LaboratoryTest(row["unit"], known, row["words"])
    return found


def convert(test: str, value: float, unit: str, wanted: str, limit: float | None) -> float | None:
    """A value in another unit of its test; `limit` is the upper limit of normal in the value's own unit.

    None where multiples of the limit are asked for, or given, and the limit is not known.
    """
    if unit == wanted:
        return value
    factors = {tests()[test].unit: 1.0, **tests()[test].factors}
    if wanted == ULN:
        return value / limit if limit else None
    if unit == ULN:
        return None
    return value * factors[unit] / factors[wanted]
