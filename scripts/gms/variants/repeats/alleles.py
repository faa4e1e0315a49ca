"""Lengths of the alleles at a repeat, as intervals: exact where reads span them, else what reads can tell.

Lengths are in bases. A read within a repeat is seen where its mate is next to it: their number tells the length up to
that of a fragment; beyond, only that it is longer.
"""

import math
from typing import NamedTuple

from gms.variants.repeats.reads import Seen

MIN_SPANNING = 2  # reads that show a length
MIN_SHARE = 0.2  # of the reads of the commonest length; fewer are polymerase stutter or errors
MIN_LONGER, MIN_INSIDE = 2, 3  # reads that end in a repeat longer than any that is spanned; reads within it
SLACK = 4  # bases by which errors and the search for a flank move its edge
PLACED = 60  # bases of flank by which the mate of a read within a repeat is well placed
EDGE = 5  # bases of flank at an end of a read that looks like nothing but repeat (reads.END, reads.MIN_PURE)
SATURATED = 0.5  # of the reads within it that a repeat as long as a fragment has


class Length(NamedTuple):
    """An allele: its least and its greatest length, None where reads cannot tell."""

    low: float
    high: float | None

    @property
    def is_exact(self) -> bool:
        return self.low == self.high


class Alleles(NamedTuple):
    """The alleles of a sample, shortest first; empty where too few reads show any. `note`: what does not fit."""

    lengths: tuple[Length, ...]
    note: str


def alleles_of(seen: Seen, copies: int, unit: int) -> Alleles:
    """The alleles that reads show, of one or two copies; `unit`: bases of the motif."""
    spanned = spanned_lengths(seen, copies, unit)
    longer = long_allele(seen, max(spanned, default=0), copies, unit)
    exact = [Length(length, length) for length in spanned]
    if longer is None:
        return Alleles(tuple(exact * 2)[:copies] if len(exact) < copies else tuple(exact), "")
    if len(exact) >= copies > 1 and not _is_weak(seen, spanned):
        return Alleles(tuple(exact), "more_alleles_than_copies")
    if copies == 1:
        return Alleles((longer,), "") if not exact else Alleles(tuple(exact), "more_alleles_than_copies")
    return Alleles((*exact[:1], longer) if exact else (longer, longer), "")


def spanned_lengths(seen: Seen, copies: int, unit: int) -> list[int]:
    """Lengths that enough reads span, at most one for each copy, sorted. One that differs by a base from a commoner
    one is the same: errors at the edges."""
    kept: list[tuple[int, int]] = []
    numbers = {length: len(reads) for length, reads in seen.spanning.items()}
    for length, reads in sorted(numbers.items(), key=lambda item: (-item[1], item[0])):
        near = any(abs(length - other) < max(2, unit / 2) for other, _ in kept)
        if not near and reads >= MIN_SPANNING and (not kept or reads >= MIN_SHARE * kept[0][1]):
            kept.append((length, reads))
    return sorted(length for length, _ in kept[:copies])


def _is_weak(seen: Seen, spanned: list[int]) -> bool:
    """Whether the second length that is spanned may be stutter of the first."""
    first, second = sorted((len(seen.spanning[length]) for length in spanned), reverse=True)[:2]
    return second < 0.4 * first


def long_allele(seen: Seen, spanned: int, copies: int, unit: int) -> Length | None:
    """An allele too long to be spanned, None where nothing speaks for one. Reads that end in it must be longer than
    those that are spanned, and on either side, unless reads lie within it."""
    limit = spanned + max(SLACK, unit)
    sides = [[len(tail) for tail in side if len(tail) > limit] for side in (seen.left, seen.right)]
    reads = sum(map(len, sides))
    inside = len(seen.inside)
    agree = any(sides) if inside >= MIN_INSIDE else all(sides)
    if not seen.read_length or reads < MIN_LONGER or not agree:
        return None
    bound = max(limit, min(max(side, default=limit) for side in sides))
    rate = seen.depth / copies / seen.read_length
    if rate <= 0:
        return None
    if inside < MIN_INSIDE:
        high = seen.read_length + _poisson(inside, upper=True) / rate
        return Length(bound, max(bound, high))
    sources = 1 if spanned else copies  # where no allele is spanned, the longest has at least its share of the reads
    low = max(bound, seen.read_length - 2 * EDGE + _poisson(inside, upper=False) / rate / sources)
    longest = max(bound, seen.fragment - PLACED)
    full = rate * max(1.0, longest - seen.read_length)
    if inside >= SATURATED * full:
        return Length(min(low, longest), None)
    return Length(min(low, longest), seen.read_length + _poisson(inside, upper=True) / rate)


def _poisson(count: int, upper: bool) -> float:
    """End of the 90 % interval of a mean of which `count` events were seen (Byar's approximation)."""
    z = 1.645
    if not upper:
        return count * (1 - 1 / (9 * count) - z / (3 * math.sqrt(count))) ** 3 if count else 0.0
    more = count + 1
    return more * (1 - 1 / (9 * more) + z / (3 * math.sqrt(more))) ** 3
