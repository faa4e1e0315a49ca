"""Facts of the human mitochondrial genome by position of the revised Cambridge Reference Sequence (rCRS, NC_012920.1).

Positions are 1-based and closed, as in resources/mitochondrial/.
"""

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from gms.base.json_tables import read_table
from gms.base.project import PROJECT
from gms.genome.ploidy import MITOCHONDRION

FOLDER = PROJECT / "resources" / "mitochondrial"
RCRS_LENGTH = 16_569
# chrM of UCSC's hg19 is another person's sequence (NC_001807): positions differ, and nothing known of rCRS holds.
YORUBA_LENGTH = 16_571


class Gene(NamedTuple):
    """A gene with its interval and strand; `kind`: protein, tRNA or rRNA."""

    name: str
    start: int
    end: int
    strand: str
    kind: str


@cache
def genes() -> tuple[Gene, ...]:
    rows = read_table(FOLDER / "genes.tsv")
    return tuple(Gene(row["gene"], int(row["start"]), int(row["end"]), row["strand"], row["kind"]) for row in rows)


@cache
def difficult() -> tuple[tuple[int, int], ...]:
    """Stretches in which sequencers and aligners go wrong."""
    return tuple((int(row["start"]), int(row["end"])) for row in read_table(FOLDER / "difficult.tsv"))


def genes_in(start: int, end: int) -> list[str]:
    """Names of the genes that an interval touches, in their order."""
    return [gene.name for gene in genes() if gene.start <= end and gene.end >= start]


def is_difficult(start: int, end: int) -> bool:
    return any(first <= end and last >= start for first, last in difficult())


def mitochondrial_contig(contigs: Iterable[str]) -> str | None:
    """The mitochondrial contig of a reference, None without one."""
    return next((contig for contig in contigs if contig in MITOCHONDRION), None)
