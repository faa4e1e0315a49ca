"""Coverage metrics and per-gene callability from mosdepth's tables.

Depth counts primary, non-duplicate reads of mapping quality >= 20: what a caller can use, and how the limits that the
gates come from were measured (Picard's default).
"""

import gzip
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from gms.inputs.metrics import DEPTHS

AUTOSOME = re.compile(r"(chr)?([1-9]|1[0-9]|2[0-2])")


class Gene(NamedTuple):
    """Depth of one gene's coding sequence (inside the targets, where an assay has them)."""

    gene: str
    bases: int
    mean_depth: float
    callable_fraction: float


def read_distribution(path: Path | str) -> dict[str, dict[int, float]]:
    """mosdepth's cumulative distribution: contig (and 'total') -> depth -> fraction of bases at least that deep."""
    curves = defaultdict(dict)
    with open(path) as lines:
        for line in lines:
            contig, depth, fraction = line.rstrip("\n").split("\t")
            curves[contig][int(depth)] = float(fraction)
    return dict(curves)


def measured_contigs(bases: Mapping[str, tuple[int, int]]) -> list[str]:
    """The autosomes (the sex chromosomes would lower a male's values), or all contigs where none is named like one."""
    return [contig for contig in bases if AUTOSOME.fullmatch(contig)] or list(bases)


def genome_curve(curves: Mapping[str, Mapping[int, float]], bases: Mapping[str, tuple[int, int]]) -> dict[int, float]:
    """One curve over the measured contigs, N bases left out.

    `bases` gives each contig's length and its bases that are not N. N bases are never covered, so the fraction at a
    depth is the covered bases over the bases that can be covered.
    """
    contigs = measured_contigs(bases)
    known = sum(bases[contig][1] for contig in contigs)
    steps = {contig: filled(curves.get(contig, {})) for contig in contigs}
    deepest = max((max(curve, default=0) for curve in steps.values()), default=0)
    covered = (
        sum(curve.get(depth, 0.0) * bases[contig][0] for contig, curve in steps.items())
        for depth in range(1, deepest + 1)
    )
    return {depth: min(1.0, number / known) for depth, number in enumerate(covered, 1)} if known else {}


def filled(curve: Mapping[int, float]) -> dict[int, float]:
    """The curve with a value for every depth from 1 to its deepest (mosdepth skips depths that add nothing)."""
    steps = sorted({0: 1.0, **curve}.items())
    whole = {depth: value for (low, _), (high, value) in pairwise(steps) for depth in range(low + 1, high + 1)}
    return whole


def coverage_metrics(curve: Mapping[int, float], mean: float | None) -> dict[str, float | int | None]:
    """Mean and median depth, and the fraction of bases at least N x, from a cumulative curve."""
    curve = filled(curve)
    median = max((depth for depth, fraction in curve.items() if fraction >= 0.5), default=0)
    metrics = {"coverage_mean": None if mean is None else round(mean, 2), "coverage_median": median}
    return metrics | {f"fraction_{depth}x": round(curve.get(depth, 0.0), 5) for depth in DEPTHS}


def gene_table(regions: Iterable[str], thresholds: Iterable[str], sex: str) -> list[Gene]:
    """Genes by name from the lines of mosdepth's regions.bed and thresholds.bed (one threshold: the callable depth).

    Genes of Y are left out for a female: she does not have them.
    """
    bases, depth, deep = defaultdict(int), defaultdict(float), defaultdict(int)
    counts = (line for line in thresholds if not line.startswith("#"))
    for region, count in zip(regions, counts, strict=True):
        chrom, start, end, genes, mean = region.rstrip("\n").split("\t")
        if sex == "female" and chrom in ("Y", "chrY"):
            continue
        for gene in genes.split(",") if genes != "." else ():
            bases[gene] += int(end) - int(start)
            depth[gene] += float(mean) * (int(end) - int(start))
            deep[gene] += int(count.rstrip("\n").split("\t")[4])
    return [
        Gene(gene, total, round(depth[gene] / total, 1), round(deep[gene] / total, 4))
        for gene, total in sorted(bases.items())
    ]


def read_genes(regions: Path | str, thresholds: Path | str, sex: str) -> list[Gene]:
    """`gene_table` of mosdepth's gzipped files."""
    with gzip.open(regions, "rt") as region_lines, gzip.open(thresholds, "rt") as threshold_lines:
        return gene_table(region_lines, threshold_lines, sex)


def region_contigs(regions: Path | str) -> set[str]:
    """The contigs that have regions, from mosdepth's regions.bed.gz."""
    with gzip.open(regions, "rt") as lines:
        return {line.split("\t", 1)[0] for line in lines}


class Depth(NamedTuple):
    """One row of mosdepth's summary: `bases` is the sum of the depths over `length` bases."""

    length: int
    bases: int


def read_summary(path: Path | str) -> dict[str, Depth]:
    """Rows of mosdepth's summary: contigs, '<contig>_region' (over the regions on it), 'total', 'total_region'."""
    with open(path) as lines:
        next(lines)
        rows = [line.split("\t") for line in lines]
    return {row[0]: Depth(int(row[1]), int(row[2])) for row in rows}


def genome_mean(summary: Mapping[str, Depth], bases: Mapping[str, tuple[int, int]]) -> float | None:
    """Mean depth over the measured contigs, N bases left out."""
    contigs = measured_contigs(bases)
    known = sum(bases[contig][1] for contig in contigs)
    return sum(summary[contig].bases for contig in contigs if contig in summary) / known if known else None


def mean_depth(summary: Mapping[str, Depth], name: str) -> float | None:
    """Mean depth of a row; None where it has no bases."""
    row = summary.get(name)
    return row.bases / row.length if row and row.length else None


def sex_depths(
    summary: Mapping[str, Depth], measured: Iterable[str], targeted: bool
) -> tuple[float | None, float | None]:
    """Mean depth of X and of Y, over the targets on them or the whole contigs; None where not among the measured.

    A contig without any read is not in mosdepth's summary: its depth is 0.
    """
    suffix, known = "_region" if targeted else "", set(measured)
    depths = []
    for names in (("chrX", "X"), ("chrY", "Y")):
        contig = next((name for name in names if name in known), None)
        depths.append(None if contig is None else mean_depth(summary, contig + suffix) or 0.0)
    return depths[0], depths[1]


def sex_copies(summary: Mapping[str, Depth], bases: Mapping[str, tuple[int, int]]) -> tuple[float | None, float | None]:
    """Copies of X and of Y: twice their depth over that of the autosomes, N bases left out; None without the contigs.

    Y reads about 0.9 in a male: some of it is too repetitive for reads of mapping quality 20.
    """
    autosomes = [contig for contig in bases if AUTOSOME.fullmatch(contig)]
    mean = genome_mean(summary, bases) if autosomes else None
    copies = []
    for names in (("chrX", "X"), ("chrY", "Y")):
        contig = next((name for name in names if name in bases and bases[name][1]), None)
        depth = summary[contig].bases / bases[contig][1] if contig in summary else 0.0
        copies.append(round(2 * depth / mean, 2) if contig and mean else None)
    return copies[0], copies[1]


def read_bases(path: Path | str) -> dict[str, tuple[int, int]]:
    """Contig -> (length, bases that are not N), of the table made once for a reference."""
    with open(path) as lines:
        next(lines)
        return {fields[0]: (int(fields[1]), int(fields[2])) for fields in (line.split("\t") for line in lines)}
