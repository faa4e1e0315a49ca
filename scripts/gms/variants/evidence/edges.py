"""The fraction of molecules that carry a long insertion or deletion (FORMAT/AF).

Fragments that tell two haplotypes of different lengths apart are not as many of both: the reference must be spanned
where a tandem duplication shows itself at one base, and an inserted sequence has two ends where the reference has one
place. Fragments at the two edges of the locus do not depend on that, as every haplotype has both edges. The fraction is
that of the allele's fragments in their mean, for reads placed at random.
"""

from bisect import bisect_left
from collections.abc import Collection, Sequence
from functools import lru_cache
from itertools import compress, count

import pysam

LONG = 10  # bases of difference from which the fraction is taken from the edges; below, the counts differ by some 7 %
MARGIN = 3  # bases that a read must show on both sides of an edge
OVERRUN = 30  # bases beyond a long insertion or deletion up to which reads are aligned past its joint, with mismatches
MIN_ALIGNED = 30  # bases of reference in a read for bwa mem to place it (its -T)


class Edges:
    """Names of the fragments that show the left and the right edge of a locus, and of those whose alignment ends within
    OVERRUN bases on the left and on the right of it; sums of the lengths of reads, and of the bases between the starts
    of mates."""

    def __init__(self) -> None:
        self.fragments: tuple[set[str], set[str]] = (set(), set())
        self.ending: tuple[set[str], set[str]] = (set(), set())
        self.bases = self.reads = self.apart = self.mates = 0

    def add(self, read: pysam.AlignedSegment, edges: Sequence[int | None], beyond: Sequence[int]) -> None:
        """A read, where in it the edges are, and the bases that it is aligned beyond the locus, left and right."""
        name, length = read.query_name, read.query_length
        for found, at in zip(self.fragments, edges, strict=True):
            if at is not None and MARGIN <= at < length - MARGIN:
                found.add(name)
        for found, bases in zip(self.ending, beyond, strict=True):
            if bases < OVERRUN:
                found.add(name)
        self.bases, self.reads = self.bases + length, self.reads + 1
        if read.is_proper_pair:
            self.apart += max(0, abs(read.template_length) - length)
            self.mates += 1

    @property
    def depth(self) -> float:
        return sum(map(len, self.fragments)) / 2

    def expected(self, haplotype: str, other: str, flanks: tuple[str, str], is_reference: bool) -> float:
        """Number of fragments that would show one haplotype not to be the other if all molecules had it. Sequences are
        those of the locus; `flanks` those that follow on the left (reversed) and on the right. One of both haplotypes
        is the reference: the first if `is_reference`."""
        length = round(self.bases / self.reads) if self.reads else 0
        shown = self.places(telling(haplotype, other, flanks, length, is_reference))
        return shown / self.places(range(max(1, length - 2 * MARGIN))) * self.depth

    def places(self, starts: Collection[int]) -> int:
        """Number of places of a fragment of which one mate or both begin at one of the starts."""
        apart = round(self.apart / self.mates) if self.mates else 0
        return len({start - shift for start in starts for shift in (0, apart)})


@lru_cache(maxsize=1_000)  # asked several times of a locus
def telling(haplotype: str, other: str, flanks: tuple[str, str], length: int, is_reference: bool) -> Sequence[int]:
    """Where reads of `length` bases begin that show two bases in which a haplotype differs from another, as seen from
    its first base. Those of an allele are placed by MIN_ALIGNED bases of the reference, which further copies within a
    duplication have, too; those of the reference must enter the locus."""
    last = second_difference(haplotype + flanks[1], other + flanks[1])
    size = len(haplotype)
    first = size - 1 - second_difference(haplotype[::-1] + flanks[0], other[::-1] + flanks[0])
    starts = range(last - length + 1, first + 1)
    if first - last < MIN_ALIGNED:  # shown at one place, as the joint of a tandem duplication is
        return starts
    if is_reference:
        return [start for start in starts if start <= 0 or start + length >= size]
    reference, whole = (flanks[0][::-1] + text + flanks[1] for text in (other, haplotype))
    zero = len(flanks[0])
    kept = {reference[at : at + MIN_ALIGNED] for at in range(len(reference) - MIN_ALIGNED + 1)}
    known = [at - zero for at in range(len(whole) - MIN_ALIGNED + 1) if whole[at : at + MIN_ALIGNED] in kept]
    known.append(size + length)  # beyond any read
    placed = (at for at in starts if at >= -zero and known[bisect_left(known, at)] <= at + length - MIN_ALIGNED)
    return [at for at in placed if whole[at + zero : at + zero + length] not in reference]


def second_difference(text: str, other: str) -> int:
    """Index of the second base in which two sequences differ; the length of the shorter one if there is none."""
    different = compress(count(), map(str.__ne__, text, other))
    next(different, None)
    return next(different, min(len(text), len(other)))
