"""Candidate insertions, tandem duplications and deletions that no caller proposes, from clipped ends of reads.

The sequence that reads show beyond a base is followed until it is reference again (split reads: Pindel, Ye 2009,
doi:10.1093/bioinformatics/btp394), or until it meets what reads show from the other side. What is proposed is counted
like any other allele. Coordinates are 0-based half-open.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

import edlib

from gms.genome.alleles import Allele, left_align
from gms.variants.small.clipped_reads import ClippedEnd

CLIPPED_READS = "clipped_reads"  # in INFO/CALLERS
SEED = 16  # bases that must match exactly: by chance once in 10 million windows of MAX_LENGTH
MIN_LENGTH = 10  # inserted bases; aligners show shorter insertions
MIN_SHOWN = 6  # inserted bases of an alignment: the shortest internal tandem duplications looked for
MAX_LENGTH = 320  # inserted bases: two reads of 150 reach so far from both sides, with what is put into a duplication
MAX_DELETED = 100  # bases; reads of 100 bases are clipped from 35 on (CALR type 1: 52), which bwa prefers to a gap
MIN_FRAGMENTS = 3  # clipped, for an allele
MAX_EDITS = 3  # bases
MAX_MISMATCHES = 0.05
TAIL = 5  # bases
WHOLE = 0.75  # of a duplication's bases are its copy, the others filler, which reads are clipped at
NOTHING: Mapping[Allele, set[str]] = MappingProxyType({})


def long_insertions(
    ends: Sequence[ClippedEnd], sequence: str, offset: int, shown: Mapping[Allele, set[str]] = NOTHING
) -> set[Allele]:
    """Alleles that at least MIN_FRAGMENTS clipped fragments spell, or that alignments show (shown_insertions);
    `sequence` is the contig from 0-based `offset`."""
    support: dict[Allele, set[str]] = defaultdict(set, {a: set(names) for a, names in shown.items()})
    alone = {end: continued(end, sequence, offset) for end in ends}
    for right, left in facing(ends):
        if not (alone[right] or alone[left]) and (allele := bridged(right, left, sequence, offset)):
            support[allele] |= right.fragments | left.fragments
    known = [allele.pos for allele in (*support, *alone.values()) if allele]
    for end in ends:  # where nothing else is near, its last bases may have a substitution
        if not any(abs(pos - end.pos) <= MAX_LENGTH for pos in known):
            alone[end] = continued(end._replace(text=end.text[:-TAIL]), sequence, offset)
    doubled = {one for pair in facing(ends) if (one := doubled_copy(*pair, alone))}
    for end, allele in alone.items():
        if allele in doubled and len(end.text) < len(allele.alt) + TAIL:
            support[allele._replace(alt=allele.alt + allele.alt[1:])] |= end.fragments
        elif allele:
            support[allele] |= end.fragments
    numbers = {a: len(fragments) for a, fragments in support.items() if len(fragments) >= MIN_FRAGMENTS}
    found = distinct(numbers, sequence, offset)
    return {a for a in found if a in doubled or not any(similar(a, one, sequence, offset) for one in doubled)}


def long_deletions(ends: Sequence[ClippedEnd], sequence: str, offset: int) -> set[Allele]:
    """Deletions of at most MAX_DELETED bases that at least MIN_FRAGMENTS clipped fragments show."""
    support: dict[Allele, set[str]] = defaultdict(set)
    for end in ends:
        if allele := resumed(end, sequence, offset):
            support[allele] |= end.fragments
    return {allele for allele, fragments in support.items() if len(fragments) >= MIN_FRAGMENTS}


def resumed(end: ClippedEnd, sequence: str, offset: int) -> Allele | None:
    """The deletion behind which the clipped end is reference again, the shortest one."""
    here = end.pos - offset
    reach = MAX_DELETED + len(end.text)
    window = sequence[here : here + reach] if end.right else sequence[max(0, here - reach) : here][::-1]
    deleted = MIN_LENGTH - 1
    while len(end.text) >= SEED and 0 <= (deleted := window.find(end.text[:SEED], deleted + 1)) <= MAX_DELETED:
        if ends_alike(end.text, window[deleted : deleted + len(end.text)]):
            return joined(end, "", end.pos + (deleted if end.right else -deleted), sequence, offset)
    return None


def shown_insertions(
    inserted: Mapping[tuple[int, str], set[str]], sequence: str, offset: int
) -> dict[Allele, set[str]]:
    """Alleles of the insertions that alignments show (ClippedReads.inserted), with their fragments; callers leave those
    of few reads out where they are longer than what they propose."""
    support: dict[Allele, set[str]] = defaultdict(set)
    for (pos, bases), fragments in inserted.items():
        if pos >= offset:
            anchor = sequence[pos - offset]
            support[left_align(Allele(pos, anchor, anchor + bases), sequence, offset)] |= fragments
    return support


def distinct(support: Mapping[Allele, int], sequence: str, offset: int) -> set[Allele]:
    """The alleles without those that differ by MAX_EDITS bases or fewer from one that more fragments spell: sequencing
    errors in what they spell."""
    kept: list[Allele] = []
    for allele in sorted(support, key=lambda allele: (-support[allele], allele)):
        if not any(similar(allele, other, sequence, offset) for other in kept):
            kept.append(allele)
    return set(kept)


def similar(one: Allele, other: Allele, sequence: str, offset: int) -> bool:
    """Whether two insertions make nearly the same sequence."""
    low, high = sorted((one.pos, other.pos))
    if high - low > MAX_LENGTH:
        return False
    before = {a: sequence[low - offset : a.pos - offset] for a in (one, other)}
    behind = {a: sequence[a.pos + 1 - offset : high + 1 - offset] for a in (one, other)}
    edits = min(MAX_EDITS, (min(len(one.alt), len(other.alt)) - 1) * MAX_EDITS // MIN_LENGTH)  # fewer of a short one
    return edlib.align(*(before[a] + a.alt + behind[a] for a in (one, other)), k=edits)["editDistance"] >= 0


def continued(end: ClippedEnd, sequence: str, offset: int) -> Allele | None:
    """The insertion after which the clipped end is reference again: the one that adds the fewest bases to it. Bases in
    which a copy differs from the reference are the reads'."""
    low = max(0, end.pos - offset - MAX_LENGTH)
    window = sequence[low : end.pos - offset + MAX_LENGTH]
    here = end.pos - offset - low
    if not end.right:
        window, here = window[::-1], len(window) - here
    for added in range(len(end.text) - SEED + 1):
        back = here
        while (back := window.rfind(end.text[added : added + SEED], 0, back + SEED)) >= 0:
            resumed, copied = window[back : back + len(end.text) - added], here - back
            if MIN_LENGTH <= copied + added <= MAX_LENGTH and ends_alike(end.text[added:], resumed):
                own = differing(end.text[added : end.sure], resumed[:copied])
                other = end.pos + (own - copied if end.right else copied - own)
                return joined(end, end.text[: added + own], other, sequence, offset)
            back -= 1
    return None


