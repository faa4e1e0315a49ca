"""The reads of one sample of RNA, once from its first to its last: what is joined, and how far apart mates are."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cache
from typing import NamedTuple

import pysam

from gms.variants.rna.junctions import End, Junction, Segment, Split, introns, joined, other_segments, parsed

FAR = 100_000  # bases between mates from which a fragment may hold two genes
UNIQUE = 10  # mapping quality: STAR gives 255 to a read that fits at one place, 3 and less to others
MOST = 20_000  # reads at an end of a junction of which those of the usual transcript are counted


class Seen(NamedTuple):
    """What the reads show: fragments (by name) of each junction, and pairs (name, inner ends of both mates) that do
    not lie within FAR bases, facing each other; numbers of fragments and of reads in two parts."""

    splits: dict[Junction, dict[str, Split]]
    pairs: list[tuple[str, End, End]]
    fragments: int
    chimeric: int


def look(alignment: pysam.AlignmentFile, wanted: Callable[[Junction], bool]) -> Seen:
    """What the reads of a sample show; `wanted`: of which introns the fragments are kept. Duplicates do not count."""
    splits: dict[Junction, dict[str, Split]] = defaultdict(dict)
    waiting, pairs = {}, []
    fragments = chimeric = 0
    wanted = cache(wanted)
    for read in alignment.fetch(until_eof=True):
        if read.is_unmapped or _is_left_out(read):
            continue
        fragments += not read.is_read2
        parts = list(other_segments(read.get_tag("SA"))) if read.has_tag("SA") else []
        chimeric += bool(parts)
        for junction, overhang in _joined(read, parts, wanted):
            _add(splits[junction], read, overhang)
        if not parts and _is_far(read):
            mate = waiting.pop(read.query_name, None)
            if mate is None:
                waiting[read.query_name] = _inner(read)
            else:
                pairs.append((read.query_name, mate, _inner(read)))
    return Seen(dict(splits), pairs, fragments, chimeric)


def _is_left_out(read: pysam.AlignedSegment) -> bool:
    return read.is_secondary or read.is_supplementary or read.is_duplicate or read.is_qcfail


def _joined(
    read: pysam.AlignedSegment, parts: Sequence[Segment], wanted: Callable[[Junction], bool]
) -> Iterator[tuple[Junction, int]]:
    """Junctions of a read, with the aligned bases on the side with fewer."""
    if not parts and "N" not in read.cigarstring:
        return
    own = Segment(read.reference_name, read.reference_start, not read.is_reverse, parsed(read.cigarstring))
    yield from (joined(own, other) for other in parts)
    yield from (found for found in introns(own) if wanted(found[0]))


def _add(shown: dict[str, Split], read: pysam.AlignedSegment, overhang: int) -> None:
    before = shown.get(read.query_name)
    found = Split(overhang, read.mapping_quality >= UNIQUE)
    shown[read.query_name] = max(before, found) if before else found


def _is_far(read: pysam.AlignedSegment) -> bool:
    if not read.is_paired or read.mate_is_unmapped or read.mapping_quality < UNIQUE:
        return False
    if read.reference_id != read.next_reference_id or read.is_reverse == read.mate_is_reverse:
        return True
    apart = read.next_reference_start - read.reference_start
    return abs(apart) > FAR or (apart < 0) != read.is_reverse and apart != 0


def _inner(read: pysam.AlignedSegment) -> End:
    """The end of a mate that faces the other one, and so the junction."""
    if read.is_reverse:
        return End(read.reference_name, read.reference_start, "5")
    return End(read.reference_name, read.reference_end, "3")


def crossing(alignment: pysam.AlignmentFile, end: End, without: Collection[str] = ()) -> int:
    """Fragments of the usual transcript at an end, `without` those of a fusion: a read has the last kept base and goes
    on beyond the cut."""
    names, kept = set(), end.cut - 1 if end.side == "3" else end.cut
    for number, read in enumerate(alignment.fetch(end.contig, max(0, kept), kept + 1)):
        if number >= MOST:
            break
        if _is_left_out(read):
            continue
        goes_on = read.reference_end > end.cut if end.side == "3" else read.reference_start < end.cut
        if goes_on and any(start <= kept < stop for start, stop in read.get_blocks()):
            names.add(read.query_name)
    return len(names.difference(without))
