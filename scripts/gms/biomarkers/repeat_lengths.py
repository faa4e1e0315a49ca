"""Homopolymers of the reference, and how far the reads of a sample fall short of them.

A site is a run of one base. The measure is MSIsensor-pro's (Jia et al. 2020, doi:10.1016/j.gpb.2020.02.001): the share
of its units that reads have lost, which stutter and unstable microsatellites raise. Coordinates are 0-based half-open.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pysam

from gms.genome.intervals import Interval, merge
from gms.variants.evidence.observe import SKIPPED
from gms.variants.evidence.reads import query_position

SHORTEST, LONGEST = 10, 30  # units; from 10 as in MSIsensor-pro, and short enough for reads of 100 bases
FLANK = 5  # aligned bases on either side that show where the run ends, as in MSIsensor-pro
MIN_MAPPING_QUALITY = 20
_RUNS = re.compile("|".join(f"{base}{{{SHORTEST},}}" for base in "ACGT"))


class Site(NamedTuple):
    """A homopolymer: `end - start` units of `base`."""

    contig: str
    start: int
    end: int
    base: str


class Slippage(NamedTuple):
    """Of the reads of a site: their number, the mean share of units they lost (0-1), and the variance between reads."""

    reads: int
    mean: float
    variance: float


def find_sites(fasta: Path, targets: Mapping[str, Iterable[Interval]]) -> Iterator[Site]:
    """Homopolymers of 10-30 units that lie inside targets, in the order of contigs in `targets`."""
    with pysam.FastaFile(str(fasta)) as reference:
        for contig, intervals in targets.items():
            for start, end in merge(intervals):
                first = max(0, start - 1)
                sequence = reference.fetch(contig, first, end + 1).upper()
                for run in _RUNS.finditer(sequence):
                    site = Site(contig, first + run.start(), first + run.end(), run[0][0])
                    # A run that touches the end of what was read may go on outside.
                    whole = run.start() > 0 and run.end() < len(sequence)
                    if whole and site.start >= start and site.end <= end and len(run[0]) <= LONGEST:
                        yield site


def slippages(cram: Path, fasta: Path, sites: Iterable[Site]) -> list[Slippage]:
    """What the reads of a sample show of each site, in the order of `sites`."""
    with pysam.AlignmentFile(str(cram), reference_filename=str(fasta)) as alignment:
        known = set(alignment.references)
        return [slippage(_lengths(alignment, site) if site.contig in known else [], site) for site in sites]


def slippage(lengths: Iterable[int], site: Site) -> Slippage:
    """Units lost by reads that show these lengths. Longer reads lost none."""
    units = site.end - site.start
    lost = [max(0, units - length) / units for length in lengths]
    if not lost:
        return Slippage(0, 0.0, 0.0)
    mean = sum(lost) / len(lost)
    return Slippage(len(lost), mean, sum((one - mean) ** 2 for one in lost) / len(lost))


def _lengths(alignment: pysam.AlignmentFile, site: Site) -> list[int]:
    """Length of the run in each fragment that spans it; of two mates that do, the first counts."""
    found: dict[str, int] = {}
    for read in alignment.fetch(site.contig, site.start, site.end):
        if read.flag & SKIPPED or read.mapping_quality < MIN_MAPPING_QUALITY or read.query_name in found:
            continue
        if read.reference_start > site.start - FLANK or read.reference_end < site.end + FLANK:
            continue
        before, after = query_position(read, site.start - 1), query_position(read, site.end)
        if before is not None and after is not None:
            found[read.query_name] = after - before - 1
    return list(found.values())
