"""Coverage metrics from mosdepth's tables, and the sex that the depths of X and Y show.

Depth counts primary, non-duplicate reads of mapping quality >= 20: what a caller can use, and how the limits that the
gates come from were measured (Picard's default).
"""

import gzip
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pysam

from gms.base.json_tables import read_json
from gms.genome.ploidy import AUTOSOME, chromosomes_of
from gms.inputs.metrics import DEPTHS

MALE_ABOVE = 0.10
FEMALE_BELOW = 0.08
# Copies of Y: reads of X that fit Y as well make a female's up to 0.1; repeats that cannot be mapped halve a male's.
Y_THERE = 0.3
Y_TWICE = 1.5
UNCLEAR = "unclear"
CLEAR = 0.3  # copies of X further than this from a whole number are not one: a mosaic, or a tumour


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


def dropout_metrics(regions: Path | str, fasta: Path | str) -> dict[str, float | None]:
    """AT and GC dropout of the targets of mosdepth's regions.bed.gz (see `dropouts`)."""
    with gzip.open(regions, "rt") as lines, pysam.FastaFile(str(fasta)) as reference:
        return dropouts(lines, reference.fetch)


def dropouts(regions: Iterable[str], bases: Callable[[str, int, int], str]) -> dict[str, float | None]:
    """AT_DROPOUT and GC_DROPOUT of Picard's CollectHsMetrics, 0-1 (there 0-100): the share of the reads' bases that
    targets with at most, or at least, half G and C lack beside their share of the targets, summed over whole per cents
    of G and C. Lines that touch are of one target. None where no target has a read."""
    size, covered = [0] * 101, [0.0] * 101
    for contig, start, end, total in _joined(regions):
        text = bases(contig, start, end).upper()
        gc = int(100 * (text.count("G") + text.count("C")) / len(text) + 0.5)
        size[gc], covered[gc] = size[gc] + end - start, covered[gc] + total
    if not sum(covered):
        return {"at_dropout": None, "gc_dropout": None}
    lacking = [max(0.0, a / sum(size) - b / sum(covered)) for a, b in zip(size, covered, strict=True)]
    return {"at_dropout": round(sum(lacking[:51]), 5), "gc_dropout": round(sum(lacking[50:]), 5)}


def _joined(regions: Iterable[str]) -> list[tuple[str, int, int, float]]:
    """Contig, start and end of each target, and the sum of the depths of its bases."""
    found: list[tuple[str, int, int, float]] = []
    for line in regions:
        contig, low, high, *_, mean = line.rstrip("\n").split("\t")
        start, end, total = int(low), int(high), float(mean) * (int(high) - int(low))
        if found and found[-1][0] == contig and found[-1][2] == start:
            _, start, _, before = found.pop()
            total += before
        found.append((contig, start, end, total))
    return found


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


def infer_sex(depth_x: float | None, depth_y: float | None) -> str:
    """'male', 'female' or 'unknown' from the mean depths of X and Y; None where the contig is not measured.

    Y/X above 0.1 is male, below 0.08 female, between is unknown (BALSAMIC 19, clinical-practice 3.5; there on medians).
    """
    if not depth_x or depth_y is None:
        return "unknown"
    ratio = depth_y / depth_x
    if ratio > MALE_ABOVE:
        return "male"
    return "female" if ratio < FEMALE_BELOW else "unknown"


def sex_chromosomes(copies_x: float | None, copies_y: float | None) -> str | None:
    """'XX', 'XY', 'X' (as in 45,X), 'XXY' (as in 47,XXY) …; 'unclear' for part of an X; None where not measured."""
    if copies_x is None or copies_y is None:
        return None
    if not round(copies_x) or abs(copies_x - round(copies_x)) > CLEAR:
        return UNCLEAR
    return "X" * round(copies_x) + "Y" * ((copies_y >= Y_THERE) + (copies_y >= Y_TWICE))


def sex_matches(inferred: str, stated: str) -> bool | None:
    """Whether the inferred sex is the stated one; None when either is unknown."""
    return None if "unknown" in (inferred, stated) else inferred == stated


def measured_sex(stated: str, metrics: Mapping[str, Any]) -> str:
    """female, male or unknown: the sex that was measured, else the stated one."""
    found = metrics.get("sex_inferred")
    return found if found in ("female", "male") else stated


def measured_chromosomes(stated: str, metrics: Mapping[str, Any]) -> str:
    """Whose alleles a place of X or Y has, in every class of variants: the sex chromosomes that were measured (XX, XY,
    X, XXY ...); else, as of an exome or of a mosaic, `measured_sex`."""
    found = metrics.get("sex_chromosomes")
    return measured_sex(stated, metrics) if found in (None, UNCLEAR) else found


def measured_by(known: Callable[..., str], stated: Iterable[str], quality: Iterable[Path | str]) -> list[str]:
    """`known` (measured_sex or measured_chromosomes) of each sample, by its sex of the sheet and its qc.json."""
    return [known(sex, read_json(path)["metrics"]) for sex, path in zip(stated, quality, strict=True)]


def may_have_y(stated: str, metrics: Mapping[str, Any]) -> bool:
    """Whether genes of Y are those of the person: unless neither the sheet nor depth has a Y. Of a man they are also
    where depth shows none: his tumour may have lost it, or the reads are another person's."""
    known = chromosomes_of(measured_chromosomes(stated, metrics))
    return stated == "male" or not known or "Y" in known
