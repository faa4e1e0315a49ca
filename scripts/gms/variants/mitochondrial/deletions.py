"""Large deletions and duplications of the mitochondrial genome, from split reads (as MitoSAlt: Basu et al. 2020, PLoS
Genet 16:e1009242). Coordinates are 0-based half-open.

On a circle a junction that leads back is a duplication, or a deletion of all the rest. Reads across the origin of the
sequence are neither.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import pysam

from gms.variants.evidence.observe import MIN_MAPPING_QUALITY, is_evidence
from gms.variants.evidence.shares import wilson

MIN_LENGTH = 50  # bases
MIN_READS = 5  # split reads; chimeric molecules of a library join any two places, but not twice the same
NEAR = 15  # bases within which two junctions are the same
ANCHOR = 30  # bases on both sides of a junction for bwa mem to align them apart (its -T)
ORIGIN = 30  # bases from the origin in which a junction from the end to the beginning is the circle itself
_STEP = re.compile(r"(\d+)([MIDSHN=X])")


class Junction(NamedTuple):
    """Bases up to `left` followed by those from `right`, as far left as the shared bases between them (`homology`)
    allow. A deletion where right is greater, else a duplication."""

    left: int
    right: int
    homology: int

    @property
    def is_deletion(self) -> bool:
        return self.right > self.left

    @property
    def length(self) -> int:
        """Bases deleted or duplicated."""
        return abs(self.right - self.left)

    def is_duplication(self, size: int) -> bool:
        """Whether it is taken for a duplication, of a circle of `size`: of more than half, the rest is deleted."""
        return not self.is_deletion and self.length <= size / 2

    def is_like(self, other: "Junction") -> bool:
        return abs(self.left - other.left) <= NEAR and abs(self.right - other.right) <= NEAR


class Split(NamedTuple):
    """Fragments of a junction in one sample by strand, forward and reverse, and fragments that cross its two ends
    without it (their mean)."""

    forward: int
    reverse: int
    across: int

    def fraction(self, duplicated: bool) -> tuple[float, float, float]:
        """Of molecules, 0-1, and the ends of its 95 % interval (Wilson). A molecule with a deletion shows the junction
        and neither end; one with a tandem duplication (`duplicated`) shows the junction and both ends once, as the
        others show the ends: its fraction is the odds of the junction, 1 at most."""
        reads = self.forward + self.reverse
        total = reads + self.across
        shares = reads / total if total else 0.0, *wilson(reads, total)
        return tuple(share / max(share, 1 - share) for share in shares) if duplicated else shares


class Part(NamedTuple):
    """One alignment of a read: its intervals of the reference and of the read, in its direction."""

    start: int
    end: int
    first: int
    last: int


def split_reads(reads: Iterable[pysam.AlignedSegment], contig: str, size: int) -> dict[str, tuple[Junction, bool]]:
    """Fragments that show a junction: name -> the junction and whether the read is on the reverse strand."""
    found: dict[str, tuple[Junction, bool]] = {}
    for read in reads:
        if not is_evidence(read) or not read.has_tag("SA"):
            continue
        for other in _supplementary(read, contig):
            junction = junction_of(_part(read.reference_start, read.cigarstring), other)
            if junction.length >= MIN_LENGTH and not crosses_origin(junction, size):
                found.setdefault(read.query_name, (junction, read.is_reverse))
    return found


def _supplementary(read: pysam.AlignedSegment, contig: str) -> Iterator[Part]:
    """The read's other alignments on the same strand of the contig."""
    for entry in read.get_tag("SA").strip(";").split(";"):
        name, pos, strand, cigar, quality, _ = entry.split(",")
        if name == contig and (strand == "-") == read.is_reverse and int(quality) >= MIN_MAPPING_QUALITY:
            yield _part(int(pos) - 1, cigar)


def _part(start: int, cigar: str) -> Part:
    steps = [(int(number), operation) for number, operation in _STEP.findall(cigar)]
    first = steps[0][0] if steps[0][1] in "SH" else 0
    return Part(
        start,
        start + sum(number for number, operation in steps if operation in "MDN=X"),
        first,
        first + sum(number for number, operation in steps if operation in "MI=X"),
    )


def junction_of(one: Part, other: Part) -> Junction:
    """The junction between two parts of a read; what both parts align is the homology."""
    before, after = sorted((one, other), key=lambda part: part.first)
    homology = max(0, before.last - after.first)
    return Junction(before.end - homology, after.start, homology)


def crosses_origin(junction: Junction, size: int) -> bool:
    return junction.left >= size - ORIGIN and junction.right <= ORIGIN


def common(found: Iterable[Junction]) -> list[Junction]:
    """Junctions that enough fragments show, sorted; similar ones count for the most frequent of them."""
    numbers = Counter(found)
    groups: dict[Junction, int] = {}
    for junction, number in sorted(numbers.items(), key=lambda item: (-item[1], item[0])):
        first = next((known for known in groups if known.is_like(junction)), junction)
        groups[first] = groups.get(first, 0) + number
    return sorted(junction for junction, number in groups.items() if number >= MIN_READS)


def count_splits(
    junctions: Sequence[Junction],
    shown: dict[str, tuple[Junction, bool]],
    spans: Iterable[tuple[str, int, int]],
) -> dict[Junction, Split]:
    """Fragments with and without each junction in one sample; `spans`: name, start and end of all reads, those across
    the origin beyond it."""
    ends = [(junction, place) for junction in junctions for place in (junction.left, junction.right)]
    across: dict[tuple[Junction, int], set[str]] = {end: set() for end in ends}
    for name, start, end in spans if ends else ():
        for junction, place in ends:
            anchor = ANCHOR - junction.homology // 2
            if start <= place - anchor and end >= place + anchor:
                across[junction, place].add(name)
    result = {}
    for junction in junctions:
        strands = [reverse for found, reverse in shown.values() if found.is_like(junction)]
        mean = sum(len(across[junction, place]) for place in (junction.left, junction.right)) / 2
        result[junction] = Split(strands.count(False), strands.count(True), round(mean))
    return result
