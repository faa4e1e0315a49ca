"""Baseline of microsatellites: how much the reads of normals fall short at each site, and how normals differ.

Libraries stutter more or less as a whole. Each normal is divided by its own factor, the median over sites of its
slippage against the mean; the spread that is left is between sites. One tab-separated file with facts in its header.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean, median, stdev
from typing import Any, NamedTuple

from gms.base.errors import GmsError
from gms.base.json_tables import header_facts, read_table
from gms.biomarkers.repeat_lengths import Site, Slippage

FEWEST_NORMALS = 20  # MSIsensor-pro, instructions for a baseline
FEWEST_READS = 20  # MSIsensor-pro, its default for panels
MOST_SPREAD = 0.05  # units per read between normals: a site above is polymorphic or cannot be aligned (our own)
FEWEST_SITES = 40  # usable sites, as TruSight Oncology 500 asks for (Illumina)
GREY_FROM, HIGH_FROM = 5.0, 10.0  # % of sites; GMS560's cut-off for unfiltered sites is 10 %, below it is a grey zone
_FACTS = "##gms_msi_baseline="
_NEEDED = {"factors", "grey_from", "high_from", "members", "normals"}
_COLUMNS = ("contig", "start", "end", "base", "mean", "sd", "variance", "reads", "normals")


class Expected(NamedTuple):
    """What normals show at a site: share of units lost, its standard deviation between them, the variance between
    reads, reads of a normal on average, and the number of normals."""

    site: Site
    mean: float
    sd: float
    variance: float
    reads: float
    normals: int


class Baseline(NamedTuple):
    """`facts`: header; `factors`: smallest and largest factor of a library that a sample is corrected by."""

    facts: dict[str, Any]
    sites: tuple[Expected, ...]

    @property
    def factors(self) -> tuple[float, float]:
        low, high = self.facts["factors"]
        return low, high


class UnreadableBaseline(GmsError):
    """A file that is not a baseline of microsatellites."""

    def __init__(self, path: Path):
        super().__init__(f"{path} is not a baseline of microsatellites; make one with ./gms normals build")


class TooFewNormals(GmsError):
    """Fewer normals than a baseline needs."""

    def __init__(self, count: int):
        super().__init__(f"{count} normals can be used, and a baseline needs {FEWEST_NORMALS}")


class TooFewSites(GmsError):
    """Normals that share too few sites."""

    def __init__(self, count: int):
        asked = f"{FEWEST_NORMALS} normals with {FEWEST_READS} reads that differ little"
        super().__init__(
            f"{count} homopolymers of the targets have {asked}, and a baseline needs {FEWEST_SITES} of them"
        )


def make_baseline(sites: Sequence[Site], normals: Sequence[Sequence[Slippage]], facts: Mapping[str, Any]) -> Baseline:
    """`normals`: of each, its slippage at each site. Raises TooFewNormals, TooFewSites."""
    if len(normals) < FEWEST_NORMALS:
        raise TooFewNormals(len(normals))
    means = [_mean(column) for column in zip(*normals, strict=True)]
    factors = [library_factor(normal, means) for normal in normals]
    expected = [
        _expected(
            site, [(one, factor) for one, factor in zip(column, factors, strict=True) if one.reads >= FEWEST_READS]
        )
        for site, column in zip(sites, zip(*normals, strict=True), strict=True)
    ]
    kept = tuple(one for one in expected if one and _spread(one) <= MOST_SPREAD)
    if len(kept) < FEWEST_SITES:
        raise TooFewSites(len(kept))
    spread = 3 * stdev(factors)
    limits = {"grey_from": GREY_FROM, "high_from": HIGH_FROM}
    bounds = [round(max(0.1, 1 - spread), 4), round(1 + spread, 4)]
    left_out = {"sites_left_out": len(sites) - len(kept)}
    return Baseline({**facts, "normals": len(normals), "factors": bounds, **limits, **left_out}, kept)


def _spread(one: Expected) -> float:
    """Standard deviation between normals beyond the chance of their reads, units per read."""
    return (one.site.end - one.site.start) * max(0.0, one.sd**2 - one.variance / one.reads) ** 0.5


def library_factor(sample: Sequence[Slippage], means: Sequence[float | None]) -> float:
    """How much more a library stutters than the normals' mean, over sites with enough reads; 1 where none has."""
    pairs = zip(sample, means, strict=True)
    return median([one.mean / mean for one, mean in pairs if mean and one.reads >= FEWEST_READS] or [1.0]) or 1.0


def _mean(column: Sequence[Slippage]) -> float | None:
    values = [one.mean for one in column if one.reads >= FEWEST_READS]
    return fmean(values) if values else None


def _expected(site: Site, column: Sequence[tuple[Slippage, float]]) -> Expected | None:
    """Of the normals with enough reads, each with the factor of its library; None where they are too few."""
    if len(column) < FEWEST_NORMALS:
        return None
    shares = [one.mean / factor for one, factor in column]
    variance, reads = fmean(one.variance for one, _ in column), fmean(one.reads for one, _ in column)
    return Expected(site, fmean(shares), stdev(shares), variance, reads, len(column))


def write_baseline(path: Path, baseline: Baseline) -> None:
    """One row for each site."""
    with open(path, "w") as out:
        out.write(_FACTS + json.dumps(baseline.facts, sort_keys=True) + "\n" + "\t".join(_COLUMNS) + "\n")
        for site, *numbers, normals in baseline.sites:
            out.write("\t".join([*map(str, site), *(f"{number:.6g}" for number in numbers), str(normals)]) + "\n")


def read_baseline(path: Path) -> Baseline:
    """Raises UnreadableBaseline."""
    try:
        rows = [[row[name] for name in _COLUMNS] for row in read_table(path)]
        sites = [Expected(_site(row), *map(float, row[4:8]), int(row[8])) for row in rows]
        return Baseline(read_facts(path), tuple(sites))
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableBaseline(path) from error


def read_facts(path: Path) -> dict[str, Any]:
    """The header of a baseline. Raises UnreadableBaseline."""
    facts = header_facts(path, _FACTS, _NEEDED)
    if facts is None:
        raise UnreadableBaseline(path)
    return facts


def _site(row: Sequence[str]) -> Site:
    contig, start, end, base = row[:4]
    return Site(contig, int(start), int(end), base)
