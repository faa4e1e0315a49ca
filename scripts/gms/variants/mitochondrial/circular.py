"""Reads of a circular contig. An aligner knows only lines: a read across the origin is aligned on one side of it and
clipped on the other. Coordinates are 0-based half-open.
"""

import copy
from collections.abc import Iterator
from heapq import merge
from operator import attrgetter

import pysam

from gms.variants.evidence.observe import is_evidence
from gms.variants.evidence.reads import MATCH, SOFT_CLIP

EDGE = 1_000  # bases on both sides of the origin in which reads that cross it are looked for; longer than any read
MAX_MISFIT = 10  # a clipped end with more than one difference in ten bases is not the other side of the origin


class CircularAlignment:
    """The evidence of one contig, each read that crosses the origin as one segment on either side of it.

    Offers what gms.variants.evidence.observe asks of an alignment file: `fetch`, sorted by start.
    """

    def __init__(self, alignment: pysam.AlignmentFile, contig: str, sequence: str):
        self.alignment, self.contig, self.sequence = alignment, contig, sequence
        self.crossing: set[tuple[str, bool]] = set()
        self.segments: list[pysam.AlignedSegment] = []
        edge = min(EDGE, len(sequence) // 2)
        for start, end in ((0, edge), (len(sequence) - edge, len(sequence))):
            for read in alignment.fetch(contig, start, end):
                self._take(read)
        self.segments.sort(key=attrgetter("reference_start"))

    def fetch(self, contig: str, start: int, end: int) -> Iterator[pysam.AlignedSegment]:
        """Reads and segments that overlap an interval of the contig, sorted by start."""
        inside = (one for one in self.segments if one.reference_start < end and one.reference_end > start)
        lying = self.alignment.fetch(contig, start, end)
        others = (read for read in lying if (read.query_name, read.is_read2) not in self.crossing)
        return merge(others, inside, key=attrgetter("reference_start"))

    def reads(self) -> Iterator[pysam.AlignedSegment]:
        """All that is evidence: primary alignments of enough mapping quality, no duplicates."""
        return filter(is_evidence, self.fetch(self.contig, 0, len(self.sequence)))

    def spans(self) -> Iterator[tuple[str, int, int]]:
        """Name, start and end of each of `reads`; a segment of a read that crosses the origin starts below 0, or ends
        beyond the length, by what lies on the other side."""
        size = len(self.sequence)
        for read in self.reads():
            start, end = read.reference_start, read.reference_end
            if (start == 0 or end == size) and (read.query_name, read.is_read2) in self.crossing:
                start -= read.query_alignment_start if start == 0 else 0
                end += read.query_length - read.query_alignment_end if end == size else 0
            yield read.query_name, start, end

    def _take(self, read: pysam.AlignedSegment) -> None:
        name = (read.query_name, read.is_read2)
        if name in self.crossing or not read.cigartuples or not is_evidence(read):
            return
        if found := list(across(read, self.sequence)):
            self.crossing.add(name)
            self.segments += found


def across(read: pysam.AlignedSegment, sequence: str) -> Iterator[pysam.AlignedSegment]:
    """The two segments of a read whose clipped end continues on the other side of the origin; none of another read."""
    cigar, size, bases = read.cigartuples, len(sequence), read.query_sequence
    (first, left), (last, right) = cigar[0], cigar[-1]
    start, end = read.reference_start, read.reference_end
    if first == SOFT_CLIP and left > start and fits(bases[:left], around(sequence, start - left, left)):
        beyond = left - start
        yield segment(read, 0, [(SOFT_CLIP, beyond), (MATCH, start), *cigar[1:]])
        yield segment(read, size - beyond, [(MATCH, beyond), (SOFT_CLIP, len(bases) - beyond)])
    elif last == SOFT_CLIP and end + right > size and fits(bases[-right:], around(sequence, end, right)):
        beyond = end + right - size
        yield segment(read, start, [*cigar[:-1], (MATCH, right - beyond), (SOFT_CLIP, beyond)])
        yield segment(read, 0, [(SOFT_CLIP, len(bases) - beyond), (MATCH, beyond)])


def around(sequence: str, start: int, length: int) -> str:
    """Bases of the circle from `start`, which may lie before the origin."""
    start %= len(sequence)
    return (sequence + sequence)[start : start + length]


def fits(bases: str, other: str) -> bool:
    return sum(map(str.__ne__, bases, other)) * MAX_MISFIT <= len(bases)


def segment(read: pysam.AlignedSegment, start: int, cigar: list[tuple[int, int]]) -> pysam.AlignedSegment:
    """A copy of the read with another alignment; operations of no length are left out, equal neighbours joined."""
    joined: list[tuple[int, int]] = []
    for operation, length in cigar:
        if joined and joined[-1][0] == operation:
            joined[-1] = (operation, joined[-1][1] + length)
        elif length:
            joined.append((operation, length))
    made = copy.copy(read)
    made.cigartuples, made.reference_start = joined, start
    return made
