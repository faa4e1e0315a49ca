"""Lengths of alleles from the fragments around a repeat: those that reach across it, and those whose far mate lies
within it (after GangSTR: Mousavi et al. 2019, Nucleic Acids Res 47:e90). Lengths and distances in bases.

Given that a fragment begins `a` bases before an allele of length L, its own length F decides: its mate lies within the
repeat where F <= a + L, and it reaches across where F = a + L + b, with b bases on the other side. That a fragment is
seen at all has no part in this, so neither depth nor GC content moves the result.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple

PLACED = 0.65  # of a read must be flank: one with less may be placed at another repeat of the same motif
ANCHOR = 14  # bases of flank by which a read shows where the repeat ends
EDGE = 8  # bases of flank at an end of a read that still looks like nothing but repeat (reads.END, reads.MIN_PURE)
MIN_FRAGMENTS = 100  # by which the distribution of their lengths is known
SPREAD = 10  # standard deviation by which the distribution is smoothed
STRAY = 0.01  # share of fragments of any length: wrongly paired or placed
STEP = 10  # between the lengths that are tried
# Log-likelihood below the best at which a length is excluded: an error of 1 in 200 for a harmless allele of just the
# greatest length (chi-square, one degree of freedom, one side), which few of the alleles that no read spans have.
EXCLUDED = 3.3


class Pair(NamedTuple):
    """A fragment that begins `near` bases from an edge of the repeat. `far`: bases by which it ends on its other side,
    None where its mate lies within the repeat. `is_twice`: it is among the pairs as seen from either side."""

    near: int
    far: int | None
    is_twice: bool = False


class Span(NamedTuple):
    """Least and greatest length of an allele; `high` None where fragments are too short to tell."""

    low: float
    high: float | None


class FragmentLengths:
    """Distribution of the lengths of a sample's fragments, smoothed, with some of any length."""

    def __init__(self, lengths: Iterable[int]):
        counts = Counter(lengths)
        self.number = sum(counts.values())
        self.longest = max(counts, default=0) + 4 * SPREAD
        kernel = [math.exp(-(shift**2) / (2 * SPREAD**2)) for shift in range(-3 * SPREAD, 3 * SPREAD + 1)]
        density = [STRAY * self.number / (self.longest + 1)] * (self.longest + 1)
        for length, number in counts.items():
            for shift, weight in enumerate(kernel, start=length - 3 * SPREAD):
                if 0 <= shift <= self.longest:
                    density[shift] += number * weight / sum(kernel)
        total = sum(density)
        self._density = [value / total for value in density] if total else []
        self._up_to = list(accumulate(self._density))

    def share(self, length: int) -> float:
        """Of fragments of just this length."""
        return self._density[length] if 0 <= length <= self.longest else 0.0

    def up_to(self, length: int) -> float:
        """Share of fragments that are not longer."""
        return self._up_to[min(length, self.longest)] if length >= 0 else 0.0


def spans(
    pairs: Sequence[Pair], lengths: FragmentLengths, read: int, least: int, other: int | None, alleles: int
) -> list[Span]:
    """The alleles that no read spans, shortest first: one next to an allele of the length `other` that reads do span,
    or else `alleles` of them. `least`: length that reads show it has at least; `read`: bases of a read."""
    tried = list(range(least, max(least, lengths.longest - int(PLACED * read)) + STEP, STEP))
    if lengths.number < MIN_FRAGMENTS or not pairs:
        return [Span(least, None)] * (alleles if other is None else 1)
    columns = [_column(pairs, lengths, read, length) for length in tried]
    if other is not None or alleles == 1:
        known = [_column(pairs, lengths, read, other)] if other is not None else []
        return [_span(tried, [_likelihood(pairs, [column, *known]) for column in columns])]
    both = [[_likelihood(pairs, [one, two]) for two in columns[first:]] for first, one in enumerate(columns)]
    shorter = [max(row) for row in both]
    longer = [max(both[first][last - first] for first in range(last + 1)) for last in range(len(tried))]
    return [_span(tried, shorter), _span(tried, longer)]


class _Column(NamedTuple):
    """Of an allele: the probability of what each pair shows, and of showing either of the two things."""

    seen: list[float]
    any: list[float]


def _column(pairs: Sequence[Pair], lengths: FragmentLengths, read: int, length: int) -> _Column:
    inside = [_inside(lengths, pair.near, read, length) for pair in pairs]
    seen = [
        within if pair.far is None else lengths.share(pair.near + length + pair.far)
        for pair, within in zip(pairs, inside, strict=True)
    ]
    beyond = (1 - lengths.up_to(pair.near + length + ANCHOR) for pair in pairs)
    return _Column(seen, [one + far for one, far in zip(inside, beyond, strict=True)])


def _inside(lengths: FragmentLengths, near: int, read: int, length: int) -> float:
    """Probability that the mate of a fragment lies within an allele."""
    return max(0.0, lengths.up_to(near + length + EDGE) - lengths.up_to(near + read - EDGE))


def _likelihood(pairs: Sequence[Pair], columns: Sequence[_Column]) -> float:
    """Log-likelihood of alleles of which each fragment comes from one."""
    seen, possible = (map(sum, zip(*part, strict=True)) for part in zip(*columns, strict=True))
    return sum(
        (0.5 if pair.is_twice else 1.0) * math.log(max(shown, 1e-12) / max(any_of, 1e-12))
        for pair, shown, any_of in zip(pairs, seen, possible, strict=True)
    )


def _span(tried: Sequence[int], likelihoods: Sequence[float]) -> Span:
    best = max(likelihoods)
    possible = [number for number, value in enumerate(likelihoods) if value >= best - EXCLUDED]
    high = None if possible[-1] == len(tried) - 1 else tried[possible[-1]] + STEP
    return Span(tried[possible[0]], high)
