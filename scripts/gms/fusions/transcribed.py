"""Fusions that RNA shows: the genes, exons and reading frame of a junction between transcripts.

A splice site at an end is the border of an exon of some transcript of the gene; of those transcripts the one that
gene models rank first names the exon.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import product
from typing import NamedTuple

import edlib

from gms.annotation.changes import reverse_complement
from gms.annotation.transcripts import Model, Transcripts
from gms.fusions.expected import Limits, needed
from gms.fusions.loci import locus_of
from gms.fusions.parts import End, Part, part

SIDE = 60  # bases of the joined transcripts that are compared
ALIKE = 0.8  # share of like bases above which a gene is a copy of another
LEAST = 20  # bases below which they are not
PIECE = 3
Bases = Callable[[str, int, int], str]  # contig, start and end, 0-based half-open


class Partner(NamedTuple):
    """What an end keeps of a gene. `spliced`: it is at the border of an exon; `frame`: coding bases before the cut,
    modulo 3, None outside of the coding sequence and of exons."""

    model: Model
    part: Part
    spliced: bool
    frame: int | None


class Fused(NamedTuple):
    """A transcript of two genes; `fragments`: those that the list of expected fusions asks for, None off the list;
    `listed`: the list names both genes."""

    ends: tuple[End, End]
    five: Partner
    three: Partner
    fragments: int | None
    listed: bool

    @property
    def genes(self) -> str:
        """Of a segment of an antigen receptor the locus: IGH::DUX4."""
        return "::".join(named(one) for one in (self.five, self.three))

    @property
    def name(self) -> str:
        return "::".join(f"{one.part.gene}(exon_{one.part.exon})" for one in (self.five, self.three))

    @property
    def frame(self) -> str:
        """kept, lost, promoter (only the untranslated start of the 5' gene, all coding bases of the 3' gene) or
        unknown."""
        five, three = self.five, self.three
        if five.frame is not None and three.frame is not None:
            return "kept" if five.frame == three.frame else "lost"
        return "promoter" if three.part.whole and five.frame is None and not five.part.whole else "unknown"

    @property
    def splice_sites(self) -> int:
        return self.five.spliced + self.three.spliced

    @property
    def distance(self) -> int | None:
        """Bases of the genome that are left out between neighbours on one strand, as where transcription reads through
        from a gene into the next; None of others."""
        one, other = self.ends
        forward = self.five.model.transcript.forward
        if one.contig != other.contig or forward != self.three.model.transcript.forward:
            return None
        apart = other.cut - one.cut if forward else one.cut - other.cut
        return apart if apart >= 0 else None


def named(one: Partner) -> str:
    """The gene, or the antigen receptor locus of a segment, as the list of expected fusions has it."""
    tx = one.model.transcript
    return locus_of(tx.gene, tx.biotype) or tx.gene


def _of_one_receptor(one: Partner, other: Partner) -> bool:
    """Whether segments of one locus are joined, as in each B or T cell; segments of TRD lie within TRA."""
    loci = [locus_of(partner.model.transcript.gene, partner.model.transcript.biotype) for partner in (one, other)]
    return all(loci) and len({"TRA" if locus == "TRD" else locus for locus in loci}) == 1


def fused(first: End, second: End, transcripts: Transcripts, limits: Limits) -> Fused | None:
    """The fusion of two genes that a junction is, the likeliest one where genes overlap; None of a junction within a
    gene or an antigen receptor, outside of genes, or of two promoters or none."""
    found = []
    partners = [partners_at(end, transcripts) for end in (first, second)]
    if {one.part.gene for one in partners[0]} & {other.part.gene for other in partners[1]}:
        return None
    for one, other in product(*partners):
        if one.part.five != other.part.five and not _of_one_receptor(one, other):
            ends, five, three = ((first, second), one, other) if one.part.five else ((second, first), other, one)
            pair = named(five), named(three)
            found.append(Fused(ends, five, three, needed(*pair, limits), pair in limits))
    return min(found, key=_order, default=None)


def _order(one: Fused) -> tuple:
    coding = one.five.part.coding and one.three.part.coding
    return -one.splice_sites, one.fragments is None, not coding, one.frame != "kept", one.genes


def partners_at(end: End, transcripts: Transcripts) -> list[Partner]:
    """The transcript of each gene that an end is within: one with a splice site there before others, then by rank."""
    best: dict[str, tuple[tuple, Partner]] = {}
    for model in transcripts.near(end.contig, end.cut, end.cut + 1):
        tx = model.transcript
        kept = end.cut - 1 if end.side == "3" else end.cut
        if tx.start <= kept < tx.end:
            found = partner(model, end)
            key = not found.spliced, not model.coding, tx.rank, tx.start - tx.end, tx.id
            best[tx.gene] = min(best.get(tx.gene, (key, found)), (key, found), key=lambda one: one[0])
    return [found for _, found in sorted(best.values(), key=lambda one: one[0])]


def partner(model: Model, end: End) -> Partner:
    """What an end keeps of a transcript."""
    kept = part(model, end)
    cut = end.cut if model.transcript.forward else -end.cut
    index, inside = model.exon_at(cut - 1 if kept.five else cut)
    if not inside:
        return Partner(model, kept, False, None)
    spliced = cut == model.exons[index][1] if kept.five else cut == model.exons[index][0]
    at = model.lengths[index] + cut - model.exons[index][0]
    is_coding = model.coding and model.code_start < at < model.code_end
    frame = (at - model.code_start - model.transcript.phase) % 3 if is_coding else None
    return Partner(model, kept, spliced, frame)


def is_between_genes(first: End, second: End, transcripts: Transcripts) -> bool:
    """Whether an intron begins in one gene and ends in another."""
    genes = []
    for end, kept in ((first, first.cut - 1), (second, second.cut)):
        near = (model.transcript for model in transcripts.near(end.contig, kept, kept + 1))
        genes.append({tx.gene for tx in near if tx.start <= kept < tx.end})
    return bool(genes[0] and genes[1]) and genes[0].isdisjoint(genes[1])


def similarity(one: Fused, bases: Bases) -> float:
    """Share of like bases, 0-1, of what a gene brings to the junction and the place in the other gene's transcript that
    it fits best, of either gene the higher: reads of a gene that has a copy elsewhere look joined to it."""
    around = [transcript_around(end, who, bases) for end, who in zip(one.ends, (one.five, one.three), strict=True)]
    return max(_within(around[0][0], one.three.model, bases), _within(around[1][1], one.five.model, bases))


def _within(kept: str, model: Model, bases: Bases) -> float:
    """Share of like bases at the best place of a transcript."""
    if len(kept) < LEAST:
        return 0.0
    found = edlib.align(kept, _oriented(model, model.exons, bases), mode="HW")["editDistance"]
    return max(0.0, 1 - found / len(kept))


def complexity(one: Fused, bases: Bases) -> float:
    """Different pieces of 3 bases over the most that are possible in what is kept, at the simpler end, 0-1."""
    five, three = (transcript_around(end, who, bases) for end, who in zip(one.ends, (one.five, one.three), strict=True))
    found = []
    for kept in (five[0], three[1]):
        most = max(1, min(64, len(kept) - PIECE + 1))
        found.append(len({kept[at : at + PIECE] for at in range(len(kept) - PIECE + 1)}) / most)
    return min(found)


def transcript_around(end: End, who: Partner, bases: Bases) -> tuple[str, str]:
    """SIDE bases of the transcript before a cut and after it, fewer at its ends; of the genome outside of exons."""
    model = who.model
    cut = end.cut if model.transcript.forward else -end.cut
    index, inside = model.exon_at(cut - 1 if who.part.five else cut)
    if not inside:
        pieces = [(cut - SIDE, cut)], [(cut, cut + SIDE)]
    else:
        at = model.lengths[index] + cut - model.exons[index][0]
        pieces = tuple(list(_exonic(model, low, low + SIDE)) for low in (at - SIDE, at))
    before, after = (_oriented(model, intervals, bases) for intervals in pieces)
    return before, after


def _oriented(model: Model, intervals: Iterable[tuple[int, int]], bases: Bases) -> str:
    """Bases of oriented intervals, in the direction of the transcript."""
    tx = model.transcript
    found = [bases(tx.chrom, *model.oriented(*interval)) for interval in intervals]
    return "".join(text if tx.forward else reverse_complement(text) for text in found).upper()


def _exonic(model: Model, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Oriented intervals of mRNA bases, those that the transcript has."""
    for (first, _), low, high in zip(model.exons, model.lengths, model.lengths[1:], strict=False):
        one, other = max(start, low), min(end, high)
        if one < other:
            yield first + one - low, first + other - low


