"""Loci that are followed: single-base changes of a tumour, each with its context of three bases.

Coordinates are 0-based. Indels and changes of several bases are left out: their alignment errs in ways that the errors
of single bases say nothing about.
"""

import gzip
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from gms.base.errors import GmsError

_COMPLEMENT = str.maketrans("ACGT", "TGCA")
HALF = 0.5  # share of the tumour's molecules of a locus that carry a heterozygous change of all its cells


class NoLoci(GmsError):
    """A list of variants without a locus that can be followed."""

    def __init__(self, path: Path, why: str):
        super().__init__(f"{path} {why}; it is a VCF, or a table with the columns chrom, pos, ref and alt")


class Locus(NamedTuple):
    """A change of one base. `weight`: share of the tumour's own molecules that carry it, 0-1."""

    chrom: str
    start: int
    ref: str
    alt: str
    weight: float = HALF

    def __str__(self) -> str:
        return f"{self.chrom}:{self.start + 1}:{self.ref}:{self.alt}"


def read_loci(path: Path, purity: float | None = None) -> list[Locus]:
    """Loci of a VCF, of which records with FILTER other than PASS or '.' do not count, or of a table.

    With `purity` the weight is fraction / purity, where the table has a column `fraction` (allele fraction in the
    tumour). Raises NoLoci."""
    try:
        with gzip.open(path, "rt") if path.suffix in (".gz", ".bgz") else open(path) as lines:
            rows = [line.rstrip("\n").split("\t") for line in lines if not line.startswith("##")]
    except (OSError, UnicodeDecodeError):
        raise NoLoci(path, "cannot be read") from None
    header = [name.lstrip("#").lower() for name in rows[0]] if rows else []
    if not {"chrom", "pos", "ref", "alt"} <= set(header):
        raise NoLoci(path, "has no columns chrom, pos, ref and alt")
    found = dict.fromkeys(_rows(header, rows[1:], purity))
    if not found:
        raise NoLoci(path, "has no change of a single base")
    return list(found)


def _rows(header: list[str], rows: Iterable[list[str]], purity: float | None) -> Iterator[Locus]:
    for cells in rows:
        row = dict(zip(header, cells, strict=False))
        bases = row.get("ref", ""), row.get("alt", "")
        is_single = all(len(base) == 1 and base in "ACGT" for base in bases)
        if not is_single or row.get("filter", "PASS") not in ("PASS", ".", ""):
            continue
        fraction = float(row["fraction"]) if row.get("fraction") else None
        weight = min(1.0, fraction / purity) if fraction and purity else HALF
        yield Locus(row["chrom"], int(row["pos"]) - 1, row["ref"], row["alt"], weight)


def context(locus: Locus, sequence: Callable[[str, int, int], str]) -> str:
    """The change with its neighbours, seen from the pyrimidine: 'A[C>T]G'.

    `sequence(chrom, start, end)` is the genome, 0-based half-open."""
    around = sequence(locus.chrom, max(0, locus.start - 1), locus.start + 2).upper()
    before, after = (around[0], around[2]) if locus.start and len(around) == 3 else ("N", "N")
    if locus.ref in "CT":
        return f"{before}[{locus.ref}>{locus.alt}]{after}"
    flipped = [base.translate(_COMPLEMENT) for base in (after, locus.ref, locus.alt, before)]
    return f"{flipped[0]}[{flipped[1]}>{flipped[2]}]{flipped[3]}"
