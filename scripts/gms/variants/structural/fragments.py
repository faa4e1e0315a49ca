"""Fragments of a sample: their lengths, and where reads and their mates lie, seen from the ends of a junction.

Positions are 0-based.
"""

from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pysam

from gms.variants.structural.events import Breakend

READS = 200_000  # of the beginning of a file, which tell the lengths
MIN_PAIRS = 1_000  # properly paired, without which callers cannot tell an unusual pair
MIN_OVERLAP = 15  # bases of a read on both sides of a cut
MAD = 1.4826  # standard deviations of a normal distribution in one median absolute deviation
SPREAD = 5  # standard deviations above the median from which a pair is unusual
RARE = 0.001  # of the fragments over a cut: one at 30x would else show a deletion by chance in many a relative
TELLING = 0.25  # of the fragments with a deletion, that are longer than all but RARE ones without: fewer say little
BLOCK = 4_000  # fragments, some 40,000 bases at 30x


class Library(NamedTuple):
    """`longest`: bases of the longest usual fragment; `read`: of the longest read; `pairs` that it is known from. Of
    the fragments over a cut with no read across it a share of RARE is shorter than `low`, of TELLING longer than
    `upper` and of RARE longer than `high`."""

    pairs: int
    median: int
    longest: int
    read: int
    low: int
    upper: int
    high: int

    @property
    def is_paired(self) -> bool:
        return self.pairs >= MIN_PAIRS

    @property
    def shortest_deletion(self) -> int:
        """Bases of a deletion from which TELLING of the fragments around it show it by their length."""
        return self.high - self.upper

    @property
    def pair_share(self) -> float:
        """Of the fragments over a cut, those with no read across it: a read shows it from MIN_OVERLAP bases."""
        return max(0.0, 1 - 2 * (self.read - 2 * MIN_OVERLAP) / self.median) if self.median else 0.0


def read_library(alignment: pysam.AlignmentFile) -> Library:
    """From the first reads of a sorted file."""
    lengths, facing, longest = [], [], 0
    for read in islice(alignment.fetch(until_eof=True), READS):
        longest = max(longest, read.query_length)
        if _shows_length(read):
            lengths.append(read.template_length)
        if _shows_length(read) or _faces_mate(read):
            facing.append(read.template_length)
    if not lengths:
        return Library(0, 0, 0, longest, 0, 0, 0)
    median = int(np.median(lengths))
    spread = MAD * float(np.median(np.abs(np.array(lengths) - median)))
    usual = round(median + SPREAD * max(spread, 10))
    around = [length for length in facing if length <= 2 * usual]  # the longer ones are no tail
    return Library(len(lengths), median, usual, longest, *lengths_over_cuts(around, longest))


