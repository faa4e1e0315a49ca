"""Insertions that clipped reads propose: two ends that face each other at one place, and what is inserted there.

Reads before an insertion are clipped on the right, reads behind it on the left, and both show what is inserted. The
bases of the place that both keep are doubled (target-site duplication). Positions are 0-based half-open.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import edlib

from gms.variants.insertions.elements import Element, Elements
from gms.variants.small.clipped_reads import ClippedEnd
from gms.variants.structural.events import MIN_LENGTH
from gms.variants.structural.evidence import reverse

MAX_DOUBLED, MAX_LOST = 40, 30  # bases of the place; a tandem duplication from 50 bases is found as such
MIN_CLIPPED = 4  # fragments of both ends together
MIN_SHOWN = 20  # bases of the longer end
OVERLAP = 16  # bases that both ends share, where they show all that is inserted
MAX_MISMATCHES = 0.05
NEAR_BY = (12, 24)  # inserted bases next to a cut, least and most, that are looked for in the reference around it
NEAR_BY_EDITS = 0.1  # copies next to each other differ
AROUND = 700  # bases around a place, in which the inserted bases are looked for
MIN_WORDS = 9  # different triplets of an end; a repeat of 6 bases has 6


class Proposal(NamedTuple):
    """`before`: the cut at which reads are clipped on their right, `behind`: on their left; `prefix`, `suffix`: first
    and last inserted bases, `bases` all of them where they are known."""

    contig: str
    before: int
    behind: int
    prefix: str
    suffix: str
    fragments: int
    bases: str | None = None
    element: Element | None = None

    @property
    def doubled(self) -> int:
        """Bases of the place that are there twice; negative where some are lost."""
        return self.before - self.behind

    @property
    def length(self) -> int | None:
        """Bases more than in the reference; of an element by its family's sequence, None where that is not known."""
        inserted = len(self.bases) if self.bases else self.element.length if self.element else None
        return None if inserted is None else inserted + self.doubled

    @property
    def start(self) -> int:
        return min(self.before, self.behind)

    @property
    def end(self) -> int:
        return max(self.before, self.behind)


def proposals(contig: str, ends: Iterable[ClippedEnd], fetch, elements: Elements) -> Iterator[Proposal]:
    """Insertions from MIN_LENGTH bases, by position; `ends` sorted, `fetch(start, end)`: bases of the reference."""
    for group in places(facing(ends)):
        found = (proposal(contig, *pair, elements) for pair in sorted(group, key=lambda pair: -support(*pair)))
        best = next(filter(None, found), None)
        if best and not is_local(best, fetch(max(0, best.start - AROUND), best.end + AROUND)):
            yield best


def facing(ends: Iterable[ClippedEnd]) -> Iterator[tuple[ClippedEnd, ClippedEnd]]:
    """Ends clipped on the right, each with those clipped on the left around it."""
    near: list[ClippedEnd] = []
    for end in ends:
        near = [other for other in near if end.pos - other.pos <= MAX_DOUBLED]
        for other in near:
            if other.right != end.right:
                right, left = (end, other) if end.right else (other, end)
                if -MAX_LOST <= right.pos - left.pos <= MAX_DOUBLED and support(right, left) >= MIN_CLIPPED:
                    yield right, left
        near.append(end)


def support(right: ClippedEnd, left: ClippedEnd) -> int:
    return len(right.fragments | left.fragments)


def places(pairs: Iterable[tuple[ClippedEnd, ClippedEnd]]) -> Iterator[list[tuple[ClippedEnd, ClippedEnd]]]:
    """Pairs whose ends are next to each other, which are one insertion."""
    group: list[tuple[ClippedEnd, ClippedEnd]] = []
    for pair in pairs:
        if group and max(end.pos for end in pair) - max(end.pos for end in group[-1]) > MAX_DOUBLED:
            yield group
            group = []
        group.append(pair)
    if group:
        yield group


def proposal(contig: str, right: ClippedEnd, left: ClippedEnd, elements: Elements) -> Proposal | None:
    """The insertion between two ends; None where it is too short or a repeat."""
    prefix, suffix = right.text, left.text[::-1]
    if max(len(prefix), len(suffix)) < MIN_SHOWN:
        return None
    found = Proposal(contig, right.pos, left.pos, prefix, suffix, support(right, left), whole(prefix, suffix))
    found = found._replace(element=elements.recognise(found.bases or prefix, found.bases or suffix))
    if found.length is not None and found.length < MIN_LENGTH:
        return None
    return found if found.element or any(words(text) >= MIN_WORDS for text in (prefix, suffix)) else None


def whole(prefix: str, suffix: str) -> str | None:
    """All inserted bases, where what one end shows goes on in what the other shows; each end is followed to the middle
    of what both show, as most reads show the bases next to the place."""
    for shift in shifts(prefix, suffix):
        first, second = max(0, shift), max(0, -shift)
        shared = min(len(prefix) - first, len(suffix) - second)
        if shared >= OVERLAP and alike(prefix[first:], suffix[second:]):
            return prefix[: first + shared // 2] + suffix[second + shared // 2 :]
    return None


def shifts(prefix: str, suffix: str) -> Iterator[int]:
    """Bases by which one end may begin before the other: those by which OVERLAP bases of one are in the other."""
    for text, other, sign in ((suffix, prefix, 1), (prefix, suffix, -1)):
        for at in range(0, len(text) - OVERLAP + 1, OVERLAP):
            if (found := other.find(text[at : at + OVERLAP])) >= 0:
                yield sign * (found - at)


def alike(text: str, other: str) -> bool:
    return sum(map(str.__ne__, text, other)) <= MAX_MISMATCHES * min(len(text), len(other))


def words(text: str) -> int:
    """Different triplets of bases."""
    return len({text[at : at + 3] for at in range(len(text) - 2)})


def is_local(found: Proposal, around: str) -> bool:
    """Whether the reference has what is inserted near by, in either direction: the ends of a deletion or inversion, a
    repeat, or a molecule that was copied from its own other strand (fold-back). Old copies of an element may be near,
    so its ends must meet there."""
    if found.element:
        return do_ends_meet(found, around)
    ends = found.prefix[: NEAR_BY[1]], found.suffix[-NEAR_BY[1] :]
    return any(near_by(one, around, NEAR_BY_EDITS) for text in ends for one in (text, reverse(text)))


def do_ends_meet(found: Proposal, around: str) -> bool:
    """Whether the last inserted bases go on in the first ones, in either direction, as at the other end of an
    inversion; of a copy of an element the first ones come first."""
    ends = (found.suffix, found.prefix), (reverse(found.prefix), reverse(found.suffix))
    return any(
        abs(first - (last + 1)) <= MAX_DOUBLED
        for before, behind in ends
        for _, last in near_by(before, around, MAX_MISMATCHES)
        for first, _ in near_by(behind, around, MAX_MISMATCHES)
    )


def near_by(bases: str, around: str, edits: float) -> list[tuple[int, int]]:
    """First and last index of the best places of bases in what is around them, none if they are few; `edits`: for each
    base."""
    if len(bases) < NEAR_BY[0]:
        return []
    found = edlib.align(bases, around, mode="HW", task="locations", k=int(edits * len(bases)))
    return found["locations"] if found["editDistance"] >= 0 else []
