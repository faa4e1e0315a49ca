"""Loci that are followed: single-base changes of a tumour, each with its context of three bases.

Coordinates are 0-based. Indels and changes of several bases are left out: their alignment errs in ways that the errors
of single bases say nothing about.
"""

import gzip
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from gms.base.errors import GmsError

_COMPLEMENT = str.maketrans("ACGT", "TGCA")
FRACTION = re.compile(r"0|1|0?\.\d+|1\.0+|0\.0*")
HALF = 0.5  # share of the tumour's molecules of a locus that carry a heterozygous change of all its cells


class NoLoci(GmsError):
    """A list of variants without a locus that can be followed."""

    def __init__(self, path: Path, why: str):
        super().__init__(f"{path} {why}; it is a VCF, or a table with the columns chrom, pos, ref and alt")


class WrongLocus(GmsError):
    """A row that cannot be a variant."""

    def __init__(self, path: Path, line: int, text: str):
        super().__init__(f"{path}, line {line}: {text}")


class Locus(NamedTuple):
    """A change of one base. `weight`: share of the tumour's own molecules that carry it, 0-1."""

    chrom: str
    start: int
    ref: str
    alt: str
    weight: float = HALF

    def __str__(self) -> str:
        return f"{self.chrom}:{self.start + 1}:{self.ref}:{self.alt}"


class Followed(NamedTuple):
    """Loci of a patient that are followed, those left out with why, and all contexts."""

    loci: list[Locus]
    left_out: dict[str, str]
    contexts: dict[Locus, str]

    def without(self, others: Mapping[str, str]) -> "Followed":
        """Without loci that are left out for the reasons given, by name."""
        return self._replace(
            loci=[one for one in self.loci if str(one) not in others], left_out={**self.left_out, **others}
        )

    def apart_from(self, other: "Followed") -> "Followed":
        """Only the loci at positions that are none of another patient's."""
        places = {(locus.chrom, locus.start) for locus in other.loci}
        return self._replace(loci=[one for one in self.loci if (one.chrom, one.start) not in places])

    def every(self, most: int) -> "Followed":
        """As many loci at most, evenly spread."""
        return self._replace(loci=self.loci[:: max(1, -(-len(self.loci) // most))])


def joined(followed: Iterable[Followed]) -> Followed:
    """The loci of several patients, each once."""
    contexts = {locus: one.contexts[locus] for one in followed for locus in one.loci}
    return Followed(list(contexts), {}, contexts)


def read_loci(path: Path, purity: float | None = None) -> tuple[list[Locus], dict[str, str]]:
    """Loci of a VCF, of which records with FILTER other than PASS or '.' do not count, or of a table; and its other
    variants (CHROM:POS:REF:ALT), with why they are not followed.

    With `purity` the weight is fraction / purity, where the table has a column `fraction` (allele fraction in the
    tumour). Raises NoLoci, and WrongLocus with the line for what cannot be a variant."""
    try:
        with gzip.open(path, "rt") if path.suffix in (".gz", ".bgz") else open(path) as lines:
            rows = [(number, line.rstrip("\n").split("\t")) for number, line in enumerate(lines, 1) if line[:2] != "##"]
    except (OSError, UnicodeDecodeError):
        raise NoLoci(path, "cannot be read") from None
    header = [name.lstrip("#").lower() for name in rows[0][1]] if rows else []
    if not {"chrom", "pos", "ref", "alt"} <= set(header):
        raise NoLoci(path, "has no columns chrom, pos, ref and alt")
    found_rows = [(number, dict(zip(header, cells, strict=False))) for number, cells in rows[1:]]
    listed = [_checked(path, number, row) for number, row in found_rows if _is_reported(row)]
    found = dict.fromkeys(_locus(row, purity) for row in listed if _is_single(row))
    if not found:
        raise NoLoci(path, "has no change of a single base")
    others = [":".join(row[key] for key in ("chrom", "pos", "ref", "alt")) for row in listed if not _is_single(row)]
    return list(found), dict.fromkeys(others, "only changes of single bases are followed")


def _is_reported(row: Mapping[str, str]) -> bool:
    return "alt" in row and row.get("filter", "PASS") in ("PASS", ".", "")


def _checked(path: Path, line: int, row: dict[str, str]) -> dict[str, str]:
    """The row with its bases in capitals. Raises WrongLocus."""
    if not (row["pos"].isdecimal() and int(row["pos"])):
        raise WrongLocus(path, line, f"pos '{row['pos']}' must be a number from 1")
    fraction = row.get("fraction")
    if fraction and not FRACTION.fullmatch(fraction):
        raise WrongLocus(path, line, f"fraction '{fraction}' must be a number from 0 to 1 with a decimal point")
    return {**row, "ref": row["ref"].upper(), "alt": row["alt"].upper()}


def _is_single(row: Mapping[str, str]) -> bool:
    return all(len(base) == 1 and base in "ACGT" for base in (row["ref"], row["alt"]))


def _locus(row: Mapping[str, str], purity: float | None) -> Locus:
    fraction = float(row["fraction"]) if row.get("fraction") else None
    weight = min(1.0, fraction / purity) if fraction and purity else HALF
    return Locus(row["chrom"], int(row["pos"]) - 1, row["ref"], row["alt"], weight)


def context(locus: Locus, sequence: Callable[[str, int, int], str]) -> str:
    """The change with its neighbours, seen from the pyrimidine: 'A[C>T]G'.

    `sequence(chrom, start, end)` is the genome, 0-based half-open."""
    around = sequence(locus.chrom, max(0, locus.start - 1), locus.start + 2).upper()
    before, after = (around[0], around[2]) if locus.start and len(around) == 3 else ("N", "N")
    if locus.ref in "CT":
        return f"{before}[{locus.ref}>{locus.alt}]{after}"
    flipped = [base.translate(_COMPLEMENT) for base in (after, locus.ref, locus.alt, before)]
    return f"{flipped[0]}[{flipped[1]}>{flipped[2]}]{flipped[3]}"
