"""Which exons an assay covers wholly: the coding bases of each exon of the gene models against the measured regions.

Coordinates 0-based, half-open. The splice flanks that regions have are left out: panels are designed without them.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import NamedTuple

from gms.genome.intervals import Interval, Region, merge
from gms.qc.regions import FLANK, MASKED

HEADER = ("gene", "exon", "bases", "covered")


class ExonCover(NamedTuple):
    """Coding bases of an exon, and how many of them are measured."""

    gene: str
    exon: int
    bases: int
    covered: int


class _Measured:
    """The measured bases of one contig; `below(p)`: how many lie before p."""

    def __init__(self, intervals: Iterable[Interval]):
        joined = merge(intervals)
        self.starts, self.ends = [i.start for i in joined], [i.end for i in joined]
        self.sums = [0, *accumulate(i.end - i.start for i in joined)]

    def within(self, start: int, end: int) -> int:
        """Measured bases of an interval."""
        first, last = bisect_right(self.ends, start), bisect_left(self.starts, end)
        if first >= last:
            return 0
        whole = self.sums[last] - self.sums[first]
        return whole - max(0, start - self.starts[first]) - max(0, self.ends[last - 1] - end)


def exon_cover(exons: Iterable[Region], measured: Iterable[Region]) -> Iterator[ExonCover]:
    """Each exon of each gene. `exons`: flanked regions named GENE#n (gms.qc.regions); `measured`: segments of an assay,
    of which those that are only a difficult region (!) do not count."""
    by_contig: dict[str, list[Interval]] = defaultdict(list)
    for region in measured:
        if region.name != MASKED:
            by_contig[region.chrom].append(Interval(region.start, region.end))
    known = {chrom: _Measured(intervals) for chrom, intervals in by_contig.items()}
    parts: dict[tuple[str, int], dict[str, list[Interval]]] = defaultdict(lambda: defaultdict(list))
    for region in exons:
        gene, _, number = region.name.partition("#")
        if number.isdigit():
            inner = Interval(region.start + (FLANK if region.start else 0), region.end - FLANK)
            parts[gene, int(number)][region.chrom].append(inner)
    nothing = _Measured(())
    for (gene, number), contigs in sorted(parts.items()):
        pieces = [(known.get(chrom, nothing), piece) for chrom, found in contigs.items() for piece in merge(found)]
        bases = sum(piece.end - piece.start for _, piece in pieces)
        yield ExonCover(gene, number, bases, sum(cover.within(*piece) for cover, piece in pieces))
