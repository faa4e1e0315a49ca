"""What the reads at a repeat show: its length where they span it, a lower bound where they end inside, or nothing but
repeat (after ExpansionHunter: Dolzhenko et al. 2017, Genome Res 27:1895; GangSTR: Mousavi et al. 2019, Nucleic
Acids Res 47:e90). Where the flanks of the repeat are in a read decides, not its alignment. Coordinates are
0-based half-open.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

import edlib
import pysam

from gms.variants.evidence.observe import MIN_MAPPING_QUALITY
from gms.variants.repeats.catalogue import Locus
from gms.variants.repeats.fragments import ANCHOR, PLACED, Pair
from gms.variants.repeats.motifs import WILDCARD, own_motif, purity, repeated, reverse_complement

MAX_EDITS = 1  # in the bases of flank by which its edge is found in a read
LONGEST = 60  # bases of a flank that is like the repeat
REACH = 700  # bases around a repeat in which mates of in-repeat reads are
SKIPPED = pysam.FSECONDARY | pysam.FQCFAIL | pysam.FDUP | pysam.FSUPPLEMENTARY
MIN_TAIL = 8  # bases that a read must show of a repeat it ends in
MIN_PURE, MIN_PURE_READ = 0.8, 0.9  # of a tail; of a read that is nothing but repeat
END = 20  # bases at both ends of a read that must be repeat, too
NEAR = 2_000  # bases from the repeat beyond which a mate is elsewhere


class Seen(NamedTuple):
    """Bases of the repeat in reads: of those that span it by their number, of those that end in it, from the left and
    from the right, and of those within it; depth and length of reads around it; fragments across it or with a mate
    within it, and the lengths of those next to it."""

    spanning: dict[int, list[str]]
    left: list[str]
    right: list[str]
    inside: list[str]
    depth: float
    read_length: int
    pairs: list[Pair]
    fragments: list[int]


Edges = tuple[int | None, int | None]  # bases of a read before the repeat and behind it; None: it shows no flank there


class Ends(NamedTuple):
    """Names of fragments -> bases by which they end beyond the repeat, on its left and on its right: `placed` by their
    alignments, and `shown` by the flank in their reads, wherever these were placed. `inside`: names of fragments of
    which a read is nothing but repeat."""

    placed: tuple[dict[str, int], dict[str, int]]
    shown: tuple[dict[str, int], dict[str, int]]
    inside: set[str]


def look_at(alignment: pysam.AlignmentFile, reference: pysam.FastaFile, locus: Locus) -> Seen:
    """Read a repeat and what is around it."""
    flanks = _flanks(reference, locus)
    seen, ends = Seen({}, [], [], [], 0.0, 0, [], []), Ends(({}, {}), ({}, {}), set())
    bases, lengths, anchors = 0, [], []
    start, end = max(0, locus.start - REACH), locus.end + REACH
    for read in alignment.fetch(locus.contig, start, end):
        if read.flag & SKIPPED or read.is_unmapped or not read.query_sequence:
            continue
        lengths.append(read.query_length)
        if read.mapping_quality >= MIN_MAPPING_QUALITY:
            bases += read.query_alignment_length
            _add_fragment(read, locus, ends.placed, seen.fragments)
        if _touches(read, locus):
            edges = _add(read.query_sequence, flanks, locus, seen)
            _add_end(read.query_name, read.is_reverse, edges, ends)
        if points_at(read, locus):
            anchors.append(read)
    for read in anchors:
        if found := mate_bases(alignment, read):
            _add_end(read.query_name, not read.is_reverse, _add(found, flanks, locus, seen), ends)
    width = end - start - (locus.end - locus.start)
    read_length = _middle(lengths)
    pairs = list(_pairs(ends, PLACED * read_length))
    return seen._replace(depth=bases / width, read_length=read_length, pairs=pairs)


def _flanks(reference: pysam.FastaFile, locus: Locus) -> tuple[str, str]:
    before = reference.fetch(locus.contig, max(0, locus.start - LONGEST), locus.start).upper()
    behind = reference.fetch(locus.contig, locus.end, locus.end + LONGEST).upper()
    inside = reference.fetch(locus.contig, locus.start, locus.end).upper()
    repeats = [inside, *(repeated(motif, LONGEST) for motif in locus.motifs)]
    return own_flank(before[::-1], [bases[::-1] for bases in repeats])[::-1], own_flank(behind, repeats)


def own_flank(behind: str, repeats: Sequence[str]) -> str:
    """The first ANCHOR bases behind a repeat, or more until they are nowhere in it with MAX_EDITS: next to the CAGG of
    CNBP are CAGA, one of which is within it, and the unit before the counted ones of PRNP ends as they do."""
    for size in range(ANCHOR, len(behind)):
        found = (edlib.align(behind[:size], one, mode="HW", additionalEqualities=WILDCARD) for one in repeats)
        if min(one["editDistance"] for one in found) > MAX_EDITS:
            return behind[:size]
    return behind


def _add_fragment(
    read: pysam.AlignedSegment, locus: Locus, sides: tuple[dict[str, int], dict[str, int]], lengths: list[int]
) -> None:
    """Put the end of a fragment on a side of the repeat to that side, and the length of one that leads away from it
    to `lengths`."""
    if not read.is_reverse and read.reference_start < locus.start:
        sides[0][read.query_name] = locus.start - (read.reference_start - read.query_alignment_start)
    elif read.is_reverse and read.reference_end > locus.end:
        clipped = read.query_length - read.query_alignment_end
        sides[1][read.query_name] = read.reference_end + clipped - locus.end
    elif read.is_proper_pair and (read.reference_end <= locus.start or read.reference_start >= locus.end):
        lengths.append(abs(read.template_length))


def _add_end(name: str, is_reverse: bool, edges: Edges | None, ends: Ends) -> None:
    """Put the end of a fragment that a read shows into `ends`: its last base if it is `is_reverse`, else its first."""
    if edges is None:
        ends.inside.add(name)
    elif (beyond := edges[is_reverse]) is not None:
        ends.shown[is_reverse][name] = beyond


def _pairs(ends: Ends, least: float) -> Iterator[Pair]:
    """The fragments that tell the length of the repeat, as seen from each side where they begin `least` bases or more
    from it."""
    for side, other in ((0, 1), (1, 0)):
        for name, near in ends.placed[side].items():
            far, shown = ends.placed[other].get(name, 0), ends.shown[other].get(name, 0)
            if near < least:
                continue
            if name in ends.inside:
                yield Pair(near, None)
            elif far >= least:
                yield Pair(near, far, is_twice=True)
            elif shown >= ANCHOR:
                yield Pair(near, shown)


def _middle(values: list[int]) -> int:
    return sorted(values)[len(values) // 2] if values else 0


def _touches(read: pysam.AlignedSegment, locus: Locus) -> bool:
    """Whether a read is aligned at the repeat, or clipped so near that its clipped bases may be in it."""
    first, last = read.query_alignment_start, read.query_length - read.query_alignment_end
    return read.reference_start - first < locus.end and read.reference_end + last > locus.start


def _add(sequence: str, flanks: tuple[str, str], locus: Locus, seen: Seen) -> Edges | None:
    """Put what a read shows into `seen`; its bases before and behind the repeat, None where it is nothing but that."""
    before = _places(sequence, flanks[0], room(flanks[0][::-1], locus.motif[::-1]), 0)
    behind = _places(sequence, flanks[1], 0, room(flanks[1], locus.motif))
    left = before[-1][1] + 1 if before else None
    right = next((first for first, _ in behind if left is None or first >= left), None)
    if left is not None and right is not None:
        repeat = sequence[left:right]
        if len(repeat) < MIN_TAIL or purity_of(repeat, locus) >= MIN_PURE:
            seen.spanning.setdefault(len(repeat), []).append(repeat)
    elif left is not None or right is not None:
        tail = without_flank(sequence[left:], flanks[1]) if right is None else sequence[:right]
        if left is None:
            tail = without_flank(tail[::-1], flanks[0][::-1])[::-1]
        if len(tail) >= MIN_TAIL and purity_of(tail, locus) >= MIN_PURE:
            (seen.left if right is None else seen.right).append(tail)
    elif is_inside(sequence, locus):
        seen.inside.append(sequence)
        return None
    return left, None if right is None else len(sequence) - right


def without_flank(tail: str, flank: str) -> str:
    """A read's end without the first bases of the flank behind the repeat, which are too few to be an anchor. One
    difference in eight bases is an error."""
    for size in range(min(len(flank), len(tail)) - 1, 0, -1):
        if sum(map(str.__ne__, tail[-size:], flank)) <= size // 8:
            return tail[:-size]
    return tail


@cache
def room(behind: str, motif: str) -> int:
    """Bases that a read must have outside of a flank that is found with a difference: a copy of the motif where the
    last copy and the beginning of the flank behind it are as like, else none."""
    nearer = edlib.align(behind, motif + behind[: -len(motif)], additionalEqualities=WILDCARD)["editDistance"]
    return len(motif) if nearer <= MAX_EDITS else 0


def _places(sequence: str, flank: str, before: int, behind: int) -> list[tuple[int, int]]:
    """First and last index of the best places of a flank in a read, in their order. One with a difference must leave
    `before` or `behind` bases outside of it: where the read ends sooner, it may be a copy of the repeat too near."""
    found = edlib.align(flank, sequence, mode="HW", task="locations", k=MAX_EDITS)
    first, last = (before, len(sequence) - behind) if found["editDistance"] else (0, len(sequence))
    places = found["locations"] if found["editDistance"] >= 0 else []
    return sorted((one for one in places if first <= one[0] and one[1] < last), key=lambda place: place[1])


def purity_of(bases: str, locus: Locus) -> float:
    """Purity by the motif that fits best; where the motif decides, also by one that the catalogue lacks: reads of an
    allele of another motif must not be left out."""
    own = own_motif(bases, locus.unit) if locus.is_by_motif else None
    return max(purity(bases, motif) for motif in (*locus.motifs, *([own] if own else ())))


def is_inside(bases: str, locus: Locus) -> bool:
    """Whether a read is nothing but repeat: all of it, and either end."""
    ends = bases[:END], bases[-END:]
    return purity_of(bases, locus) >= MIN_PURE_READ and all(purity_of(end, locus) >= MIN_PURE for end in ends)


def points_at(read: pysam.AlignedSegment, locus: Locus) -> bool:
    """Whether a well-placed read at the edge of the repeat has a mate that may be in it but was placed elsewhere."""
    if read.mapping_quality < MIN_MAPPING_QUALITY or not read.is_paired:
        return False
    towards = read.reference_start < locus.start if not read.is_reverse else read.reference_end > locus.end
    elsewhere = read.mate_is_unmapped or read.next_reference_id != read.reference_id
    return towards and (elsewhere or abs(read.next_reference_start - locus.start) > NEAR)


def mate_bases(alignment: pysam.AlignmentFile, read: pysam.AlignedSegment) -> str | None:
    """Bases of a read's mate on the plus strand of the read's place; None where it is not found."""
    place = read.next_reference_start
    for mate in alignment.fetch(read.next_reference_name, place, place + 1) if place >= 0 else ():
        if mate.query_name == read.query_name and mate.is_read1 != read.is_read1 and not mate.flag & SKIPPED:
            turned = mate.is_reverse == read.is_reverse  # mates of one fragment are on opposite strands
            return reverse_complement(mate.query_sequence) if turned else mate.query_sequence
    return None
