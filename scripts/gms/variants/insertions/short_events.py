"""Deletions and tandem duplications that clipped reads propose: what reads show behind one cut goes on at the other.

Other callers ask for two alignments of a read, which of a short duplication are of the same bases, or for unusual
fragments, of which an event that is shorter than a fragment has few. Positions are 0-based.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from gms.variants.insertions.calls import CALLER
from gms.variants.insertions.proposals import MAX_DOUBLED, MIN_CLIPPED, MIN_SHOWN, support
from gms.variants.small.clipped_reads import ClippedEnd, alike
from gms.variants.structural.events import MIN_LENGTH, Breakend, Event, kind_of

LONGEST = 1_000  # bases; fragments around longer events are unusual


class ShortEvents:
    """Events between the clipped ends of a contig, which pass through; `fetch(start, end)`: bases of it."""

    def __init__(self, contig: str, fetch: Callable[[int, int], str]):
        self.contig, self.fetch = contig, fetch
        self.found: list[Event] = []

    def watched(self, ends: Iterable[ClippedEnd]) -> Iterator[ClippedEnd]:
        """The same ends, sorted. Each proposes one event at most, with the best end before it."""
        near: list[ClippedEnd] = []
        for end in ends:
            near = [one for one in near if end.pos - one.pos <= LONGEST]
            found = (self.event(*pair) for pair in self.facing(end, near))
            self.found += islice(filter(None, found), 1)
            near.append(end)
            yield end

    @staticmethod
    def facing(end: ClippedEnd, near: Iterable[ClippedEnd]) -> list[tuple[ClippedEnd, ClippedEnd]]:
        """The pairs of an end, right one first, the most fragments first, then the nearest. In a tandem repeat each end
        fits to all others of a side."""
        pairs = [(end, one) if end.right else (one, end) for one in near if one.right != end.right]
        return sorted(pairs, key=lambda pair: (-support(*pair), abs(pair[0].pos - pair[1].pos)))

    def event(self, right: ClippedEnd, left: ClippedEnd) -> Event | None:
        """What is lost or doubled between reads that are clipped on their right and reads that are clipped on their
        left, behind or before them. Bases that both cuts share are aligned at either."""
        length = abs(left.pos - right.pos)
        if len(right.text) < MIN_SHOWN or support(right, left) < MIN_CLIPPED or length < MIN_LENGTH:
            return None
        shared = self.shared(right, left)
        if shared is None:
            return None
        ends = Breakend(self.contig, right.pos - shared, "3"), Breakend(self.contig, left.pos, "5")
        first, second = sorted(ends, key=lambda end: end.cut)
        return Event(kind_of(first, second), first, second, (CALLER,))

    def shared(self, right: ClippedEnd, left: ClippedEnd) -> int | None:
        """Bases that both cuts share, behind which the reference has what is clipped; None where it does not."""
        before = self.fetch(max(0, right.pos - MAX_DOUBLED), right.pos)
        behind = self.fetch(left.pos, left.pos + MAX_DOUBLED + len(right.text))
        for bases in range(len(behind) - len(right.text) + 1):
            if before.endswith(behind[:bases]) and alike(right.text, behind[bases:]):
                return bases
        return None