def lengths_over_cuts(lengths: Sequence[int], read: int) -> list[int]:
    """`low`, `upper` and `high` of a Library as they were seen, as lengths have a long tail; medians of BLOCKs, of
    which some have deletions of the sample. `lengths`: by position."""
    blocks = np.array_split(np.array(lengths), max(1, len(lengths) // BLOCK))
    return [int(length) for length in np.median([_over_cuts(block, read) for block in blocks], axis=0)]


def _over_cuts(lengths: np.ndarray, read: int) -> np.ndarray:
    """The same of one block. A fragment is over as many cuts without a read across them as it has bases between its
    reads, and MIN_OVERLAP at both."""
    found = np.sort(lengths)
    below = np.cumsum(np.clip(found - 2 * (read - MIN_OVERLAP), 1e-6, None))  # where none is so long, all count alike
    return found[np.searchsorted(below, np.array([RARE, 1 - TELLING, 1 - RARE]) * below[-1])]


def _shows_length(read: pysam.AlignedSegment) -> bool:
    """Whether it is the first of a proper pair, by position."""
    return read.is_proper_pair and read.template_length > 0 and not read.is_duplicate and not read.is_supplementary


def _faces_mate(read: pysam.AlignedSegment) -> bool:
    """The same of a pair that need not be proper: aligners take longer ones than most for improper."""
    faces = read.is_paired and not read.mate_is_unmapped and not read.is_reverse and read.mate_is_reverse
    return faces and read.template_length > 0 and not read.flag & (0x100 | 0x400 | 0x800)


def has_pairs(path: Path, fasta: Path) -> bool:
    """Whether the library of a BAM or CRAM file `is_paired`, of which it reads no more than that takes, neither
    qualities nor tags."""
    fields = [b"required_fields=0x3ff", b"decode_md=0"]
    with pysam.AlignmentFile(str(path), reference_filename=str(fasta), format_options=fields) as alignment:
        shown = filter(_shows_length, islice(alignment.fetch(until_eof=True), READS))
        return sum(1 for _ in islice(shown, MIN_PAIRS)) == MIN_PAIRS


def outer_ends(read: pysam.AlignedSegment) -> tuple[int, int]:
    """Start and end with the clipped bases."""
    cigar = read.cigartuples
    start = read.reference_start - (cigar[0][1] if cigar[0][0] == pysam.CSOFT_CLIP else 0)
    return start, read.reference_end + (cigar[-1][1] if cigar[-1][0] == pysam.CSOFT_CLIP else 0)


def covers(read: pysam.AlignedSegment, cut: int) -> bool:
    start, end = outer_ends(read)
    return start <= cut - MIN_OVERLAP and end >= cut + MIN_OVERLAP


def clip_at(read: pysam.AlignedSegment, cut: int, within: int = 40) -> str:
    """'3' for a read whose clipped end is at the cut and that is kept before it, '5' for one after it; else ''."""
    cigar = read.cigartuples
    if cigar[-1][0] == pysam.CSOFT_CLIP and cigar[-1][1] >= MIN_OVERLAP and abs(read.reference_end - cut) <= within:
        return "3"
    if cigar[0][0] == pysam.CSOFT_CLIP and cigar[0][1] >= MIN_OVERLAP and abs(read.reference_start - cut) <= within:
        return "5"
    return ""


def is_unusual(read: pysam.AlignedSegment, library: Library) -> bool:
    """Whether the mates do not face each other at a usual distance."""
    if not read.is_paired or read.mate_is_unmapped:
        return False
    if read.reference_id != read.next_reference_id or read.is_reverse == read.mate_is_reverse:
        return True
    inward = read.is_reverse == (read.template_length < 0)
    return not inward or abs(read.template_length) > library.longest


def is_across(read: pysam.AlignedSegment, here: Breakend, there: Breakend, library: Library) -> bool:
    """Whether the mates lie on the two sides of a junction, no further than a usual fragment."""
    if read.next_reference_name != there.contig:
        return False
    mate_end = read.next_reference_start + library.read
    ours = _distance(here, read.is_reverse, read.reference_start, read.reference_end)
    theirs = _distance(there, read.mate_is_reverse, read.next_reference_start, mate_end)
    return min(ours, theirs) >= 0 and ours + theirs <= library.longest


def pair_shows(
    read: pysam.AlignedSegment, ends: tuple[Breakend, Breakend], library: Library, deleted: int | None = None
) -> str:
    """'junction' or 'reference' of a pair around the first of two ends, '' where it says nothing; `deleted`: bases of a
    deletion, None of other events."""
    if deleted and is_across(read, *ends, library):
        return by_length(read, deleted, library)
    if is_unusual(read, library):
        return "junction" if is_across(read, *ends, library) else ""
    return "reference" if is_over(read, ends[0].cut) else ""


def by_length(read: pysam.AlignedSegment, deleted: int, library: Library) -> str:
    """'junction' of a fragment around a deletion that is longer than all but RARE ones, but not with it; 'reference' of
    one that would be shorter than all but RARE ones with it; '' of others."""
    length = abs(read.template_length)
    is_long, is_short = length > library.high, length - deleted < library.low
    return "" if is_long == is_short else "junction" if is_long else "reference"


def _distance(end: Breakend, reverse: bool, start: int, stop: int, slack: int = 20) -> int:
    """Bases from the outer end of a read to the cut that it points at; -1 for one that does not."""
    if reverse != (end.side == "5"):
        return -1
    inside = stop - slack <= end.cut if end.side == "3" else start + slack >= end.cut
    bases = end.cut - start if end.side == "3" else stop - end.cut
    return bases if inside and bases >= 0 else -1


def is_over(read: pysam.AlignedSegment, cut: int) -> bool:
    """Whether the fragment of a pair that is not unusual lies over a cut."""
    if not read.is_paired or read.mate_is_unmapped or not read.template_length:
        return False
    start = read.reference_start if read.template_length > 0 else read.next_reference_start
    return start <= cut - MIN_OVERLAP and start + abs(read.template_length) >= cut + MIN_OVERLAP


def mate_is_near(read: pysam.AlignedSegment, ends: tuple[Breakend, Breakend], library: Library) -> bool:
    """Whether the mate lies where one molecule with the junction has it; a read of a repeat elsewhere that was placed
    at the junction has its mate there."""
    if not read.is_paired or read.mate_is_unmapped:
        return True
    at = read.next_reference_start
    return any(
        read.next_reference_name == end.contig and end.cut - library.longest <= at <= end.cut + library.longest
        for end in ends
    )
