"""Ends of reads that the aligner clipped, put together where several reads are clipped at the same base.

An aligner clips the rest of a read where an insertion costs more than the bases behind it would gain, so that longer
insertions and duplications are in no CIGAR. Coordinates are 0-based half-open.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import zip_longest
from typing import NamedTuple

import pysam

from gms.genome.intervals import Interval
from gms.variants.evidence.observe import is_evidence
from gms.variants.evidence.reads import DELETION, INSERTION, MIN_BASE_QUALITY, SKIP, SOFT_CLIP

MIN_CLIP = 8  # bases; shorter ends match each other by chance, and small changes near read ends clip them
MIN_READS = 2  # that agree on a base
MAJORITY = 3  # reads of which two outvote an error
MAX_MISMATCHES = 0.1  # of the bases of a clipped end, against the longest one that it is put together with
MAX_ENDS = 4  # different sequences at one base; more are noise of a region that cannot be read


class Clip(NamedTuple):
    """One read's clipped bases, read outwards from the last aligned base, and its aligned ones, read inwards, with the
    reference position of each (None: inserted). What lies on the left of a place is reversed, not complemented.
    `inner`: it is clipped on both sides."""

    text: str
    aligned: str
    positions: tuple[int | None, ...]
    fragment: str
    inner: bool


class ClippedEnd(NamedTuple):
    """What reads clipped at 0-based `pos`, the boundary of their aligned bases, show together; sequences as in Clip.
    `right`: clipped on the right. `fragments`: their names, `inner` those of reads that are clipped on both sides.
    `sure`: bases of the text that MAJORITY reads reach."""

    pos: int
    right: bool
    text: str
    aligned: str
    positions: tuple[int | None, ...]
    fragments: frozenset[str]
    sure: int = 0
    inner: frozenset[str] = frozenset()


class ClippedReads:
    """Reads that are clipped inside the intervals (sorted, apart), by the boundary of their aligned bases and side.

    With `shortest`, also the insertions of at least so many bases that alignments show: (pos of the base before, bases)
    -> names of fragments. `is_used`: which reads tell."""

    def __init__(
        self,
        intervals: Iterable[Interval],
        shortest: int | None = None,
        is_used: Callable[[pysam.AlignedSegment], bool] = is_evidence,
    ):
        self.intervals = list(intervals)
        self.shortest, self.is_used = shortest, is_used
        self.found: dict[tuple[int, bool], list[pysam.AlignedSegment]] = defaultdict(list)
        self.inserted: dict[tuple[int, str], set[str]] = defaultdict(set)

    def add(self, read: pysam.AlignedSegment) -> None:
        cigar = read.cigartuples
        if not cigar or len(cigar) == 1 or not self.is_used(read):
            return
        for right, (operation, length) in ((False, cigar[0]), (True, cigar[-1])):
            if operation == SOFT_CLIP and length >= MIN_CLIP:
                pos = read.reference_end if right else read.reference_start
                if self.inside(pos):
                    self.found[pos, right].append(read)
        if self.shortest and any(kind == INSERTION and length >= self.shortest for kind, length in cigar):
            self.add_inserted(read, self.shortest)

    def add_inserted(self, read: pysam.AlignedSegment, shortest: int) -> None:
        """Insertions of one read. Wrong bases need no care: reads share none often enough to spell an allele."""
        reference, query = read.reference_start, 0
        for operation, length in read.cigartuples:
            if operation == INSERTION and length >= shortest and self.inside(reference):
                bases = read.query_sequence[query : query + length]
                self.inserted[reference - 1, bases].add(read.query_name)
            query += length if operation not in (DELETION, SKIP) else 0
            reference += length if operation not in (INSERTION, SOFT_CLIP) else 0

    def inside(self, pos: int) -> bool:
        """Whether a boundary lies between two bases of an interval."""
        index = bisect_left(self.intervals, (pos, 0)) - 1
        return index >= 0 and pos < self.intervals[index].end

    def ends(self) -> list[ClippedEnd]:
        """Ends that at least MIN_READS reads agree on, in order."""
        places = sorted(place for place, reads in self.found.items() if len(reads) >= MIN_READS)
        return [end for place in places for end in agreed(*place, self.found[place])]


def clip(read: pysam.AlignedSegment, right: bool) -> Clip:
    """The clip of one side, without the poor bases at its end."""
    first, last = read.query_alignment_start, read.query_alignment_end
    sequence, qualities, cigar = read.query_sequence, read.query_qualities, read.cigartuples
    if not right:
        sequence, qualities, cigar = sequence[::-1], qualities[::-1], cigar[::-1]
        first, last = len(sequence) - last, len(sequence) - first
    end = len(sequence)
    while end > last and qualities[end - 1] < MIN_BASE_QUALITY:
        end -= 1
    positions = aligned_positions(cigar[::-1], *((read.reference_end - 1, -1) if right else (read.reference_start, 1)))
    inner = all(kind == SOFT_CLIP and length >= MIN_CLIP for kind, length in (cigar[0], cigar[-1]))
    return Clip(sequence[last:end], sequence[first:last][::-1], positions, read.query_name, inner)


def aligned_positions(cigar: Iterable[tuple[int, int]], pos: int, step: int) -> tuple[int | None, ...]:
    """Reference position of each aligned or inserted base along a CIGAR from `pos`, in steps of 1 or -1."""
    positions: list[int | None] = []
    for operation, length in cigar:
        if operation == INSERTION:
            positions += [None] * length
        elif operation in (DELETION, SKIP):
            pos += step * length
        elif operation != SOFT_CLIP:
            positions += range(pos, pos + step * length, step)
            pos += step * length
    return tuple(positions)


def agreed(pos: int, right: bool, reads: Iterable[pysam.AlignedSegment]) -> list[ClippedEnd]:
    """Ends at one base, in groups that agree with their longest, the largest groups first."""
    groups: list[list[Clip]] = []
    clips = [found for read in reads if len((found := clip(read, right)).text) >= MIN_CLIP]
    for found in sorted(clips, key=lambda found: (-len(found.text), found.text, found.fragment)):
        group = next((group for group in groups if alike(found.text, group[0].text)), None)
        if group:
            group.append(found)
        elif len(groups) < 2 * MAX_ENDS:
            groups.append([found])
    groups = sorted((group for group in groups if len(group) >= MIN_READS), key=len, reverse=True)[:MAX_ENDS]
    return [end_of(pos, right, group) for group in groups]


def end_of(pos: int, right: bool, group: Sequence[Clip]) -> ClippedEnd:
    """The end that a group shows; its aligned bases are those of the reads that agree with the longest stretch."""
    longest = max(group, key=lambda found: (len(found.aligned), found.fragment))
    aligned = consensus([longest.aligned, *(c.aligned for c in group if c is not longest and alike(*both(c, longest)))])
    names, texts = frozenset(found.fragment for found in group), [found.text for found in group]
    sure = sorted(map(len, texts))[-MAJORITY] if len(texts) >= MAJORITY else 0
    inner = frozenset(found.fragment for found in group if found.inner)
    return ClippedEnd(pos, right, consensus(texts), aligned, longest.positions[: len(aligned)], names, sure, inner)


def both(one: Clip, other: Clip) -> tuple[str, str]:
    return one.aligned, other.aligned


def alike(text: str, other: str) -> bool:
    """Whether two ends agree over the shorter of them."""
    return sum(map(str.__ne__, text, other)) <= MAX_MISMATCHES * min(len(text), len(other))


def consensus(texts: Sequence[str]) -> str:
    """The commonest base at each distance, as far as MIN_READS reads reach; the first read's where two are level."""
    bases = []
    for column in zip_longest(*texts, fillvalue=""):
        counts = Counter(filter(None, column))
        if counts.total() < MIN_READS:
            break
        bases.append(max(counts, key=lambda base: (counts[base], base == column[0])))
    return "".join(bases)
