"""The fraction of molecules that carry a long insertion or deletion (FORMAT/AF).

Fragments that tell two haplotypes of different lengths apart are not as many of both: the reference must be spanned
where a tandem duplication shows itself at one base, and an inserted sequence has two ends where the reference has one
place. Fragments at the two edges of the locus do not depend on that, as every haplotype has both edges. The fraction is
that of the allele's fragments in their mean, for reads placed at random.
"""

from collections.abc import Sequence
from itertools import compress, count

LONG = 10  # bases of difference from which the fraction is taken from the edges; below, the counts differ by some 7 %
MARGIN = 3  # bases that a read must show on both sides of an edge
OVERRUN = 30  # bases beyond a long insertion or deletion up to which reads are aligned past its joint, with mismatches
MIN_ALIGNED = 30  # bases of reference in a read for bwa mem to place it (its -T)


class Edges:
    """Names of the fragments that show the left and the right edge of a locus, and of those whose alignment ends within
    OVERRUN bases on the left and on the right of it; the length of the reads."""

    def __init__(self) -> None:
        self.fragments: tuple[set[str], set[str]] = (set(), set())
        self.ending: tuple[set[str], set[str]] = (set(), set())
        self.bases = self.reads = 0

    def add(self, name: str, length: int, edges: Sequence[int | None]) -> None:
        """A read of `length` bases, and where in it the edges are."""
        for found, at in zip(self.fragments, edges, strict=True):
            if at is not None and MARGIN <= at < length - MARGIN:
                found.add(name)
        self.bases, self.reads = self.bases + length, self.reads + 1

    def add_ends(self, name: str, beyond: Sequence[int]) -> None:
        """Bases that a read is aligned beyond the locus, on the left and on the right."""
        for found, bases in zip(self.ending, beyond, strict=True):
            if bases < OVERRUN:
                found.add(name)

    @property
    def depth(self) -> float:
        return sum(map(len, self.fragments)) / 2

    def expected(self, haplotype: str, other: str, flanks: tuple[str, str]) -> float:
        """Number of fragments that would show one haplotype not to be the other if all molecules had it. Sequences are
        those of the locus; `flanks` those that follow on the left (reversed) and on the right."""
        length = round(self.bases / self.reads) if self.reads else 0
        return chances(haplotype, other, flanks, length) / max(1, length - 2 * MARGIN) * self.depth


def chances(haplotype: str, other: str, flanks: tuple[str, str], length: int) -> int:
    """Number of places from which a read of `length` bases shows two bases in which a haplotype differs from
    another."""
    last = second_difference(haplotype + flanks[1], other + flanks[1])
    size = len(haplotype)
    first = size - 1 - second_difference(haplotype[::-1] + flanks[0], other[::-1] + flanks[0])
    if first - last < MIN_ALIGNED:  # shown at one place, as the joint of a tandem duplication is
        return max(0, length + first - last)
    starts = range(last - length + 1, first + 1)
    enters = (start <= 0 or start + length >= size for start in starts)
    placed = (max(-start, start + length - size) >= MIN_ALIGNED - MARGIN for start in starts)
    return sum(map(all, zip(enters, placed, strict=True)))


def second_difference(text: str, other: str) -> int:
    """Index of the second base in which two sequences differ; the length of the shorter one if there is none."""
    different = compress(count(), map(str.__ne__, text, other))
    next(different, None)
    return next(different, min(len(text), len(other)))
