"""Genes that come beside other control: rearrangements of antigen receptor loci (IGH::MYC), and ends between genes.

A locus is known by its gene segments (biotypes of Ensembl and GENCODE, IG_V_gene, and of RefSeq, V_segment), so that no
coordinates are written down. MYC and CCND1 are joined some hundred thousand bases away from them as well: REACH is our
own limit. The list of expected fusions states where published junctions lie farther away, and enhancers that are taken.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import permutations
from math import inf
from typing import NamedTuple

from gms.annotation.transcripts import Transcripts
from gms.fusions.expected import ANY, Distances, Limits, read_distances
from gms.fusions.parts import End, Part, parts_at

LOCI = frozenset({"IGH", "IGK", "IGL", "TRA", "TRB", "TRD", "TRG"})
REACH, EDGE = 500_000, 100_000  # bases from a gene to its junction; from the segments of a locus to its end
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
    """A listed gene that is joined to a locus, or to the promoter or enhancer of a gene, but not fused."""

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
        self._order, self._distances = {pair: number for number, pair in enumerate(limits)}, read_distances()
        self._listed = {gene for pair in limits for gene in pair if gene != ANY and ANY not in pair}
        genes: dict[tuple[str, str], tuple[int, int]] = {}
        self._segments: dict[str, list[Span]] = {}
        for contig, start, end, gene, biotype, coding in transcripts.places():
            if locus := locus_of(gene, biotype):
                self._segments.setdefault(contig, []).append(Span(start, end, locus))
            elif coding or gene in self._listed:
                before = genes.get((contig, gene), (start, end))
                genes[contig, gene] = min(start, before[0]), max(end, before[1])
        self._genes: dict[str, list[Span]] = {}
        for (contig, gene), place in genes.items():
            self._genes.setdefault(contig, []).append(Span(*place, gene))
        for spans in self._genes.values():
            spans.sort()

    def beside(self, ends: Iterable[tuple[End, End]]) -> list[Beside]:
        """Listed genes beside a locus, a promoter or an enhancer, in the order of the list (t(4;14) is IGH::NSD2 first,
        whether FGFR3 is nearer or not), each pair once."""
        found: dict[tuple[str, str], Beside] = {}
        every = [one for pair in ends for first, second in permutations(pair) for one in self._joined(first, second)]
        for one in sorted(every, key=lambda one: (self._order[one.five, one.three.gene], abs(one.distance))):
            found.setdefault((one.five, one.three.gene), one)
        return list(found.values())

    def _joined(self, first: End, second: End) -> Iterator[Beside]:
        """A locus or enhancer may lie on either side of the gene; a promoter is before a gene that is kept."""
        parts = parts_at(first, self._transcripts)
        loci = self._loci(first, bool([part for part in parts if part.coding and part.gene[:3] not in LOCI]))
        promoters = {part.gene for part in parts if part.five}
        away = self._enhancers(first)
        for five in sorted(loci | promoters | away.keys()):
            for span in self._genes.get(second.contig, ()):
                distance, pair = span.distance(second.cut), (five, span.gene)
                enhancer, reach = self._distances.get(pair, Distances())
                if five == span.gene or pair not in self._limits or abs(distance) > (reach or REACH):
                    continue
                is_taken = five in loci or enhancer is not None and away.get(five, inf) <= enhancer
                if is_taken or five in promoters and distance and (distance > 0) == (second.side == "5"):
                    yield Beside(five, span, distance, self._limits[pair])

    def _loci(self, end: End, in_other_gene: bool) -> set[str]:
        """Loci that an end lies in: between segments, or next to one and in no other gene."""
        distances: dict[str, list[int]] = {}
        for one in self._segments.get(end.contig, ()):
            distances.setdefault(one.gene, []).append(one.distance(end.cut))
        inside = {locus for locus, found in distances.items() if min(found) <= 0 <= max(found)}
        near = {locus for locus, found in distances.items() if min(map(abs, found)) <= EDGE}
        return inside if in_other_gene else inside | near

    def _enhancers(self, end: End) -> dict[str, int]:
        """Genes of a contig whose enhancers are taken, with the bases from an end to each."""
        given = {five for (five, _), stated in self._distances.items() if stated.enhancer is not None}
        return {one.gene: abs(one.distance(end.cut)) for one in self._genes.get(end.contig, ()) if one.gene in given}

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
