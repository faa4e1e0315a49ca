"""Events of a case: segments of all samples, each once, and what every sample shows of one. 0-based, half-open."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from gms.variants.copy_number.depth import BIN
from gms.variants.copy_number.segments import CHANGES, NONE, likelihoods, segments, support_of_path

SHARED = 0.5  # reciprocal overlap of segments of two samples that are one event
WHOLE = 0.9  # of the bins of a contig, that have other copies where all of it has
MIN_WHOLE = 20  # bins of such a contig
MAX_QUALITY, MAX_SUPPORT = 99, 999
CLEAR = 0.2  # copies further than this from a whole number are not one: a mosaic, a tumour, another person's DNA
SOME = 0.1  # copies from which a chromosome is not absent; reads of X that fit Y as well make a woman's up to this
MIN_BINS = 100  # of a chromosome whose copies are stated


class Track(NamedTuple):
    """A contig of a sample: its bins that are not left out, their reads, reads that two copies give and copies of the
    place in a person of that sex; variance beyond that of counts. Of the chromosome as a whole: `level`,
    the share of these reads that it has, other than 1 where part of the cells has other copies of all of it; `shift`,
    copies more or less than usual in all cells. Events are looked for beyond both."""

    used: np.ndarray
    reads: np.ndarray
    expected: np.ndarray
    copies: np.ndarray
    extra: np.ndarray
    level: float = 1.0
    shift: int = 0

    def likely(self, inside: slice) -> np.ndarray:
        """Likelihoods of some of the bins, by state."""
        expected, copies = self.level * self.expected[inside], self.copies[inside] + self.shift
        return likelihoods(self.reads[inside], expected, copies, self.extra[inside])


class Event(NamedTuple):
    """Bases `start` to `end` of which copies are lost (DEL) or gained (DUP); `whole`: all of a contig."""

    contig: str
    start: int
    end: int
    kind: str
    whole: bool = False

    @property
    def length(self) -> int:
        return self.end - self.start

    def shares(self, other: "Event") -> float:
        """Reciprocal overlap; 0 of another kind."""
        if (self.contig, self.kind) != (other.contig, other.kind):
            return 0.0
        return max(0, min(self.end, other.end) - max(self.start, other.start)) / max(self.length, other.length)


class Shown(NamedTuple):
    """A sample at an event: copies and those of a usual person there, None where it cannot tell; phred quality of the
    copies, and of any change; reads and bins counted, the mean of the copies and the standard error of that."""

    copies: int | None
    usual: int | None
    quality: int
    support: int
    reads: int
    bins: int
    ratio: float | None
    error: float = 0.0


NOTHING = Shown(None, None, 0, 0, 0, 0, None)


def track(reads: np.ndarray, expected: np.ndarray, copies: np.ndarray, extra: np.ndarray | float) -> Track:
    """A contig of a sample, from all its bins; those are left out for which no reads are expected (NaN), or where a
    person of that sex has no copy."""
    used = np.flatnonzero(~np.isnan(expected) & (copies > 0))
    used = used.astype(np.int32)
    extra = np.broadcast_to(np.asarray(extra, np.float32), reads.shape)[used]
    return Track(used, reads[used].astype(np.float32), expected[used].astype(np.float32), copies[used], extra)


def median_copies(one: Track) -> float | None:
    """Median copies outside of the pseudo-autosomal regions."""
    inside = one.copies == np.median(one.copies)
    return float(np.median(2 * one.reads[inside] / one.expected[inside])) if inside.any() else None


def is_between(copies: float) -> bool:
    """Whether these are no whole number of copies."""
    return abs(copies - round(copies)) > (CLEAR if copies > 0.5 else SOME)


def levelled(contig: str, one: Track) -> Track:
    """A contig at its own level, where that lies between two numbers of copies and explains the bins better than
    segments do: part of the cells has other copies of all of it, and segments of whole copies would be noise. With its
    own number of copies, where nearly all of it has another one than usual."""
    if len(one.used) < MIN_WHOLE:
        return one
    copies, usual = median_copies(one), float(np.median(one.copies))
    if copies is None or abs(copies - usual) <= CLEAR:
        return one
    if len(one.used) >= MIN_BINS and is_between(copies):
        tried = one, one._replace(level=copies / usual)
        one = max(tried, key=lambda track: support_of_path(track.likely(slice(None))))
    parts = segments(contig, one.used, one.likely(slice(None)))
    bins = {change: sum(part.used for part in parts if part.change == change) for change in {p.change for p in parts}}
    whole = [change for change, number in bins.items() if number >= WHOLE * len(one.used)]
    return one._replace(shift=whole[0]) if whole else one


def events_of(tracks: Mapping[str, Track], lengths: Mapping[str, int]) -> list[Event]:
    """Events that one sample shows (`tracks` as of `levelled`); other copies of all of a contig are one."""
    found = []
    for contig, one in tracks.items():
        found += [Event(contig, 0, lengths[contig], _kind(one.shift), True)] if one.shift else []
        parts = segments(contig, one.used, one.likely(slice(None)))
        found += [Event(contig, part.start * BIN, part.end * BIN, _kind(part.change)) for part in parts]
    return sorted(found)


def _kind(change: int) -> str:
    return "DEL" if change < 0 else "DUP"


def merged(of_samples: Iterable[Sequence[Event]]) -> list[Event]:
    """Events of all samples, each once; the bounds are those in the first sample that shows it."""
    kept: list[Event] = []
    for events in of_samples:
        kept += [event for event in events if all(event.shares(other) < SHARED for other in kept)]
    return kept


def not_counted(event: Event, one: Track, length: int) -> tuple[int, int]:
    """Bases before and after an event in which no bin of the sample is counted: its ends may lie anywhere in them, and
    in the bins next to them. `length` of the contig, bases."""
    first, last = np.searchsorted(one.used * BIN, (event.start, event.end))
    before = (int(one.used[first - 1]) + 1) * BIN if first else BIN
    after = int(one.used[last]) * BIN if last < len(one.used) else length - BIN
    return max(0, event.start - before), max(0, after - event.end)


def shown_in(event: Event, one: Track) -> Shown:
    """What a sample shows, by the sum of the likelihoods of its bins, those at the ends left out if others remain."""
    one = one._replace(shift=0, level=1.0) if event.whole else one
    first, last = np.searchsorted(one.used * BIN, (event.start, event.end - BIN + 1))
    inside = slice(first + 1, last - 1) if last - first > 3 else slice(first, last)
    bins = len(one.used[inside])
    if not bins:
        return NOTHING
    usual = int(np.median(one.copies[inside])) + one.shift
    total = one.likely(inside).sum(axis=0)
    order = np.argsort(-total, kind="stable")
    best, second = order[:2]
    quality, support = (
        _phred(total[best] - total[other], most) for other, most in ((second, MAX_QUALITY), (NONE, MAX_SUPPORT))
    )
    reads = int(one.reads[inside].sum())
    return Shown(usual + int(CHANGES[best]), usual, quality, support, reads, bins, *_mean_copies(one, inside))


def _mean_copies(one: Track, inside: slice) -> tuple[float, float]:
    """Mean copies of some of the bins, and the standard error of that."""
    two = one.level * one.expected[inside].astype(float)
    share = one.reads[inside].sum() / two.sum()
    variance = np.maximum(1.0, share * two + one.extra[inside] * (share * two) ** 2).sum()
    return 2 * float(share), 2 * float(variance**0.5 / two.sum())


def _phred(difference: float, most: int) -> int:
    return int(min(most, 10 * difference / math.log(10)))
