"""Events: one or two junctions of places of the genome that are apart in the reference.

A breakend is a cut, 0-based, between base cut-1 and base cut of a contig, and the side that is kept: '3' keeps what
ends at the cut (its 3' end is joined), '5' what begins there. 3to5 of one contig is a deletion, 5to3 a tandem
duplication, 3to3 and 5to5 are the two ends of an inversion (delly's CT; VCF 4.3, section 5.4).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

MIN_LENGTH = 50  # bases; shorter changes are small variants
NEAR = 300  # most bases by which two callers place one breakend apart
LOST, DOUBLED = 300, 50  # most bases at an end that both junctions of an event leave out, or both have
FAR_LOST = 10_000  # bases that they may leave out at one of the ends; a copy of an element has its bases twice
UNSURE = 100  # bases more where the ends are not exact: less than an Alu element, whose copy has two junctions, too
TWO_JUNCTIONS = ("INV", "BND")
KINDS = {"35": "DEL", "53": "DUP", "33": "INV", "55": "INV"}


@dataclass(frozen=True, slots=True)
class Breakend:
    """A side of a cut."""

    contig: str
    cut: int
    side: str

    @property
    def pos(self) -> int:
        """1-based position of the base that is kept next to the cut."""
        return self.cut if self.side == "3" else self.cut + 1


@dataclass(frozen=True, slots=True)
class Event:
    """What callers propose: its first junction, of an inversion and a reciprocal translocation also the second.
    `width`: bases of uncertainty either way, 0 where reads show the very bases; `callers` sorted."""

    kind: str
    first: Breakend
    second: Breakend
    callers: tuple[str, ...]
    width: int = 0
    passed: bool = True
    other: tuple[Breakend, Breakend] | None = None

    @property
    def length(self) -> int:
        """Bases between the ends; 0 between contigs."""
        return self.second.cut - self.first.cut if self.first.contig == self.second.contig else 0

    @property
    def junctions(self) -> tuple[tuple[Breakend, Breakend], ...]:
        return ((self.first, self.second), *((self.other,) if self.other else ()))

    def is_like(self, other: "Event") -> bool:
        """Whether both join the same sides of nearly the same places."""
        if self.kind != other.kind or self.first.side != other.first.side or self.second.side != other.second.side:
            return False
        return is_near(self.first, other.first, self.tolerance(other)) and is_near(
            self.second, other.second, self.tolerance(other)
        )

    def is_reciprocal(self, other: "Event", lost: int = LOST) -> bool:
        """Whether both are the two junctions of one event: of each end both sides are kept, and few bases twice or not
        at all, but up to `lost` at one end. A copy that is inserted elsewhere has two junctions, too, but they are
        apart by its length."""
        unsure = min(UNSURE, self.width + other.width)
        ends = (self.first, other.first), (self.second, other.second)
        if self.kind != other.kind or not all(a.contig == b.contig and a.side != b.side for a, b in ends):
            return False
        least, most = sorted(doubled(one, two) for one, two in ends)
        return -lost - unsure <= least and -LOST - unsure <= most <= DOUBLED + unsure and self._holds_bases_with(other)

    def _holds_bases_with(self, other: "Event") -> bool:
        """Whether bases are left between the ends of an inversion, where some are lost at one."""
        cuts = [max(self.first.cut, other.first.cut), min(self.second.cut, other.second.cut)]
        return self.kind != "INV" or cuts[0] < cuts[1]

    @property
    def lost(self) -> tuple[str, int, int] | None:
        """Contig and bases (0-based half-open) that both junctions leave out at an end, where these are more than
        LOST."""
        if not self.other:
            return None
        one, two = max(zip((self.first, self.second), self.other, strict=True), key=lambda end: -doubled(*end))
        start, end = sorted((one.cut, two.cut))
        return (one.contig, start, end) if doubled(one, two) < -LOST else None

    def apart(self, other: "Event") -> tuple[int, int, int]:
        """How far from the ends of `other`; a sort key."""
        ends = (self.first, other.first), (self.second, other.second)
        return sum(abs(one.cut - two.cut) for one, two in ends), other.first.cut, other.second.cut

    def tolerance(self, other: "Event") -> int:
        """Bases: as far as the callers are unsure, at least 50; of a short event at most a half of it."""
        unsure = min(NEAR, max(50, self.width + other.width))
        return unsure if self.kind == "BND" else min(unsure, max(20, min(self.length, other.length) // 2))


def is_near(one: Breakend, other: Breakend, bases: int) -> bool:
    return one.contig == other.contig and abs(one.cut - other.cut) <= bases


def doubled(one: Breakend, other: Breakend) -> int:
    """Bases of a place that are kept on both sides of it; negative where some are lost. The sides differ."""
    return one.cut - other.cut if one.side == "3" else other.cut - one.cut


def kind_of(first: Breakend, second: Breakend) -> str:
    """Kind of a junction; `first` is to the left where both are of one contig."""
    return "BND" if first.contig != second.contig else KINDS[first.side + second.side]


def merged(events: Iterable[Event], contigs: Sequence[str]) -> list[Event]:
    """One event for all proposals of it, the most exact one with all its callers; inversions and translocations
    with both junctions. Sorted in the order of the contigs."""
    order = {name: number for number, name in enumerate(contigs)}

    def key(event: Event) -> tuple:
        ends = order[event.first.contig], event.first.cut, order[event.second.contig], event.second.cut
        return event.kind, event.first.side + event.second.side, *ends, event.width, event.callers

    found: list[Event] = []
    for _, group in groupby(sorted(events, key=key), key=lambda event: key(event)[:3]):
        found += _one_each(list(group))
    return sorted(both_junctions(found), key=lambda event: key(event)[2:])


def _one_each(events: list[Event]) -> list[Event]:
    """Proposals of one kind and contig, sorted by position, without repeated ones."""
    kept: list[Event] = []
    for event in events:
        at = next((n for n in range(len(kept) - 1, -1, -1) if kept[n].is_like(event)), None)
        if at is None:
            kept.append(event)
            continue
        best, less = sorted((kept[at], event), key=lambda one: (one.width, not one.passed, one.callers))
        callers = tuple(sorted({*best.callers, *less.callers}))
        kept[at] = replace(best, callers=callers, passed=best.passed or less.passed)
    return kept


def both_junctions(events: list[Event], lost: int = LOST) -> list[Event]:
    """Events of one junction, both junctions of an inversion or of a reciprocal translocation as one."""
    left = [event for event in events if event.kind in TWO_JUNCTIONS and event.first.side == "3"]
    right = [event for event in events if event.kind in TWO_JUNCTIONS and event.first.side == "5"]
    found = [event for event in events if event.kind not in TWO_JUNCTIONS]
    for event in left:
        partners = [one for one in right if event.is_reciprocal(one, lost)]
        if partners:
            partner = min(partners, key=event.apart)
            right.remove(partner)
            callers = tuple(sorted({*event.callers, *partner.callers}))
            passed = event.passed or partner.passed
            event = replace(event, callers=callers, passed=passed, other=(partner.first, partner.second))
        found.append(event)
    return found + right
