"""Deletions that clipped reads propose: what reads show behind one cut goes on at the other one.

Other callers ask for two alignments of a read, or for fragments that are longer than usual, of which a deletion that is
shorter than a fragment has few. Positions are 0-based.
"""

from collections.abc import Callable, Iterable, Iterator

import edlib

from gms.variants.insertions.proposals import MAX_DOUBLED, MIN_CLIPPED, MIN_SHOWN, support
from gms.variants.small.clipped_reads import ClippedEnd
from gms.variants.structural.events import MIN_LENGTH, Breakend, Event
from gms.variants.structural.evidence import MAX_DIFFERENCES

LONGEST = 1_000  # bases; around longer ones fragments are longer than usual


class Deletions:
    """Deletions between the clipped ends of a contig, which pass through; `fetch(start, end)`: bases of it."""

    def __init__(self, contig: str, caller: str, fetch: Callable[[int, int], str]):
        self.contig, self.caller, self.fetch = contig, caller, fetch
        self.found: list[Event] = []

    def watched(self, ends: Iterable[ClippedEnd]) -> Iterator[ClippedEnd]:
        """The same ends, sorted."""
        near: list[ClippedEnd] = []
        for end in ends:
            near = [one for one in near if end.pos - one.pos <= LONGEST]
            if end.right:
                near.append(end)
            else:
                self.found += filter(None, (self.deletion(one, end) for one in near))
            yield end

    def deletion(self, right: ClippedEnd, left: ClippedEnd) -> Event | None:
        """What is lost between reads that are clipped on their right and, behind, on their left. Bases that both cuts
        share are aligned at either."""
        if len(right.text) < MIN_SHOWN or support(right, left) < MIN_CLIPPED or left.pos - right.pos < MIN_LENGTH:
            return None
        around = self.fetch(left.pos, left.pos + MAX_DOUBLED + len(right.text))
        most = int(MAX_DIFFERENCES * len(right.text))
        at = edlib.align(right.text, around, mode="HW", task="locations", k=most)
        if at["editDistance"] < 0:
            return None
        shared = at["locations"][0][0] or 0
        first, second = (Breakend(self.contig, pos, side) for pos, side in ((right.pos - shared, "3"), (left.pos, "5")))
        return Event("DEL", first, second, (self.caller,))