def _alike(one: str, other: str) -> float:
    length = min(len(one), len(other))
    if length < LEAST:
        return 0.0
    return max(0.0, 1 - edlib.align(one[:length], other[:length], mode="NW")["editDistance"] / length)


def copies(found: Sequence[tuple[Fused, int]], bases: Bases) -> frozenset[tuple[End, End]]:
    """Ends of fusions that share one end with a fusion that more fragments show, and at the other end join nearly the
    same bases (ALIKE): reads of that one which fit its gene's copy. `found`: with the number of fragments."""
    by_end: dict[End, list[Fused]] = {}
    unreal = set()
    for one, _ in sorted(found, key=lambda pair: (-pair[1], pair[0].ends)):
        for number, end in enumerate(one.ends):
            kept = _kept(one, 1 - number, bases)
            if any(_alike(kept, _kept(other, 1 - number, bases)) > ALIKE for other in by_end.get(end, ())):
                unreal.add(one.ends)
            by_end.setdefault(end, []).append(one)
    return frozenset(unreal)


def _kept(one: Fused, number: int, bases: Bases) -> str:
    """Bases that the end of the 5' gene (0) or the 3' gene (1) keeps, from the junction on."""
    before, after = transcript_around(one.ends[number], (one.five, one.three)[number], bases)
    return after if number else before[::-1]


def partners_of(found: Sequence[Fused]) -> dict[str, int]:
    """Gene -> number of other genes that it is joined to."""
    joined: dict[str, set[str]] = {}
    for one in found:
        for gene, other in ((one.five.part.gene, one.three.part.gene), (one.three.part.gene, one.five.part.gene)):
            joined.setdefault(gene, set()).add(other)
    return {gene: len(others) for gene, others in joined.items()}
