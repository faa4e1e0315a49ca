"""Amplicons without depth, and whether reads begin in the primers of the stated scheme. Positions are 0-based."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import Any

from gms.viral.chain.primer_scheme import Amplicon, Primer

_NEAR = 5  # bases before a primer's outer end at which a read may begin: the tolerance of samtools ampliconclip
_MORE = 0.2  # more of the read ends in another scheme's primers: that scheme is meant


def amplicon_depths(amplicons: Iterable[Amplicon], depth: Sequence[int], least: int) -> list[dict[str, Any]]:
    """Median depth of each amplicon where no other one covers it; dropped where that is below `least`."""
    found = []
    for tile in amplicons:
        reads = int(median(depth[tile.own_start : tile.own_end] or [0]))
        place = {"amplicon": tile.name, "start": tile.own_start + 1, "end": tile.own_end}
        found.append(place | {"depth": reads, "dropped": reads < least})
    return found


def primer_ends(starts: Counter, schemes: Mapping[str, Sequence[Primer]]) -> dict[str, float | None]:
    """Of each scheme the share of read ends that lie in a primer of the read's strand; None without reads.

    `starts`: reads by (strand, outer end), as of `ReadEnds`.
    """
    total = sum(starts.values())
    return {name: _in_primers(starts, primers) / total if total else None for name, primers in schemes.items()}


def _in_primers(starts: Counter, primers: Sequence[Primer]) -> int:
    left = {place for p in primers if p.side == "LEFT" for place in range(p.start - _NEAR, p.end)}
    right = {place for p in primers if p.side == "RIGHT" for place in range(p.start + 1, p.end + _NEAR + 1)}
    return sum(number for (strand, place), number in starts.items() if place in (left if strand == "+" else right))


def fits(shares: Mapping[str, float | None], scheme: str, least: float) -> tuple[bool | None, str]:
    """Whether the stated scheme fits, None where no read tells; and the scheme that fits best."""
    known = {name: share for name, share in shares.items() if share is not None}
    if not known:
        return None, ""
    best = max(known, key=lambda name: (known[name], name == scheme))
    if known[best] >= known[scheme] + _MORE:
        return False, best
    return known[scheme] >= least, scheme if known[scheme] >= least else ""
