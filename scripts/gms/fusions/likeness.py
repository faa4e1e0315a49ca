"""How much the bases at a junction of RNA are like those of the other gene, of other fusions, or simple repeats."""

from collections.abc import Callable, Iterable, Iterator, Sequence

import edlib

from gms.annotation.changes import reverse_complement
from gms.annotation.transcripts import Model
from gms.fusions.parts import End
from gms.fusions.transcribed import Fused, Partner

SIDE = 60  # bases of the joined transcripts that are compared
ALIKE = 0.8  # share of like bases above which a gene is a copy of another
LEAST = 20  # bases below which they are not
FAVOUR = 4  # times: reads that fit two identical genes alike are shared by chance, and one of them may be on the list
PIECE = 3
Bases = Callable[[str, int, int], str]  # contig, start and end, 0-based half-open


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
    same bases (ALIKE): reads of that one which fit its gene's copy. `found`: with the number of fragments, which counts
    FAVOUR times where the list of expected fusions names both genes (SS18::SSX2, whose reads fit SSX2B alike)."""
    by_end: dict[End, list[Fused]] = {}
    unreal = set()
    for one, _ in sorted(found, key=lambda pair: (-pair[1] * (FAVOUR if pair[0].listed else 1), pair[0].ends)):
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
