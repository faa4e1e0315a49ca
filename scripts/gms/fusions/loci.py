"""Genes that come beside other control: rearrangements of antigen receptor loci (IGH::MYC), and ends between genes.

A locus is known by its gene segments (biotypes of Ensembl and GENCODE, IG_V_gene, and of RefSeq, V_segment), so that no
coordinates are written down. MYC and CCND1 are joined some hundred thousand bases away from them as well: REACH is our
own limit.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import permutations
from typing import NamedTuple

from gms.annotation.transcripts import Transcripts
from gms.fusions.expected import ANY, Limits
from gms.fusions.parts import End, Part, parts_at

LOCI = frozenset({"IGH", "IGK", "IGL", "TRA", "TRB", "TRD", "TRG"})
REACH, EDGE = 500_000, 100_000  # bases from a gene to its junction; from the segments of a locus to its end
# Bases up to which junctions lie beside a gene whose enhancer they take: that of GATA2 lies 110 kb before it,
# near RPN1 (inv(3) and t(3;3); Groeschel 2014, doi:10.1016/j.cell.2014.02.019).
ENHANCERS = {"GATA2": 250_000}
_SEGMENT = re.compile(r"(?:IG|TR)_[VDJC]_gene|[VDJC]_(?:gene_)?segment|C_region")
_ORPHAN = re.compile(r"OR\d")  # segments on other chromosomes, such as IGHV1OR15-1


def locus_of(gene: str, biotype: str) -> str:
    """The antigen receptor locus that a gene is a segment of: IGH of IGHJ4; '' of others."""
    return gene[:3] if _SEGMENT.fullmatch(biotype) and gene[:3] in LOCI and not _ORPHAN.search(gene) else ""


class Span(NamedTuple):
    """A gene on a contig, 0-based half-open."""

    start: int
    end: int
    gene: str

    def distance(self, cut: int) -> int:
        """Bases to it: below 0 where it lies before the cut, 0 where it holds it."""
        return min(0, self.end - cut) or max(0, self.start - cut)


class Beside(NamedTuple):
    """A listed gene that is joined to a locus, or to the promoter of a gene, but not fused."""

    five: str
    three: Span
    distance: int
    fragments: int

    @property
    def place(self) -> str:
        """beside:-12345: bases to the gene, below 0 where it lies before the cut."""
        return f"beside:{self.distance}"


class Neighbours:
    """Where genes and loci are; read once of the gene models. Spans of a contig are sorted."""

    def __init__(self, transcripts: Transcripts, limits: Limits):
        self._limits, self._transcripts = limits, transcripts
        self._listed = {gene for pair in limits for gene in pair if gene != ANY and ANY not in pair}
        genes: dict[tuple[str, str], tuple[int, int]] = {}
        self._segments: dict[str, list[Span]] = {}
        for contig, start, end, gene, biotype, coding in transcripts.places():
            if locus := locus_of(gene, biotype):
                self._segments.setdefault(contig, []).append(Span(start, end, locus))
            elif coding or gene in self._listed or gene in ENHANCERS:
                before = genes.get((contig, gene), (start, end))
                genes[contig, gene] = min(start, before[0]), max(end, before[1])
        self._genes: dict[str, list[Span]] = {}
        for (contig, gene), place in genes.items():
            self._genes.setdefault(contig, []).append(Span(*place, gene))
        for spans in self._genes.values():
            spans.sort()

    def beside(self, ends: Iterable[tuple[End, End]]) -> list[Beside]:
        """Listed genes beside a locus or a promoter, the nearest first, each pair once."""
        found: dict[tuple[str, str], Beside] = {}
        every = [one for pair in ends for first, second in permutations(pair) for one in self._joined(first, second)]
        for one in sorted(every, key=lambda one: abs(one.distance)):
            found.setdefault((one.five, one.three.gene), one)
        return list(found.values())

    def _joined(self, first: End, second: End) -> Iterator[Beside]:
        """A locus or enhancer may lie on either side of the gene; a promoter is before a gene that is kept."""
        parts = parts_at(first, self._transcripts)
        loci = self._loci(first, bool([part for part in parts if part.coding and part.gene[:3] not in LOCI]))
        loci |= self._enhancers(first)
        promoters = {part.gene for part in parts if part.five}
        for five in sorted(loci | promoters):
            for span in self._genes.get(second.contig, ()):
                distance, limit = span.distance(second.cut), self._limits.get((five, span.gene))
                is_near = limit is not None and abs(distance) <= REACH and five != span.gene
                if is_near and (five in loci or distance and (distance > 0) == (second.side == "5")):
                    yield Beside(five, span, distance, limit)

    def _loci(self, end: End, in_other_gene: bool) -> set[str]:
        """Loci that an end lies in: between segments, or next to one and in no other gene."""
        distances: dict[str, list[int]] = {}
        for one in self._segments.get(end.contig, ()):
            distances.setdefault(one.gene, []).append(one.distance(end.cut))
        inside = {locus for locus, found in distances.items() if min(found) <= 0 <= max(found)}
        near = {locus for locus, found in distances.items() if min(map(abs, found)) <= EDGE}
        return inside if in_other_gene else inside | near

    def _enhancers(self, end: End) -> set[str]:
        """Genes beside whose enhancer an end may lie, in another gene or in none."""
        near = (one for one in self._genes.get(end.contig, ()) if one.gene in ENHANCERS)
        return {one.gene for one in near if abs(one.distance(end.cut)) <= ENHANCERS[one.gene]}

    def nearest(self, end: End) -> list[tuple[str, int]]:
        """The coding genes before and after an end, with the bases to them (Span.distance); none within a gene."""
        spans = self._genes.get(end.contig, [])
        at = bisect_left(spans, (end.cut,))
        before = max(spans[:at], key=lambda one: one.end, default=None)
        if before and before.end > end.cut:
            return []
        return [(one.gene, one.distance(end.cut)) for one in (before, *spans[at : at + 1]) if one]


def between_genes(ends: Sequence[tuple[End, End]], parts: Sequence[Sequence[Part]], known: Neighbours) -> list[str]:
    """Where the first junction cuts a gene at one end alone, the genes next to the other, as Arriba names them:
    PVT1(-12345), MYC(40000)."""
    if len([one for one in parts if one]) != 1:
        return []
    other = ends[0][0 if parts[1] else 1]
    return [f"{gene}({distance})" for gene, distance in known.nearest(other)]
