"""How well the mitochondrial genome of a sample could be looked at: depth, NUMT limit, limit of detection."""

import math
from typing import Any, NamedTuple

import numpy as np

from gms.variants.evidence.likelihoods import MAX_BASE_QUALITY
from gms.variants.mitochondrial.alleles import MIN_LOD

POWER = 0.95  # chance to find an allele at the limit of detection
BINS = 180  # of the depth along the circle, for the drawing
LOW_DEPTH = 500  # fragments; below, 3 % are fewer than fifteen


class Sample(NamedTuple):
    """A sample of a case: its name and role, and the median depth of its autosomes, None where it was not measured."""

    name: str
    role: str
    nuclear_depth: float | None


def sample_facts(sample: Sample, depth: np.ndarray, mean_reads: float) -> dict[str, Any]:
    """Facts of one sample; `depth`: fragments at each position of the contig; `mean_reads`: as of Pileup, for the ratio
    to the nuclear depth."""
    mean = float(depth.mean())
    numt = numt_fraction(sample, mean_reads)
    return {
        "sample": sample.name,
        "role": sample.role,
        "depth": {"mean": round(mean, 1), "median": round(float(np.median(depth)), 1), "min": int(depth.min())},
        "bases_below": {"depth": LOW_DEPTH, "bases": int((depth < LOW_DEPTH).sum())},
        "nuclear_depth": sample.nuclear_depth,
        "copies": round(2 * mean_reads / sample.nuclear_depth) if sample.nuclear_depth else None,
        "numt_fraction": numt,
        "limit_of_detection": limit_of_detection(int(np.median(depth))),
        "profile": [round(float(part.mean()), 1) for part in np.array_split(depth, min(BINS, len(depth)))],
    }


def numt_fraction(sample: Sample, mean_reads: float) -> float | None:
    """Fraction of reads that a place of the mitochondrial genome takes from one nuclear copy (NUMT) on one of the two
    chromosomes; None where the depth of either genome is not known."""
    if not sample.nuclear_depth or not mean_reads:
        return None
    return round(sample.nuclear_depth / 2 / mean_reads, 4)


def limit_of_detection(depth: int) -> float | None:
    """The smallest fraction that is found with the chance POWER, from reads of this depth; None if none is."""
    needed = next((reads for reads in range(1, depth + 1) if _lod(reads, depth) >= MIN_LOD), None)
    if needed is None:
        return None
    mean = float(needed)
    while _fewer(needed, mean) > 1 - POWER:
        mean += 0.25
    return min(1.0, round(mean / depth, 4))


def _lod(reads: int, depth: int) -> float:
    """tumor_lod of this many reads of the highest base quality."""
    fraction, error = reads / depth, 10 ** (-MAX_BASE_QUALITY / 10) / 3
    others = (depth - reads) * math.log10(1 - fraction) if reads < depth else 0.0
    return reads * math.log10(fraction / error + 1 - fraction) + others


def _fewer(reads: int, mean: float) -> float:
    """Poisson probability of fewer reads than this."""
    return math.fsum(math.exp(n * math.log(mean) - mean - math.lgamma(n + 1)) for n in range(reads))
