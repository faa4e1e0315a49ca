"""Events of 50-320 bases that small and structural variants both hold: one event, no pair of two hits.

Coordinates are 0-based half-open.
"""

from collections.abc import Callable
from typing import NamedTuple

UNLIKE = 0.1  # of the longer one, by which lengths of one event differ: a tandem repeat is counted by both classes
NEAR = 100  # bases between places of one event, as between like structural events; repeats place it anywhere in them
SAME_PLACE = 20  # where the length tells nothing: the place that a mobile element doubles
MIN_LENGTH = 45  # bases: structural variants have 50 and more, less UNLIKE


class Change(NamedTuple):
    """Bases lost or `gained` at a place (a tandem duplication: the doubled bases); `size` None where it is unknown."""

    contig: str
    start: int
    end: int
    gained: bool
    size: int | None
    is_large: bool


def change_of(allele: str, value: Callable[[str], str | None]) -> Change | None:
    """That of CHROM:POS:REF:ALT, None of other kinds and of shorter ones; `value` gives INFO of a symbolic allele."""
    contig, pos, ref, alt = allele.split(":", 3)
    start = int(pos)
    if alt.startswith("<"):
        return _large(contig, start, alt, value)
    size = len(alt) - len(ref)
    if abs(size) < MIN_LENGTH or any(mark in alt for mark in "[]"):
        return None
    return Change(contig, start, start + max(0, -size), size > 0, abs(size), is_large=False)


def _large(contig: str, start: int, alt: str, value: Callable[[str], str | None]) -> Change | None:
    end, size = int(value("END") or start), value("SVLEN")
    if alt in ("<DEL>", "<DUP>"):
        return Change(contig, start, end, alt == "<DUP>", end - start, is_large=True)
    if not alt.startswith("<INS"):
        return None
    known = size and alt == "<INS>"  # of a mobile element it is that of the sequence of its family
    return Change(contig, start, start, gained=True, size=abs(int(size)) if known else None, is_large=True)


def is_one_event(one: Change | None, other: Change | None) -> bool:
    """Whether a small and a large record hold the same event."""
    if not one or not other or one.is_large == other.is_large:
        return False
    if (one.contig, one.gained) != (other.contig, other.gained):
        return False
    apart = max(one.start, other.start) - min(one.end, other.end)
    if one.size is None or other.size is None:
        return apart <= SAME_PLACE
    return apart <= NEAR and abs(one.size - other.size) <= UNLIKE * max(one.size, other.size)
