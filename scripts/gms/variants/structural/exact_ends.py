"""Exact ends of a junction from clipped reads.

Callers place a junction by pairs alone where few reads cross it, up to 200 bases away, and TIDDIT takes the mean of
split reads that disagree. Clipped reads end at the cut, and what is clipped begins at the other one. Positions are
0-based.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import edlib
import pysam

from gms.variants.structural.events import MIN_LENGTH, NEAR, Breakend, Event
from gms.variants.structural.evidence import MAX_DIFFERENCES, MIN_MAPQ, MOST, Sequences, is_counted, reverse, shows
from gms.variants.structural.fragments import MIN_OVERLAP

PLACES = 3  # cuts of an end that are tried, those with most clipped reads
MIN_READS = 2  # that fit the junction, for ends that count as exact
MIN_DOUBTED = 3  # of all samples, for a junction that its only caller doubts
Junction = tuple[Breakend, Breakend]


class Clipped(NamedTuple):
    """A read that is clipped at `cut`: the clipped bases and all of them."""

    cut: int
    clip: str
    bases: str


def exact_event(
    event: Event, alignments: Sequence[pysam.AlignmentFile], sequences: Sequences, most: int = MOST
) -> Event:
    """The event (one junction) with the ends that most clipped reads of all samples fit; as proposed where no others
    fit more. `most`: reads around an end that are looked at."""
    ends = event.first, event.second
    reach = NEAR if event.kind == "BND" else min(NEAR, max(20, event.length // 2))
    clipped = [[read for one in alignments for read in clipped_near(one, end, reach, most)] for end in ends]
    fitting = {
        junction: _fitting(junction, clipped, sequences) for junction in _junctions(ends, clipped, reach, sequences)
    }
    first, second = best = max(fitting, key=fitting.__getitem__)
    if fitting[best] < MIN_READS:
        return event
    passed = event.passed or fitting[best] >= MIN_DOUBTED
    return replace(event, first=first, second=second, width=0, passed=passed)


def clipped_near(alignment: pysam.AlignmentFile, end: Breakend, reach: int, most: int = MOST) -> Iterator[Clipped]:
    """Primary reads that are clipped as the junction has it, within `reach` bases of its end."""
    start, stop = max(0, end.cut - reach), min(end.cut + reach, alignment.get_reference_length(end.contig))
    for number, read in enumerate(alignment.fetch(end.contig, start, stop)):
        if number > most:
            return
        if not is_counted(read) or read.mapping_quality < MIN_MAPQ:
            continue
        operation, size = read.cigartuples[-1 if end.side == "3" else 0]
        cut = read.reference_end if end.side == "3" else read.reference_start
        if operation == pysam.CSOFT_CLIP and size >= MIN_OVERLAP and abs(cut - end.cut) <= reach:
            bases = read.query_sequence
            yield Clipped(cut, bases[-size:] if end.side == "3" else bases[:size], bases)


def _junctions(
    proposed: Junction, clipped: Sequence[list[Clipped]], reach: int, sequences: Sequences
) -> Iterator[Junction]:
    """The proposed one, then those of the most frequent cuts of either end."""
    yield proposed
    for number, (here, there) in enumerate((proposed, proposed[::-1])):
        for cut, _ in Counter(read.cut for read in clipped[number]).most_common(PLACES):
            longest = max((read.clip for read in clipped[number] if read.cut == cut), key=len)
            other = _other_cut(longest if here.side != there.side else reverse(longest), there, reach, sequences)
            if other is None:
                continue
            ours, theirs = replace(here, cut=cut), replace(there, cut=other)
            first, second = (ours, theirs) if number == 0 else (theirs, ours)
            if first.contig != second.contig or second.cut - first.cut >= MIN_LENGTH:
                yield first, second


def _other_cut(clip: str, end: Breakend, reach: int, sequences: Sequences) -> int | None:
    """Where clipped bases begin, next to what is kept of the other end; None where they do not fit there."""
    start = max(0, end.cut - reach - len(clip))
    around = sequences.bases(end.contig, start, end.cut + reach + len(clip))
    found = edlib.align(clip, around, mode="HW", task="locations", k=max(1, int(MAX_DIFFERENCES * len(clip))))
    if found["editDistance"] < 0:
        return None
    cuts = [start + (first if end.side == "5" else last + 1) for first, last in found["locations"] if first is not None]
    return min((cut for cut in cuts if abs(cut - end.cut) <= reach), key=lambda cut: abs(cut - end.cut), default=None)


def _fitting(junction: Junction, clipped: Sequence[list[Clipped]], sequences: Sequences) -> int:
    """Clipped reads that fit the junction better than the reference."""
    total = 0
    for (here, there), reads in zip((junction, junction[::-1]), clipped, strict=True):
        size = max((len(read.bases) for read in reads), default=0) + 30
        joined = sequences.junction(here, there, size)
        usual = sequences.bases(here.contig, here.cut - size, here.cut + size)
        total += sum(shows(read.bases, joined, usual) == "junction" for read in reads)
    return total