def differing(text: str, other: str) -> int:
    """Bases up to the last one in which two sequences differ, over the shorter of them."""
    return max((number for number, (a, b) in enumerate(zip(text, other, strict=False), 1) if a != b), default=0)


def joined(end: ClippedEnd, added: str, other: int, sequence: str, offset: int) -> Allele | None:
    """The allele of `added` bases, read outwards, between a clipped end and the reference at `other`."""
    for shown in stretches(end):
        aligned, pos = end.aligned[:shown], boundary(end, shown)
        if end.right:
            allele = indel(pos, aligned[::-1] + added, other, sequence, offset)
        else:
            allele = indel(other, added[::-1] + aligned, pos, sequence, offset)
        if allele:
            return allele
    return None


def stretches(end: ClippedEnd) -> list[int]:
    """Numbers of aligned bases of an end to use instead of the reference, most first: an aligner may run on beyond a
    joint, with mismatches, or put a part of what is inserted into the CIGAR. None where another variant is near."""
    most = len(end.aligned)
    return [number for number in (most, most // 2, most // 4) if number and end.positions[number - 1] is not None] + [0]


def boundary(end: ClippedEnd, shown: int) -> int:
    """Where the reference ends, or begins behind a left end, once `shown` aligned bases are taken from the reads."""
    if not shown:
        return end.pos
    return end.positions[shown - 1] + (not end.right)


def indel(left: int, bases: str, right: int, sequence: str, offset: int) -> Allele | None:
    """The allele of a sequence that is reference up to `left`, then `bases`, then reference from `right`; None if it is
    no insertion of MIN_LENGTH to MAX_LENGTH bases, and no deletion of MIN_LENGTH to MAX_DELETED."""
    low = min(left, right) - 1
    if low < offset:
        return None
    ref, alt = sequence[low - offset : right - offset], sequence[low - offset : left - offset] + bases
    allele = left_align(Allele(low, ref, alt), sequence, offset) if ref != alt else None
    sizes = (len(allele.ref), len(allele.alt)) if allele else (1, 1)
    most = MAX_LENGTH if sizes[0] == 1 else MAX_DELETED
    is_one_change = min(sizes) == 1 and allele.ref[0] == allele.alt[0]
    return allele if is_one_change and MIN_LENGTH < max(sizes) <= most + 1 else None


def facing(ends: Iterable[ClippedEnd]) -> Iterator[tuple[ClippedEnd, ClippedEnd]]:
    """Right and left ends between which an insertion of at most MAX_LENGTH may lie. Ends are sorted by position."""
    near: list[ClippedEnd] = []
    for end in ends:
        near = [other for other in near if end.pos - other.pos < MAX_LENGTH]
        if end.right:
            yield from ((end, other) for other in near)
        else:
            near.append(end)


def doubled_copy(right: ClippedEnd, left: ClippedEnd, alone: Mapping[ClippedEnd, Allele | None]) -> Allele | None:
    """The duplication of which MIN_FRAGMENTS reads hold a whole copy between two ends, if both go on with a copy, and
    none that spells it reaches over that: two more are in the molecule than in the reference."""
    spelled = {end: one for end in (right, left) if (one := alone[end])}
    if len(set(spelled.values())) != 1 or len(right.inner & left.inner) < MIN_FRAGMENTS:
        return None
    one, reach = alone[right] or alone[left], max(len(end.text) for end in spelled)
    is_copy = right.pos - left.pos > WHOLE * len(one.alt) and reach < len(one.alt) + TAIL
    is_copy = is_copy and within_copies(right.text, one) and within_copies(left.text[::-1], one)
    return one if is_copy and 2 * len(one.alt) <= MAX_LENGTH + 2 else None


def within_copies(text: str, duplication: Allele) -> bool:
    """Whether a sequence is part of copies of what is inserted: another change or an adapter may follow on a copy."""
    copies = duplication.alt[1:] * 3
    return edlib.align(text, copies, mode="HW", k=int(MAX_MISMATCHES * len(text)))["editDistance"] >= 0


def bridged(right: ClippedEnd, left: ClippedEnd, sequence: str, offset: int) -> Allele | None:
    """The insertion that two ends spell together, if what one shows goes on in what the other shows."""
    text, other = right.text, left.text[::-1]
    if len(text) < SEED or len(other) < SEED:
        return None
    met, begun = text.find(other[:SEED]), other.find(text[:SEED])
    if met >= 0 and alike(text[met:], other):
        bases = text[:met] + other
    elif begun >= 0 and alike(text, other[begun:]):
        bases = other[begun:]
    else:
        return None
    for before, behind in zip(stretches(right), stretches(left), strict=False):
        whole = right.aligned[:before][::-1] + bases + left.aligned[:behind]
        if allele := indel(boundary(right, before), whole, boundary(left, behind), sequence, offset):
            return allele
    return indel(right.pos, bases, left.pos, sequence, offset)


def alike(text: str, other: str) -> bool:
    """Whether two sequences agree from their start, over the shorter of them."""
    return sum(map(str.__ne__, text, other)) <= MAX_MISMATCHES * min(len(text), len(other))


def ends_alike(text: str, other: str) -> bool:
    """Whether two sequences agree, and are the same in their last bases, which may be those of a second insertion."""
    return text[-TAIL:] == other[-TAIL:] and alike(text, other)
