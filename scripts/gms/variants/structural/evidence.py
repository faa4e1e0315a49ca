"""Fragments that show a junction, and those that show the reference at its ends, counted alike for all callers.

A read across a cut is aligned to the sequence of the junction and to the reference there (edlib); it shows what fits
it clearly better. Pairs whose mates lie on both sides of the junction, and would be as long as usual there, show it if
the reference makes them unusual; around a deletion if they are longer than nearly all of the library.
Positions are 0-based.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median

import edlib
import pysam

from gms.variants.evidence.observe import SKIPPED
from gms.variants.structural.events import Breakend, Event
from gms.variants.structural.fragments import Library, clip_at, covers, mate_is_near, pair_shows

MARGIN = 3  # differences fewer than the other sequence has
MAX_DIFFERENCES = 0.1  # of a read
MIN_MAPQ = 1  # bwa: 0 fits elsewhere as well
CERTAIN_MAPQ = 20  # of clipped reads, which say where something begins
SIDE = 75  # bases on a side of an end, half of a read
MIN_DEPTH = 500  # bases of an event whose depth is looked at: at 30x 100 reads begin there
MOST = 4_000  # reads around an end, from which the rest is not looked at: a collapsed repeat of a genome at 30x
MOST_OF_PANEL = 200_000  # the same of a gene panel, where they are targets at 10,000x
_COMPLEMENT = str.maketrans("ACGTN", "TGCAN")


@dataclass(slots=True)
class AtEnd:
    """Of one end of a junction: names of fragments with the reference; reads clipped as the junction has it, and the
    other way round; reads that fit elsewhere as well, and all; mapping qualities of those that show the junction."""

    reference: set[str] = field(default_factory=set)
    clips: int = 0
    against: int = 0
    ambiguous: int = 0
    reads: int = 0
    qualities: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Seen:
    """Of a junction: names of fragments with a read across it, and of others with both mates around it."""

    split: set[str] = field(default_factory=set)
    pairs: set[str] = field(default_factory=set)
    ends: list[AtEnd] = field(default_factory=list)

    @property
    def shown(self) -> set[str]:
        return self.split | self.pairs


class Evidence(tuple[Seen, ...]):
    """What a sample shows of the junctions of an event; numbers of fragments are means of the junctions and ends."""

    @property
    def alt(self) -> int:
        return round(sum(len(seen.shown) for seen in self) / max(1, len(self)))

    @property
    def split(self) -> int:
        return min(self.alt, round(sum(len(seen.split) for seen in self) / max(1, len(self))))

    @property
    def ref(self) -> float:
        ends = self.ref_at_ends
        return sum(ends) / max(1, len(ends))

    @property
    def ref_at_ends(self) -> list[int]:
        """Fragments of the reference at both ends of each junction."""
        shown = set().union(*(seen.shown for seen in self))
        return [len(end.reference - shown) for seen in self for end in seen.ends]


def reverse(bases: str) -> str:
    """The other strand."""
    return bases[::-1].translate(_COMPLEMENT)


def is_counted(read: pysam.AlignedSegment) -> bool:
    """Whether it is a primary read and no duplicate."""
    return not read.flag & SKIPPED


class Sequences:
    """Bases of the reference around cuts."""

    def __init__(self, reference: pysam.FastaFile):
        self.reference = reference
        self.lengths = dict(zip(reference.references, reference.lengths, strict=True))

    def bases(self, contig: str, start: int, end: int) -> str:
        return self.reference.fetch(contig, max(0, start), min(self.lengths[contig], end)).upper()

    def base_of(self, event: Event, end: Breakend) -> str:
        """REF of a record: the base before the event, of a breakend the one that is kept."""
        pos = max(1, end.pos if event.kind == "BND" else end.cut)
        return self.bases(end.contig, pos - 1, pos)

    def kept(self, end: Breakend, size: int) -> str:
        """Bases that are kept at a breakend, in the direction of the contig."""
        if end.side == "3":
            return self.bases(end.contig, end.cut - size, end.cut)
        return self.bases(end.contig, end.cut, end.cut + size)

    def junction(self, first: Breakend, second: Breakend, size: int) -> str:
        """The joined sequence in the direction in which the contig of `first` runs."""
        ours, theirs = self.kept(first, size), self.kept(second, size)
        if first.side == second.side:
            theirs = reverse(theirs)
        return ours + theirs if first.side == "3" else theirs + ours


def count(
    event: Event, alignment: pysam.AlignmentFile, library: Library, sequences: Sequences, most: int = MOST
) -> Evidence:
    """What a sample shows of an event; `most`: reads around an end that are looked at."""
    found = []
    for first, second in event.junctions:
        seen = Seen()
        for here, there in ((first, second), (second, first)):
            _at_end(event, here, there, alignment, library, sequences, seen, most)
        found.append(seen)
    return Evidence(found)


def _at_end(event, here, there, alignment, library, sequences, seen, most) -> None:  # noqa: PLR0913 (of one place)
    """Count the reads around one breakend."""
    size = library.read + 30
    joined = sequences.junction(here, there, size)
    usual = sequences.bases(here.contig, here.cut - size, here.cut + size)
    end = AtEnd()
    seen.ends.append(end)
    deleted = event.length if event.kind == "DEL" else None
    by_pairs = deleted is None or deleted >= library.shortest_deletion
    for read in reads_near(alignment, here, library.longest, end, most):
        clip = clip_at(read, here.cut) if read.mapping_quality >= CERTAIN_MAPQ else ""
        end.clips += clip == here.side
        end.against += clip not in ("", here.side)
        if covers(read, here.cut):
            shown = shows(read.query_sequence, joined, usual)
            if shown == "reference":
                end.reference.add(read.query_name)
            elif shown and mate_is_near(read, (here, there), library):
                seen.split.add(read.query_name)
                end.qualities.append(read.mapping_quality)
        elif by_pairs and (shown := pair_shows(read, (here, there), library, deleted)) == "junction":
            seen.pairs.add(read.query_name)
            end.qualities.append(read.mapping_quality)
        elif by_pairs and shown:
            end.reference.add(read.query_name)


def reads_near(
    alignment: pysam.AlignmentFile, cut: Breakend, reach: int, end: AtEnd, most: int
) -> Iterator[pysam.AlignedSegment]:
    """Primary reads around a cut that fit nowhere else, others are counted; not all of a place with far too many."""
    start, stop = max(0, cut.cut - reach), min(cut.cut + reach, alignment.get_reference_length(cut.contig))
    for read in alignment.fetch(cut.contig, start, stop):
        if not is_counted(read):
            continue
        end.reads += 1
        if read.mapping_quality >= MIN_MAPQ:
            yield read
        else:
            end.ambiguous += 1
        if end.reads > most:
            return


def shows(read: str, joined: str, usual: str) -> str:
    """'junction', 'reference', or '' where neither fits clearly better."""
    most = max(MARGIN, int(MAX_DIFFERENCES * len(read)))
    here, there = (edlib.align(read, text, mode="HW", k=2 * most)["editDistance"] for text in (joined, usual))
    here, there = (2 * most + 1 if found < 0 else found for found in (here, there))
    if min(here, there) > most or abs(here - there) < MARGIN:
        return ""
    return "junction" if here < there else "reference"


def similarity(event: Event, sequences: Sequences) -> float:
    """Share of like bases of the SIDE bases on both sides of either end, 0-1, in the direction in which they are
    joined: copies of one sequence, such as a gene and its pseudogene, are above 0.8, unrelated bases near 0.5."""
    around = [sequences.bases(end.contig, end.cut - SIDE, end.cut + SIDE) for end in (event.first, event.second)]
    if event.first.side == event.second.side:
        around[1] = reverse(around[1])
    return max(0.0, 1 - edlib.align(*around, mode="NW")["editDistance"] / max(1, *map(len, around)))


def complexity(event: Event, sequences: Sequences) -> float:
    """Different pieces of 3 bases over the most that are possible in the SIDE bases that are kept, at the simpler end:
    0-1; 0.02 of a microsatellite of two bases, above 0.6 of most others."""
    found = []
    for end in (event.first, event.second):
        kept = sequences.kept(end, SIDE)
        pieces = {kept[at : at + 3] for at in range(len(kept) - 2)}
        found.append(len(pieces) / max(1, min(64, len(kept) - 2)))
    return min(found)


def depth_ratio(event: Event, alignment: pysam.AlignmentFile, window: int = 2_500) -> float | None:
    """Reads that begin within an event over those next to it, by bases; None of a short one or without reads. Of four
    windows next to it the median counts: one of them may lie in another event."""
    if event.kind not in ("DEL", "DUP") or event.length < MIN_DEPTH:
        return None
    contig, start, end = event.first.contig, event.first.cut, event.second.cut
    size = min(window, event.length)
    steps = range(start, end - size + 1, max(size, (end - start) // 4))
    inside = _begin_within(alignment, contig, [(at, at + size) for at in steps])
    total = alignment.get_reference_length(contig)
    flanks = []
    for apart in (500, 500 + 4 * window):
        flanks += [(start - apart - window, start - apart), (end + apart, end + apart + window)]
    places = [(max(0, first), min(last, total)) for first, last in flanks]
    depths = [_begin_within(alignment, contig, [place]) or 0 for place in places if place[1] - place[0] >= 500]
    outside = median(depths) if depths else 0
    return inside / outside if inside is not None and outside else None


def _begin_within(alignment: pysam.AlignmentFile, contig: str, places: Sequence[tuple[int, int]]) -> float | None:
    """Reads that begin in places, per base."""
    bases = sum(end - start for start, end in places)
    reads = sum(
        is_counted(read) and start <= read.reference_start < end
        for start, end in places
        if end > start
        for read in alignment.fetch(contig, start, end)
    )
    return reads / bases if bases else None
