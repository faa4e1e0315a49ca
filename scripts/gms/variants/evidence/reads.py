"""What one read says of a locus: its distance to each haplotype, and where in it a reference base is."""

from functools import lru_cache
from typing import NamedTuple

import pysam

MIN_BASE_QUALITY = 15  # as for the callers: at most 3 % errors
UNFIT = 99  # distance of a base that is in no haplotype
MATCH, INSERTION, DELETION, SKIP, SOFT_CLIP, EQUAL, DIFFERENT = 0, 1, 2, 3, 4, 7, 8


class Strands(NamedTuple):
    """Whether the forward and the reverse strand of a molecule show what its read shows."""

    forward: bool
    reverse: bool


FORWARD, REVERSE = Strands(True, False), Strands(False, True)


class Observation(NamedTuple):
    """What one read says: its distance to each haplotype of the locus (edits), and how far it can be trusted.
    `change`: of a read that spans a repeat, bases that it shows there beyond those of the reference."""

    distances: tuple[int, ...]
    base_quality: int
    mapping_quality: int
    strands: Strands
    end_distance: int
    change: int | None = None

    @property
    def best(self) -> int | None:
        """Index of the haplotype the read fits better than any other; None when it cannot tell."""
        return nearest(self.distances)


def strands_of(read: pysam.AlignedSegment) -> Strands:
    """The strand of a read; of a consensus read (aD, bD: reads of either strand) those of its molecule, one or both."""
    if read.has_tag("aD"):
        return Strands(read.get_tag("aD") > 0, read.get_tag("bD") > 0)
    return REVERSE if read.is_reverse else FORWARD


@lru_cache(maxsize=100_000)  # asked several times of each fragment, and most have the distances of others
def nearest(distances: tuple[int, ...]) -> int | None:
    """Index of the only smallest distance, unless the read fits no haplotype."""
    least = min(distances)
    return distances.index(least) if least < UNFIT and distances.count(least) == 1 else None


def query_position(read: pysam.AlignedSegment, target: int) -> int | None:
    """Index into the read of the base aligned to 0-based reference `target`; None where none is aligned there."""
    reference, query = read.reference_start, 0
    for operation, length in read.cigartuples:
        if operation in (MATCH, EQUAL, DIFFERENT):
            if target < reference + length:
                return query + target - reference if target >= reference else None
            reference, query = reference + length, query + length
        elif operation in (INSERTION, SOFT_CLIP):
            query += length
        elif operation in (DELETION, SKIP):
            if target < reference + length:
                return None
            reference += length
    return None
