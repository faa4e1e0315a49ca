"""Imprinting disorders of uniparental disomy, and whether a stretch lies over the region that causes them.

Positions are 1-based, ends included.
"""

from functools import cache
from pathlib import Path

from gms.base.json_tables import read_table
from gms.base.project import PROJECT

# Parent from whom both copies come -> disorder, by chromosome (del Gaudio et al. 2020, Genet Med 22:1133, table 1).
DISORDERS = PROJECT / "resources" / "imprinted_chromosomes.tsv"
REGIONS = PROJECT / "resources" / "imprinted_regions.tsv"
MARGIN = 100_000  # bases by which an end of a segment may be wrong (docs/benchmarks.md)
OVER, OUTSIDE, UNKNOWN = "over", "outside", "unknown"


def disorders(contig: str) -> dict[str, str]:
    """Parent from whom both copies of the chromosome come -> the imprinting disorder that this causes."""
    return {row["parent"]: row["disorder"] for row in _rows(DISORDERS) if row["chromosome"] == _chromosome(contig)}


def position(contig: str, start: int, end: int, length: int, whole: bool = False) -> str:
    """Of a stretch of an imprinted chromosome of `length` bases: over an imprinted region, outside of all, or unknown
    where the chromosome is that of another assembly. `whole`: it is the whole chromosome."""
    known = [row for row in _rows(REGIONS) if (row["chromosome"], int(row["length"])) == (_chromosome(contig), length)]
    reached = [row for row in known if start - MARGIN <= int(row["end"]) and int(row["start"]) <= end + MARGIN]
    return OVER if whole or reached else OUTSIDE if known else UNKNOWN


def _chromosome(contig: str) -> str:
    return contig.removeprefix("chr")


@cache
def _rows(path: Path) -> list[dict[str, str]]:
    return read_table(path)
