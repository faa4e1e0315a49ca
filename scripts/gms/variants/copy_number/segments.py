"""Segmentation of bins by a hidden Markov model (Viterbi path).

States are changes from the copies that a person of that sex has of a place: -2 to +4. The reads of a bin are normally
distributed around what so many copies give, with the variance of counts and an extra one, as are those of a negative
binomial; a hundredth of the bins are outliers. Every change of state has the same probability. Models of this kind are
those of XHMM (Fromer 2012, doi:10.1016/j.ajhg.2012.08.005) and of GATK-gCNV (Babadi 2023,
doi:10.1038/s41588-023-01449-0).
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

CHANGES = np.arange(-2, 5)
NONE = 2  # the state without a change
SWITCH = np.log(1e-6)  # probability of each change of state between two bins
OUTLIERS = 0.01  # share of the bins whose reads follow no state
NO_COPY = 0.02  # of the reads of two copies, that are placed at a bin without any
GAP = 100  # bins left out, between which the path is cut
MIN_USED = 4  # bins of a segment


class Segment(NamedTuple):
    """Bins `start` to `end` (half-open) of a contig with `change` copies more or less; `used` are not left out."""

    contig: str
    start: int
    end: int
    change: int
    used: int


def likelihoods(reads: np.ndarray, expected: np.ndarray, copies: np.ndarray, extra: np.ndarray) -> np.ndarray:
    """Logarithms (natural) of the likelihood of each bin's reads, by state; -inf for fewer than no copies. `expected`:
    reads of two copies; `copies`: those of the place without a change."""
    total = copies[:, None] + CHANGES[None, :]
    mean = expected[:, None] * np.maximum(total, NO_COPY * 2) / 2
    variance = np.maximum(1.0, mean + extra[:, None] * mean**2)
    fit = -0.5 * (reads[:, None] - mean) ** 2 / variance - 0.5 * np.log(2 * np.pi * variance)
    anything = np.log(OUTLIERS / (4 * expected[:, None] + 1))
    found = np.logaddexp(fit + np.log(1 - OUTLIERS), anything)
    return np.where(total < 0, -1e9, found)


def segments(contig: str, used: np.ndarray, likely: np.ndarray) -> list[Segment]:
    """Segments with other copies of a contig; `used`: numbers of its bins, with their likelihoods."""
    if not len(used):
        return []
    cuts = np.flatnonzero(np.diff(used) > GAP) + 1
    found: list[Segment] = []
    for bins, values in zip(np.split(used, cuts), np.split(likely, cuts), strict=True):
        found += _runs(contig, bins, viterbi(values))
    return [one for one in joined(found, used) if one.used >= MIN_USED]


def viterbi(likely: np.ndarray) -> np.ndarray:
    """The likeliest path through bins x states."""
    rows = likely.tolist()
    best = [value + (0.0 if state == NONE else SWITCH) for state, value in enumerate(rows[0])]
    origins = np.empty(likely.shape, dtype=np.uint8)
    states = range(len(best))
    for number in range(1, len(rows)):
        top = max(best)
        source, enter, row = best.index(top), top + SWITCH, rows[number]
        if source == NONE and max(row) == row[NONE] and max(v for s, v in enumerate(best) if s != NONE) <= enter:
            # No state but the usual one is worth staying in: the commonest case by far.
            origins[number] = NONE
            best = [enter + value for value in row]
            best[NONE] = top + row[NONE]
            continue
        origins[number] = [state if best[state] >= enter else source for state in states]
        best = [max(best[state], enter) + row[state] for state in states]
    path = np.empty(len(rows), dtype=np.uint8)
    path[-1] = best.index(max(best))
    for number in range(len(rows) - 1, 0, -1):
        path[number - 1] = origins[number][path[number]]
    return path


def support_of_path(likely: np.ndarray) -> float:
    """Logarithm of the likelihood of the likeliest path, its changes of state counted."""
    path = viterbi(likely)
    return float(likely[np.arange(len(path)), path].sum() + SWITCH * np.count_nonzero(np.diff(path)))


def _runs(contig: str, bins: np.ndarray, path: np.ndarray) -> Iterator[Segment]:
    edges = np.flatnonzero(np.diff(path)) + 1
    for first, last in zip([0, *edges], [*edges, len(path)], strict=True):
        if path[first] != NONE:
            change = int(CHANGES[path[first]])
            yield Segment(contig, int(bins[first]), int(bins[last - 1]) + 1, change, int(last - first))


def joined(found: Sequence[Segment], used: np.ndarray) -> list[Segment]:
    """Neighbours of one change as one where nothing but bins that are left out is between them, fewer than theirs."""
    kept: list[Segment] = []
    for one in found:
        last = kept[-1] if kept else None
        if last and last.change == one.change and one.start - last.end <= min(last.used, one.used):
            between = np.searchsorted(used, (last.end, one.start))
            if between[0] == between[1]:
                kept[-1] = last._replace(end=one.end, used=last.used + one.used)
                continue
        kept.append(one)
    return kept
