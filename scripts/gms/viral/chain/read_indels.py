"""Indels as the alignments and clipped ends of reads show them, and where reads begin.

`bcftools mpileup` (1.16) misses an indel near another one, since it aligns reads again to the reference with one of
them; and no alignment shows a long insertion near the ends of reads: of i bases it costs bwa 6 + i, a clipped tail
only the bases of the tail, and in amplicons all reads over a place may end close behind it. Clipped reads still hold
it: what is next to the alignment is the insertion, and behind it the reference goes on. Positions are 0-based.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pysam

from gms.genome.alleles import Allele, left_align, span
from gms.viral.chain.alleles import Observed, better
from gms.viral.chain.primer_scheme import Primer

_SHORTEST = 10  # bases of the reference behind an insertion by which one side alone shows it
_HOMOLOGY = 30  # bases by which the places of clips on both sides may differ
_OVERLAP = 8  # bases that parts of an insertion from both sides share, where no read shows it whole
_CLIP = 5  # bases of a clip that is looked at
_LONGEST = 60  # bases of an insertion
_UNMAPPED, _REVERSE, _NOT_PRIMARY = 0x4, 0x10, 0x900  # flags of a read
_INSERTED, _DELETED, _SOFT = 1, 2, 4  # operations of a CIGAR
_FLANK = 5  # aligned bases on both sides of an indel by which a read passes it
_LEFT, _RIGHT = "left", "right"
_OTHER = {_LEFT: _RIGHT, _RIGHT: _LEFT}


class ReadEnds(NamedTuple):
    """What one pass over an alignment shows.

    `starts`: reads by (strand, outer end); of a forward read its first base, of a reverse one the base after its last.
    `clips`: sequences clipped at (place, side): what would be before the base at `place` (left) or at it (right).
    `indels`: reads by (place, inserted bases, number of deleted bases), as aligned.
    `mapped`, `reads`: primary reads on the virus, and all.
    """

    starts: Counter
    clips: dict[tuple[int, str], Counter]
    indels: Counter
    mapped: int
    reads: int


def read_ends(bam: Path, mapping_quality: int, primers: Sequence[Primer]) -> ReadEnds:
    """Ends, clipped parts and indels of the primary reads; clips at the inner ends of primers are of ampliconclip."""
    found, reads, mapped = ReadEnds(Counter(), defaultdict(Counter), Counter(), 0, 0), 0, 0
    inner = {(primer.end, _LEFT) for primer in primers if primer.side == "LEFT"}
    inner |= {(primer.start, _RIGHT) for primer in primers if primer.side == "RIGHT"}
    with pysam.AlignmentFile(str(bam)) as file:
        for read in file:
            if read.flag & _NOT_PRIMARY:
                continue
            reads += 1
            if not read.flag & _UNMAPPED and read.cigartuples:
                mapped += 1
                _add(read, found, inner, mapping_quality)
    return found._replace(mapped=mapped, reads=reads)


def _add(read: pysam.AlignedSegment, found: ReadEnds, inner: set[tuple[int, str]], mapping_quality: int) -> None:
    """Count one aligned read."""
    cigar, start, end = read.cigartuples, read.reference_start, read.reference_end
    first = cigar[0][1] if cigar[0][0] == _SOFT else 0
    last = cigar[-1][1] if cigar[-1][0] == _SOFT else 0
    found.starts[("-", end + last) if read.flag & _REVERSE else ("+", start - first)] += 1
    if read.mapping_quality < mapping_quality:
        return
    if len(cigar) > 2:
        found.indels.update(indels_of_read(start, cigar, read.query_sequence))
    if first >= _CLIP and (start, _LEFT) not in inner:
        found.clips[start, _LEFT][read.query_sequence[:first]] += 1
    if last >= _CLIP and (end, _RIGHT) not in inner:
        found.clips[end, _RIGHT][read.query_sequence[-last:]] += 1


def indels_of_read(place: int, cigar: list[tuple[int, int]], sequence: str) -> Iterator[tuple[int, str, int]]:
    """(place, inserted bases, deleted bases) of a read that is aligned from `place`.

    A deletion next to a clip is left out: it was cut where the primer begins, and may be longer.
    """
    at = 0
    for number, (operation, length) in enumerate(cigar):
        if operation == _INSERTED:
            yield place, sequence[at : at + length], 0
        elif operation == _DELETED and _SOFT not in (cigar[number - 1][0], cigar[min(number + 1, len(cigar) - 1)][0]):
            yield place, "", length
        at += length if operation in (0, _INSERTED, _SOFT, 7, 8) else 0
        place += length if operation in (0, _DELETED, 3, 7, 8) else 0


def indels_by_reads(
    ends: ReadEnds, bam: Path, genome: str, known: Iterable[Observed], least: int, fraction: float
) -> list[Observed]:
    """Indels of at least `least` reads and of `fraction` of the reads that pass their place.

    Left out are those that `known` shows better.
    """
    aligned, clipped = _aligned(ends, genome, least), _clipped(ends, genome, least)
    seen = {one.allele: one for one in known if one.is_indel}
    made = []
    with pysam.AlignmentFile(str(bam)) as file:
        for allele in sorted({*aligned, *clipped}):
            votes, is_deletion = aligned[allele] + clipped[allele], len(allele.ref) > 1
            total = _passing(file, allele, genome) + (votes if is_deletion else clipped[allele])
            one = Observed(allele, votes, max(votes, total), votes, 99.0)
            if votes >= least and one.fraction >= fraction and better(one, seen.get(allele, one)) is one:
                made.append(one)
    return made


def unresolved_places(
    ends: ReadEnds, bam: Path, genome: str, indels: Iterable[Observed], least: int, fraction: float
) -> set[int]:
    """Bases around places at which reads from both sides are clipped, `fraction` of the reads and more, and that no
    indel explains: there is an insertion of which the reads show the ends only."""
    explained = {
        place
        for one in indels
        if one.is_indel and one.fraction >= fraction
        for place in range(one.allele.pos - _HOMOLOGY, one.allele.pos + len(one.allele.ref) + _HOMOLOGY)
    }
    found: set[int] = set()
    with pysam.AlignmentFile(str(bam)) as file:
        for (place, side), clips in ends.clips.items():
            if side == _RIGHT or not place or place in explained or sum(clips.values()) < least:
                continue
            for there in range(place, min(place + _HOMOLOGY + 1, len(genome))):
                clipped = min(sum(clips.values()), sum(ends.clips.get((there, _RIGHT), Counter()).values()))
                if clipped >= least and clipped >= fraction * (clipped + _over(file, place - 1, there)):
                    found |= set(range(place - 1, there + 1))
    return found


def _aligned(ends: ReadEnds, genome: str, least: int) -> Counter:
    votes: Counter = Counter()
    for (place, inserted, deleted), number in ends.indels.items():
        if number >= least and place:
            ref = genome[place - 1 : place + deleted]
            votes[left_align(Allele(place - 1, ref, ref[0] + inserted), genome)] += number
    return votes


def _clipped(ends: ReadEnds, genome: str, least: int) -> Counter:
    votes: Counter = Counter()
    for (place, side), sequences in ends.clips.items():
        if place and sum(sequences.values()) >= least:
            insert, number = _insertion(place, side, ends.clips, genome)
            if insert:
                anchor = genome[place - 1]
                votes[left_align(Allele(place - 1, anchor, anchor + insert), genome)] += number
    return votes


def _passing(file: pysam.AlignmentFile, allele: Allele, genome: str) -> int:
    """Primary reads aligned base by base over all equivalent places of an indel and some bases on both sides."""
    first, last = span(allele, genome)
    return _over(file, first, last)


def _over(file: pysam.AlignmentFile, first: int, last: int) -> int:
    """Primary reads aligned base by base from behind `first` to before `last` and some bases on both sides."""
    start, end = max(0, first + 1 - _FLANK), min(file.lengths[0], last + _FLANK)
    reads = file.fetch(file.references[0], first, first + 1)
    return sum(
        1
        for read in reads
        if not read.flag & (_NOT_PRIMARY | _UNMAPPED) and read.get_overlap(start, end) == end - start
    )


def _insertion(place: int, side: str, clips: dict[tuple[int, str], Counter], genome: str) -> tuple[str, int]:
    """The insertion that most of the clipped sequences show at a place, and how many; '' where they show none."""
    others = list(_across(place, side, clips, genome))
    votes: Counter = Counter()
    for sequence, number in clips[place, side].items():
        for length in range(1, min(_LONGEST, len(sequence)) + 1):
            insert, rest = _split(sequence, length, side)
            if _goes_on(rest, place, side, genome) and (
                len(rest) >= _SHORTEST or any(_confirms(text, insert, place, _OTHER[side], genome) for text in others)
            ):
                votes[insert] += number
                break
    return votes.most_common(1)[0] if votes else _joined(clips[place, side], side, others)


def _joined(clipped: Counter, side: str, others: Iterable[str]) -> tuple[str, int]:
    """The insertion of which each side shows a part only, by the overlap of the two, and how many clips show it; ''
    where they do not overlap."""
    own = clipped.most_common(1)[0][0]
    for other in others:
        before, behind = (other, own) if side == _LEFT else (own, other)
        for overlap in range(min(len(before), len(behind)), _OVERLAP - 1, -1):
            if before.endswith(behind[:overlap]):
                insert = before + behind[overlap:]
                shows = insert.endswith if side == _LEFT else insert.startswith
                return insert, sum(number for text, number in clipped.items() if shows(text))
    return "", 0


def _across(place: int, side: str, clips: dict[tuple[int, str], Counter], genome: str) -> Iterator[str]:
    """What reads clipped on the other side show from a place on: where the insertion begins like what follows it,
    alignments from the left go on beyond the place at which those from the right end."""
    for step in range(_HOMOLOGY + 1):
        there = place + step if side == _LEFT else place - step
        for text, number in clips.get((there, _OTHER[side]), Counter()).most_common(3):
            if number > 1:
                yield genome[place:there] + text if side == _LEFT else text + genome[there:place]


def _split(sequence: str, length: int, side: str) -> tuple[str, str]:
    """An insertion of `length` bases next to the alignment, and what is clipped behind it."""
    at = len(sequence) - length if side == _LEFT else length
    return (sequence[at:], sequence[:at]) if side == _LEFT else (sequence[:at], sequence[at:])


def _goes_on(rest: str, place: int, side: str, genome: str) -> bool:
    """Whether the reference has `rest` before (left) or from (right) a place."""
    there = genome[max(0, place - len(rest)) : place] if side == _LEFT else genome[place : place + len(rest)]
    return len(there) == len(rest) and _alike(rest, there)


def _confirms(clip: str, insert: str, place: int, side: str, genome: str) -> bool:
    """Whether a clip on the other side of a place shows the same insertion, whole or the part of it that was read."""
    if len(clip) < len(insert):
        return insert.startswith(clip) if side == _RIGHT else insert.endswith(clip)
    own, rest = _split(clip, len(insert), side)
    return own == insert and _goes_on(rest, place, side, genome)


def _alike(one: str, other: str) -> bool:
    """Whether two sequences of one length agree but for an error of sequencing in 20 bases."""
    return sum(a != b for a, b in zip(one, other, strict=True)) <= len(one) // 20
