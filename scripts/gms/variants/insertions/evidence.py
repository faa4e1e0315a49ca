"""Reads of a sample that show an insertion, and those that show the reference at its place. Positions are 0-based."""

from dataclasses import dataclass, field

import edlib
import pysam

from gms.variants.insertions.placement import placed_quality
from gms.variants.insertions.proposals import Proposal
from gms.variants.structural.evidence import CERTAIN_MAPQ, MIN_MAPQ, MOST
from gms.variants.structural.fragments import MIN_OVERLAP, Library, clip_at, covers, is_unusual

SLIP = 10  # bases by which an aligner runs on into what is inserted, or stops before
MIN_CLIP = 6  # bases that tell the inserted from the reference's
MAX_DIFFERENCES = 0.15  # of a clipped end: errors, and the slipping poly-A
SHOWN = 30  # inserted bases within an alignment
_IGNORED = pysam.FUNMAP | pysam.FSECONDARY | pysam.FQCFAIL | pysam.FDUP
_CLIPS = (pysam.CSOFT_CLIP, pysam.CHARD_CLIP)


@dataclass(slots=True)
class Shown:
    """Names of fragments: clipped at the first and the last inserted base, with the reference across the place, and
    with a mate elsewhere; mapping qualities of the first two; `unlike`: clipped there with other bases; reads that fit
    elsewhere as well, and all."""

    first: set[str] = field(default_factory=set)
    last: set[str] = field(default_factory=set)
    reference: set[str] = field(default_factory=set)
    mates: set[str] = field(default_factory=set)
    unlike: set[str] = field(default_factory=set)
    qualities: list[int] = field(default_factory=list)
    ambiguous: int = 0
    reads: int = 0

    @property
    def alt(self) -> int:
        """Fragments of the end that more show: of the other one, many reads are placed at copies of the element."""
        return max(len(self.first), len(self.last))

    @property
    def ref(self) -> int:
        return len(self.reference - self.first - self.last)


def look_at(found: Proposal, alignment: pysam.AlignmentFile, library: Library) -> Shown:
    """What a sample shows of an insertion; nothing where its reads are not paired."""
    shown = Shown()
    if not library.is_paired:
        return shown
    stop = min(alignment.get_reference_length(found.contig), found.end + library.longest)
    for read in alignment.fetch(found.contig, max(0, found.start - library.longest), stop):
        if read.flag & _IGNORED or not read.cigartuples:
            continue
        shown.reads += 1
        if shown.reads > MOST:
            break
        if (quality := placed_quality(read)) < MIN_MAPQ:
            shown.ambiguous += 1
        elif side := side_of(read, found):
            for names in {"first": [shown.first], "last": [shown.last], "both": [shown.first, shown.last]}[side]:
                names.add(read.query_name)
            shown.qualities.append(quality)
        elif covers_all(read, found):
            shown.reference.add(read.query_name)
        elif any(covers(read, cut) and clip_at(read, cut) for cut in (found.before, found.behind)):
            shown.unlike.add(read.query_name)
        elif is_before_novel(read, found, library):
            shown.mates.add(read.query_name)
    return shown


def side_of(read: pysam.AlignedSegment, found: Proposal) -> str:
    """'first' or 'last' of a read clipped where the inserted bases begin or end, 'both' of one that spans them, or
    ''."""
    cigar = read.cigartuples
    start, end = read.reference_start, read.reference_end
    if any(operation == pysam.CINS and size >= SHOWN for operation, size in cigar):
        near = start + MIN_OVERLAP <= found.end + SLIP and end - MIN_OVERLAP >= found.start - SLIP
        return "both" if near else ""
    if cigar[-1][0] in _CLIPS and abs(end - found.before) <= SLIP:
        return "first" if fits(*clipped(read, True), end - found.before, found.prefix) else ""
    if cigar[0][0] in _CLIPS and abs(start - found.behind) <= SLIP:
        return "last" if fits(*clipped(read, False), found.behind - start, found.suffix[::-1]) else ""
    return ""


def clipped(read: pysam.AlignedSegment, right: bool) -> tuple[str | None, int]:
    """Clipped bases outwards (None of a supplementary alignment, which has none), and their number."""
    operation, size = read.cigartuples[-1 if right else 0]
    if operation == pysam.CHARD_CLIP:
        return None, size
    bases = read.query_sequence
    return (bases[-size:] if right else bases[:size][::-1]), size


def fits(clip: str | None, size: int, ahead: int, inserted: str) -> bool:
    """Whether a clip is what is inserted, both outwards; `ahead`: inserted bases that the alignment has taken in."""
    if clip is None:
        return size >= MIN_OVERLAP
    clip, inserted = (clip, inserted[ahead:]) if ahead >= 0 else (clip[-ahead:], inserted)
    shared = min(len(clip), len(inserted))
    if shared < MIN_CLIP:
        return False
    most = int(MAX_DIFFERENCES * shared)
    return edlib.align(clip[:shared], inserted[: shared + most], mode="SHW", k=most)["editDistance"] >= 0


def covers_all(read: pysam.AlignedSegment, found: Proposal) -> bool:
    """Whether it is aligned across the place, enough on both sides to tell."""
    return read.reference_start <= found.start - MIN_OVERLAP and read.reference_end >= found.end + MIN_OVERLAP


def is_before_novel(read: pysam.AlignedSegment, found: Proposal, library: Library) -> bool:
    """Whether a read points at the place, and its mate is not on the other side of it."""
    if read.is_supplementary or read.mapping_quality < CERTAIN_MAPQ or not read.is_paired:
        return False
    if read.is_reverse:
        near = found.start - SLIP <= read.reference_start < found.start + library.longest - library.read
    else:
        near = found.end - library.longest + library.read < read.reference_end <= found.end + SLIP
    return near and (read.mate_is_unmapped or is_unusual(read, library))
