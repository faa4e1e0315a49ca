"""Reads of a sample around a variant or an end of one, as data for a drawing: where each differs from the reference.

Positions are offsets from the start of the window, 0-based half-open. A read is a mapping of `start`, `end` (what is
aligned within the window), `reverse`, `shows` (whether it has the allele, or the end, as it is aligned or clipped) and
`marks`, each [offset, kind, value]: base (the other base, in lower case where its quality is below 20), ins (bases),
del (bases), clip_left, clip_right (the bases that are not aligned, from the end of the alignment outwards).
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from heapq import nsmallest
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

import pysam

from gms.genome.alleles import Allele

AROUND = 40  # bases on both sides of an allele
SHOWN, OTHERS = 16, 10  # reads that show the allele and other reads, at most; the numbers of all are given
CODON = 3  # bases, up to which an allele of the reference's length is compared base by base
PADS = (10, 4, 1)  # bases on both sides of an indel that are looked at with it, as far as the read reaches
LONG = 15  # bases inserted, from which clipped reads are looked at
ENDS = 8  # bases on both sides of a clipped end that must be those of the allele
MORE = 120  # bases, at most, behind a long insertion
# Of a sample, more are not read: reads that begin at an end come last, behind all of a deep mitochondrion or panel.
READS = 50_000
NEAR = 20  # bases between an end and a clipped read that shows it: ends share bases, or have some of a target site
GAP = 30  # bases of a gap or an insertion of a read that shows an end without being clipped
WEAK = 20  # phred, of a base
LEFT_OUT = pysam.FUNMAP | pysam.FSECONDARY | pysam.FQCFAIL | pysam.FDUP | pysam.FSUPPLEMENTARY

Mark = list[Any]
Read = dict[str, Any]


class Window(NamedTuple):
    """A piece of the reference, with the allele in it."""

    contig: str
    start: int
    bases: str
    allele: Allele

    @property
    def end(self) -> int:
        return self.start + len(self.bases)

    @property
    def inserted(self) -> int:
        """Bases that the allele has more than the reference."""
        return max(0, len(self.allele.alt) - len(self.allele.ref))

    @property
    def changed(self) -> str:
        """The window on a molecule with the allele."""
        at = self.allele.pos - self.start
        return self.bases[:at] + self.allele.alt + self.bases[at + len(self.allele.ref) :]

    @property
    def looked_at(self) -> tuple[int, int]:
        """The stretch whose reads are looked at."""
        return self.allele.pos, self.allele.pos + 1 + (self.inserted if self.inserted >= LONG else 0)

    def shown_by(self, one: pysam.AlignedSegment) -> bool:
        return shows(one, self)


class End(NamedTuple):
    """A piece of the reference around a cut, 0-based, between base cut-1 and base cut; `sides` that are joined to
    something else there: 3 for what ends at the cut, 5 for what begins there, 35 for both."""

    contig: str
    start: int
    bases: str
    cut: int
    sides: str

    @property
    def looked_at(self) -> tuple[int, int]:
        return max(0, self.cut - NEAR), self.cut + NEAR

    def shown_by(self, one: pysam.AlignedSegment) -> bool | None:
        """Whether the read is clipped at the cut, or has a long gap or insertion that begins or ends there; None of one
        that is not and does not lie over the cut."""
        steps = one.cigartuples
        clips = {"3": (steps[-1], one.reference_end), "5": (steps[0], one.reference_start)}
        for side in self.sides:
            (operation, length), place = clips[side]
            if operation == pysam.CSOFT_CLIP and length >= ENDS and abs(place - self.cut) <= NEAR:
                return True
        if any(abs(place - self.cut) <= NEAR for place in _gaps(one)):
            return True
        return False if one.reference_start < self.cut < one.reference_end else None


def end_of(contig: str, cut: int, sides: str, reference: pysam.FastaFile) -> End:
    """A cut with what is around it."""
    start, stop = max(0, cut - AROUND), min(reference.get_reference_length(contig), cut + AROUND)
    return End(contig, start, reference.fetch(contig, start, stop).upper(), cut, sides)


@contextmanager
def opened(alignments: Sequence[str], fasta: str) -> Iterator[dict[str, pysam.AlignmentFile]]:
    """Open alignments by the sample that they are named after."""
    files = {Path(path).stem: pysam.AlignmentFile(path, reference_filename=fasta) for path in alignments}
    try:
        yield files
    finally:
        for file in files.values():
            file.close()


def window_of(contig: str, allele: Allele, reference: pysam.FastaFile) -> Window:
    """The allele with what is around it; behind a long insertion as much more as it may duplicate."""
    start, longer = max(0, allele.pos - AROUND), max(0, len(allele.alt) - len(allele.ref))
    end = min(reference.get_reference_length(contig), allele.pos + len(allele.ref) + AROUND + min(longer, MORE))
    return Window(contig, start, reference.fetch(contig, start, end).upper(), allele)


def sample_reads(window: Window | End, alignments: pysam.AlignmentFile) -> dict[str, Any]:
    """`showing` and `others`: numbers of reads over the allele or the end; `reads`: some of both, by their start;
    `cut`: there are more reads, which were not looked at."""
    found: tuple[list[pysam.AlignedSegment], list[pysam.AlignedSegment]] = ([], [])
    is_cut = False
    for number, one in enumerate(alignments.fetch(window.contig, *window.looked_at)):
        if number == READS:
            is_cut = True
            break
        if not one.flag & LEFT_OUT and one.query_sequence and one.cigartuples:
            shown = window.shown_by(one)
            if shown is not None:
                found[not shown].append(one)
    chosen = [
        row(one, window, shown)
        for group, most, shown in zip(found, (SHOWN, OTHERS), (True, False), strict=True)
        for one in nsmallest(most, group, key=lambda one: crc32(f"{one.query_name} {one.flag}".encode()))
    ]
    chosen.sort(key=lambda read: (not read["shows"], read["start"], read["end"], str(read["marks"])))
    return {"showing": len(found[0]), "others": len(found[1]), "cut": is_cut, "reads": chosen}


def row(one: pysam.AlignedSegment, window: Window | End, shown: bool) -> Read:
    """One read as data."""
    marks = sorted(_marks(one, window), key=lambda mark: (mark[0], mark[1]))
    return {
        "start": max(0, one.reference_start - window.start),
        "end": min(len(window.bases), one.reference_end - window.start),
        "reverse": one.is_reverse,
        "shows": shown,
        "marks": marks,
    }


def _marks(one: pysam.AlignedSegment, window: Window | End) -> Iterator[Mark]:
    """Where the read differs from the reference within the window."""
    bases, at, place = one.query_sequence, 0, one.reference_start - window.start
    size = len(window.bases)
    for number, (operation, length) in enumerate(one.cigartuples):
        if operation in (pysam.CMATCH, pysam.CEQUAL, pysam.CDIFF):
            yield from _other_bases(one, at, place, length, window.bases)
        elif operation == pysam.CINS and 0 <= place < size:
            yield [place, "ins", bases[at : at + length]]
        elif operation == pysam.CDEL and place < size and place + length > 0:
            yield [place, "del", length]
        elif operation == pysam.CSOFT_CLIP and 0 <= place <= size:
            clipped = bases[at : at + length]
            yield (
                [place, "clip_left", clipped[::-1][:place]]
                if number < 1
                else [place, "clip_right", clipped[: size - place]]
            )
        at += length * (operation in (0, 1, 4, 7, 8))
        place += length * (operation in (0, 2, 3, 7, 8))


def _other_bases(one: pysam.AlignedSegment, at: int, place: int, length: int, reference: str) -> Iterator[Mark]:
    first, last = max(0, -place), min(length, len(reference) - place)
    if last <= first or one.query_sequence[at + first : at + last] == reference[place + first : place + last]:
        return
    for step in range(first, last):
        base = one.query_sequence[at + step]
        if base != reference[place + step]:
            is_weak = one.query_qualities is not None and one.query_qualities[at + step] < WEAK
            yield [place + step, "base", base.lower() if is_weak else base]


def shows(one: pysam.AlignedSegment, window: Window) -> bool:
    """Whether the read has the allele: what it has between the bases around it is nearer to the allele than to the
    reference; of a long insertion also, whether the bases around its clipped end are those of the allele."""
    allele, at = window.allele, window.allele.pos - window.start
    for pad in (0,) if len(allele.ref) == len(allele.alt) <= CODON else PADS:
        has = _between(one, allele.pos - pad, allele.pos + len(allele.ref) + pad)
        if has is not None:
            before, behind = window.bases[max(0, at - pad) : at], window.bases[at + len(allele.ref) :][:pad]
            if _distance(has, before + allele.alt + behind) < _distance(has, before + allele.ref + behind):
                return True
            break
    return window.inserted >= LONG and any(ends in window.changed for ends in _clipped_ends(one))


def _between(one: pysam.AlignedSegment, start: int, end: int) -> str | None:
    """What the read has between two places, None where it does not reach over both."""
    if one.reference_start > start or one.reference_end < end:
        return None
    first = last = None
    at, place = 0, one.reference_start
    for operation, length in one.cigartuples:
        takes, moves = operation in (0, 1, 4, 7, 8), operation in (0, 2, 3, 7, 8)
        if moves and place <= start < place + length:
            first = at + (start - place) * takes
        if moves and place < end <= place + length:
            last = at + (end - place) * takes
        at, place = at + length * takes, place + length * moves
    return None if first is None or last is None else one.query_sequence[first:last]


def _distance(one: str, other: str) -> int:
    """Different bases; of another length, more than any."""
    if len(one) != len(other):
        return 1_000 + abs(len(one) - len(other))
    return sum(a != b for a, b in zip(one, other, strict=True))


def _clipped_ends(one: pysam.AlignedSegment) -> Iterable[str]:
    """The bases around each clipped end."""
    bases, steps = one.query_sequence, one.cigartuples
    for (operation, length), at in ((steps[0], steps[0][1]), (steps[-1], len(bases) - steps[-1][1])):
        if operation == pysam.CSOFT_CLIP and length >= ENDS:
            yield bases[at - ENDS : at + ENDS]


def _gaps(one: pysam.AlignedSegment) -> Iterator[int]:
    """Where long gaps and insertions of a read begin and end."""
    place = one.reference_start
    for operation, length in one.cigartuples:
        behind = place + length * (operation in (0, 2, 3, 7, 8))
        if operation in (pysam.CINS, pysam.CDEL) and length >= GAP:
            yield from (place, behind)
        place = behind
