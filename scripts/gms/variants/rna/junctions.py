"""Junctions of a transcript that the genome does not have next to each other, and the fragments that show them.

An end is a cut, 0-based, between base cut-1 and base cut of a contig, and the side that is kept: '3' keeps what ends at
the cut, '5' what begins there. A junction is two ends in sorted order. An intron is the junction of its two ends.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

NEAR = 5  # most bases by which reads of one junction differ at either end (bases that fit on both sides)
REACH = 200_000  # bases of the genome from a junction to the mates of a fragment around it: longer introns are rare
_CIGAR = re.compile(r"(\d+)([MIDNSHP=X])")
_ON_GENOME, _ALIGNED = "MDN=X", "M=X"


class End(NamedTuple):
    contig: str
    cut: int
    side: str


Junction = tuple[End, End]
Pairs = dict[tuple[str, str, int], list[tuple[str, End, End]]]
Cigar = Sequence[tuple[int, str]]


class Split(NamedTuple):
    """A fragment with a read across a junction: aligned bases on the side with fewer, whether it fits nowhere else."""

    overhang: int
    unique: bool


class Segment(NamedTuple):
    """One alignment of a part of a read; `start` on the genome, 0-based."""

    contig: str
    start: int
    forward: bool
    cigar: Cigar

    @property
    def end(self) -> int:
        return self.start + sum(length for length, kind in self.cigar if kind in _ON_GENOME)

    @property
    def aligned(self) -> int:
        return sum(length for length, kind in self.cigar if kind in _ALIGNED)

    @property
    def offset(self) -> int:
        """Bases of the read, as it was sequenced, before the part."""
        length, kind = self.cigar[0 if self.forward else -1]
        return length if kind in "SH" else 0


def junction_of(one: End, other: End) -> Junction:
    return (one, other) if one <= other else (other, one)


def intron(contig: str, start: int, end: int) -> Junction:
    """The junction of bases that splicing leaves out, 0-based half-open."""
    return End(contig, start, "3"), End(contig, end, "5")


def parsed(cigar: str) -> list[tuple[int, str]]:
    """'27S123M' as [(27, 'S'), (123, 'M')]."""
    return [(int(length), kind) for length, kind in _CIGAR.findall(cigar)]


def other_segments(tag: str) -> Iterator[Segment]:
    """The segments of an SA tag (SAM optional fields, 1.1)."""
    for text in filter(None, tag.split(";")):
        contig, pos, strand, cigar, *_ = text.split(",")
        yield Segment(contig, int(pos) - 1, strand == "+", parsed(cigar))


def joined(one: Segment, other: Segment) -> tuple[Junction, int]:
    """The junction between two parts of a read, and the aligned bases of the shorter part."""
    first, second = sorted((one, other), key=lambda part: part.offset)
    left = End(first.contig, first.end, "3") if first.forward else End(first.contig, first.start, "5")
    right = End(second.contig, second.start, "5") if second.forward else End(second.contig, second.end, "3")
    return junction_of(left, right), min(first.aligned, second.aligned)


def introns(segment: Segment) -> Iterator[tuple[Junction, int]]:
    """Introns of an alignment, each with the aligned bases on the side of it with fewer."""
    at, before, whole = segment.start, 0, segment.aligned
    for length, kind in segment.cigar:
        if kind == "N":
            yield intron(segment.contig, at, at + length), min(before, whole - before)
        before += length if kind in _ALIGNED else 0
        at += length if kind in _ON_GENOME else 0


def merged(splits: Mapping[Junction, Mapping[str, Split]], exact: frozenset[Junction]) -> dict[Junction, dict]:
    """Junctions with those of the same sides within NEAR bases put to the one that most fragments show; those of
    `exact`, introns of the gene models, stay as they are."""
    kept: dict[Junction, dict[str, Split]] = {}
    near: dict[tuple, list[Junction]] = {}
    for junction in sorted(splits, key=lambda one: (-len(splits[one]), one)):
        places = [] if junction in exact else _places(junction)
        same = next((one for place in places for one in near.get(place, ()) if _is_near(one, junction)), None)
        if same is None:
            kept[junction] = dict(splits[junction])
            if junction not in exact:
                near.setdefault(places[4], []).append(junction)
        else:
            for name, split in splits[junction].items():
                kept[same].setdefault(name, split)
    return kept


def _places(junction: Junction) -> list[tuple]:
    """Cells of the plane of both cuts around a junction, its own in the middle (index 4)."""
    one, other = junction
    sides = one.contig, one.side, other.contig, other.side
    cell = one.cut // (NEAR + 1), other.cut // (NEAR + 1)
    return [(*sides, cell[0] + x, cell[1] + y) for x in (-1, 0, 1) for y in (-1, 0, 1)]


def _is_near(one: Junction, other: Junction) -> bool:
    return all(abs(a.cut - b.cut) <= NEAR for a, b in zip(one, other, strict=True))


def spanning(junction: Junction, pairs: Pairs, shown: Mapping[str, Split]) -> set[str]:
    """Names of the fragments whose mates lie on both sides of a junction without a read across it (`shown`)."""
    one, other = junction
    near = (pair for cell in (-1, 0, 1) for pair in pairs.get((one.contig, one.side, one.cut // REACH + cell), ()))
    return {name for name, mate, its in near if name not in shown and _leads_to(mate, one) and _leads_to(its, other)}


def _leads_to(mate: End, end: End) -> bool:
    """Whether a mate, its inner end given, lies on the kept side of a cut and points at it."""
    if mate.contig != end.contig or mate.side != end.side:
        return False
    before = end.cut - mate.cut if end.side == "3" else mate.cut - end.cut
    return -NEAR <= before < REACH


def by_place(pairs: Iterable[tuple[str, End, End]]) -> Pairs:
    """Pairs by the contig, side and place (in REACH bases) of either mate."""
    found: Pairs = {}
    for name, one, other in pairs:
        for first, second in ((one, other), (other, one)):
            found.setdefault((first.contig, first.side, first.cut // REACH), []).append((name, first, second))
    return found
