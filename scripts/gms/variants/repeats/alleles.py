"""Lengths of the alleles at a repeat, as intervals: exact where reads span them, else what reads can tell.

Lengths are in bases. An allele longer than reads is measured by the fragments around it, up to the length of these;
beyond, reads can tell only that it is longer.
"""

import math
from typing import NamedTuple

from gms.variants.repeats.fragments import ANCHOR, FragmentLengths, spans
from gms.variants.repeats.reads import Seen

MIN_SPANNING = 2  # reads that show a length
MIN_SHARE = 0.2  # of the reads of the commonest length; fewer are polymerase stutter or errors
MIN_LONGER, MIN_INSIDE = 2, 3  # reads that end in a repeat longer than any that is spanned; reads within it
SLACK = 4  # bases by which errors and the search for a flank move its edge
TOO_FEW = 0.001  # probability of so few reads that end in a long repeat, given those within it


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


def alleles_of(seen: Seen, copies: int, unit: int, fragments: FragmentLengths, stutter: float = 0.0) -> Alleles:
    """The alleles that reads show, of one or two copies. `unit`: bases of the motif; `fragments`: of the sample;
    `stutter`: share of the reads of an allele up to which normals show one copy more or less."""
    spanned = spanned_lengths(seen, copies, unit, stutter)
    least = least_length(seen, max(spanned, default=0), copies, unit)
    exact = [Length(length, length) for length in spanned]
    if least is None:
        return Alleles(tuple(exact * 2)[:copies] if len(exact) < copies else tuple(exact), "")
    if len(exact) >= copies and (copies == 1 or not _is_weak(seen, spanned)):
        return Alleles(tuple(exact), "more_alleles_than_copies")
    return Alleles((*exact[: copies - 1], *long_alleles(seen, least, exact[: copies - 1], copies, fragments)), "")


def spanned_lengths(seen: Seen, copies: int, unit: int, stutter: float) -> list[int]:
    """Lengths that enough reads span, at most one for each copy, sorted. One that differs by a base from a commoner
    one is the same: errors at the edges."""
    kept: list[tuple[int, int]] = []
    numbers = {length: len(reads) for length, reads in seen.spanning.items()}
    for length, reads in sorted(numbers.items(), key=lambda item: (-item[1], item[0])):
        near = any(abs(length - other) < max(2, unit / 2) for other, _ in kept)
        needed = max(MIN_SHARE, stutter) if kept and abs(length - kept[0][0]) <= unit + 1 else MIN_SHARE
        if not near and reads >= MIN_SPANNING and (not kept or reads >= needed * kept[0][1]):
            kept.append((length, reads))
    return sorted(length for length, _ in kept[:copies])


def _is_weak(seen: Seen, spanned: list[int]) -> bool:
    """Whether the second length that is spanned may be stutter of the first."""
    first, second = sorted((len(seen.spanning[length]) for length in spanned), reverse=True)[:2]
    return second < 0.4 * first


def least_length(seen: Seen, spanned: int, copies: int, unit: int) -> float | None:
    """Length that an allele too long to be spanned has at least, as MIN_LONGER reads that end in it show; None where
    nothing speaks for one. Such reads must be longer than those that are spanned, and be on either side, or as many
    must lie within it; where more do, chance may have left few."""
    limit = spanned + max(SLACK, unit)
    sides = [[len(tail) for tail in side if len(tail) > limit] for side in (seen.left, seen.right)]
    longer, rate = sorted(sum(sides, []), reverse=True), _rate(seen, copies)
    if rate <= 0:
        return None
    if len(longer) >= MIN_LONGER:
        return longer[MIN_LONGER - 1] if all(sides) or len(seen.inside) >= MIN_LONGER else None
    expected = rate * max(0, seen.read_length - ANCHOR - limit)  # half of them: mates of the others are inside
    is_chance = len(seen.inside) >= MIN_INSIDE and _at_most(len(longer), expected) >= TOO_FEW
    return limit if is_chance else None


def long_alleles(
    seen: Seen, least: float, exact: list[Length], copies: int, fragments: FragmentLengths
) -> list[Length]:
    """The alleles that no read spans, next to the exact ones."""
    if len(seen.inside) < MIN_INSIDE:
        high = seen.read_length + _poisson_upper(len(seen.inside)) / _rate(seen, copies)
        return [Length(least, max(least, high))] * (copies - len(exact))
    known = int(exact[0].low) if exact else None
    found = spans(seen.pairs, fragments, seen.read_length, int(least), known, copies)
    return [Length(max(least, one.low), one.high) for one in found]


def _rate(seen: Seen, copies: int) -> float:
    """Reads of an allele that begin at each base."""
    return seen.depth / copies / seen.read_length if seen.read_length else 0.0


def _at_most(count: int, mean: float) -> float:
    """Poisson probability of at most `count`."""
    return math.exp(-mean) * sum(mean**number / math.factorial(number) for number in range(count + 1))


def _poisson_upper(count: int) -> float:
    """Upper end of the 90 % interval of a mean of which `count` events were seen (Byar's approximation)."""
    more = count + 1
    return more * (1 - 1 / (9 * more) + 1.645 / (3 * math.sqrt(more))) ** 3
