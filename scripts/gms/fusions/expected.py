"""The list of expected fusions, each with the fragments that it needs: resources/genes/fusions.tsv."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from gms.base.errors import GmsError
from gms.base.json_tables import read_table
from gms.base.project import PROJECT

LIST = PROJECT / "resources" / "genes" / "fusions.tsv"
ANY = "*"  # any partner
Limits = dict[tuple[str, str], int]


class Distances(NamedTuple):
    """How far genes of a fusion lie from its junctions, in bases. `enhancer`: from the 5' gene, whose enhancer is
    taken, 0 within it; None where it gives no enhancer. `gene`: from the 3' gene, None where the usual limit holds."""

    enhancer: int | None = None
    gene: int | None = None


class WrongFusion(GmsError):
    """A row of the list that cannot match."""

    def __init__(self, path: Path, row: dict[str, str]):
        pair = f"{row['five_prime']}::{row['three_prime']}"
        super().__init__(
            f"{path}: '{pair}' with {row['fragments'] or 'no'} fragments is not a fusion. "
            "Give both symbols, or one and * for any partner, and a whole number of fragments from 1."
        )


@cache
def read_distances(path: Path = LIST) -> dict[tuple[str, str], Distances]:
    """(5' gene, 3' gene) -> distances, of the rows that state one."""
    stated = ((row, [row[name] for name in ("enhancer_within", "gene_within")]) for row in read_table(path))
    return {
        (row["five_prime"], row["three_prime"]): Distances(*(int(value) if value else None for value in values))
        for row, values in stated
        if any(values)
    }


@cache
def read_expected(path: Path = LIST) -> Limits:
    """(5' gene, 3' gene) -> fragments. Raises WrongFusion."""
    limits: Limits = {}
    for row in read_table(path):
        pair, number = (row["five_prime"], row["three_prime"]), row["fragments"]
        if not all(pair) or set(pair) == {ANY} or not number.isdecimal() or int(number) < 1:
            raise WrongFusion(path, row)
        limits[pair] = int(number)
    return limits


def needed(five: str, three: str, limits: Limits) -> int | None:
    """Fragments that a fusion needs: by the row of the pair, else by the least of those with any partner; None of one
    that is not listed. Parts of one gene are joined where the list names that."""
    if (five, three) in limits:
        return limits[five, three]
    if five == three:
        return None
    return min(_of_any(five, three, limits), default=None)


def _of_any(five: str, three: str, limits: Limits) -> Iterable[int]:
    return (limits[pair] for pair in ((five, ANY), (ANY, three)) if pair in limits)
