"""Genes as a second witness: what the windows of a gene alone show, whatever the segments are.

A segment needs several windows to begin, so that events of a small gene, or of a part of one, are lost in it. Windows
of one gene err together (their capture, GC content and replication time), so that genes differ by more than windows do.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import hypot, sqrt
from statistics import median
from typing import NamedTuple

from gms.genome.ploidy import AUTOSOME
from gms.variants.panel_copies.copies import CLEAR, spread
from gms.variants.panel_copies.windows import UNNAMED, Ratio, Segment, relative_spread

FEWEST_WINDOWS = 3
SURE = 4.0  # standard errors of the gene's median from its segment; docs/benchmarks.md
AGREES = 0.5  # of the segment's log2
OF_MEDIAN = 1.2533  # standard error of a median over that of a mean, of normal values
FEWEST_PAIRS = 20  # of neighbouring genes, to measure how much genes differ
USUAL_BETWEEN = 0.06  # log2, of panels with fewer; the normals of TR55 show 0.05 to 0.08


class Gene(NamedTuple):
    """A gene: its targeted windows from the first to the last, median of their log2, and that of its segments."""

    name: str
    contig: str
    start: int
    end: int
    windows: tuple[Ratio, ...]
    median: float
    segment: float

    def agrees(self, level: float) -> bool:
        """Whether its own windows show at least half of a segment's change; of few windows, its direction."""
        share = AGREES if len(self.windows) >= FEWEST_WINDOWS else 0.0
        return self.median * level > 0 and abs(self.median) >= share * abs(level)


def genes_of(windows: Iterable[Ratio], segments: Sequence[Segment]) -> list[Gene]:
    """Genes in the order of the genome. A name on two contigs, as of genes in both PAR, is two."""
    grouped: dict[tuple[str, str], list[Ratio]] = {}
    for window in windows:
        if window.gene not in UNNAMED:
            grouped.setdefault((window.gene, window.contig), []).append(window)
    return [_gene(name, own, segments) for (name, _), own in grouped.items()]


def _gene(name: str, windows: Sequence[Ratio], segments: Sequence[Segment]) -> Gene:
    contig, start, end = windows[0].contig, windows[0].start, windows[-1].end
    middle = median(window.log2 for window in windows)
    return Gene(name, contig, start, end, tuple(windows), middle, level(contig, start, end, segments))


def level(contig: str, start: int, end: int, segments: Iterable[Segment]) -> float:
    """Mean log2 of the segments over a place, weighted by bases; 0 where none is."""
    parts = [
        (min(end, one.end) - max(start, one.start), one.log2)
        for one in segments
        if one.contig == contig and one.start < end and start < one.end
    ]
    bases = sum(size for size, _ in parts)
    return sum(size * value for size, value in parts) / bases if bases else 0.0


def neighbours(genes: Sequence[Gene]) -> list[tuple[Gene, Gene]]:
    """Neighbouring genes of autosomes, of FEWEST_WINDOWS or more each."""
    own = [gene for gene in genes if AUTOSOME.fullmatch(gene.contig) and len(gene.windows) >= FEWEST_WINDOWS]
    return [(one, other) for one, other in pairwise(own) if one.contig == other.contig]


def between(genes: Sequence[Gene], noise: float) -> float | None:
    """Standard deviation (log2) of genes beyond what the `noise` of their windows explains; from neighbours, which
    changes of chromosomes move together. None where they are too few to measure it."""
    pairs = neighbours(genes)
    if len(pairs) < FEWEST_PAIRS:
        return None
    steps = ((one.median - other.median, (*one.windows, *other.windows)) for one, other in pairs)
    seen = spread([step / relative_spread(windows) for step, windows in steps])
    chance = median(hypot(*(OF_MEDIAN * noise / sqrt(len(gene.windows)) for gene in pair)) for pair in pairs)
    return sqrt(max(0.0, seen**2 - chance**2) / 2)


def stands_out(gene: Gene, noise: float) -> bool:
    """Whether a gene's windows alone show a change that its segment does not. `noise`: of single windows."""
    values = [window.log2 for window in gene.windows]
    if len(values) < FEWEST_WINDOWS or abs(gene.median) < CLEAR:
        return False
    own = max(noise, spread([value - gene.median for value in values]))
    error = OF_MEDIAN * own / sqrt(len(values))
    same_side = sum(value * gene.median > 0 and abs(value) > CLEAR / 2 for value in values)
    return abs(gene.median - gene.segment) >= SURE * error and same_side >= 0.8 * len(values)
