"""Quality of the normals of a panel: depth, and how unlike the others their windows and structural events are."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from math import log2
from statistics import median
from typing import Any

from gms.genome.ploidy import AUTOSOME
from gms.normals.members import Normal, member
from gms.variants.panel_copies.copies import spread
from gms.variants.panel_copies.reference import OFF_TARGET, Window

DEVIATIONS = 5  # standard deviations (of medians) above the usual noise from which a normal is unlike the others
MORE_EVENTS = 0.2  # of the usual number of events; a library that has so many more has its own artefacts
LEAST_NOISE = 0.05  # log2 above the usual noise: of a panel whose normals hardly differ none is unlike the others


def quality_of(
    normals: Sequence[Normal], sexes: Sequence[str], windows: Sequence[Window], depths: Sequence[Sequence[float]]
) -> list[dict[str, Any]]:
    """Of each normal, by the digest of its name: sex, median depth of the targets' windows, and their noise, the spread
    (log2) against the median of all normals. `depths`: of each normal, by window."""
    kept = [at for at, one in enumerate(windows) if one.gene != OFF_TARGET and AUTOSOME.fullmatch(one.contig)]
    scaled = [_scaled([one[at] for at in kept]) for one in depths]
    usual = [median(column) for column in zip(*scaled, strict=True)]
    rows = [
        {
            "member": member(normal.name),
            "sex": sex,
            "depth": round(median(one[at] for at in kept), 1),
            "noise": round(spread([value - middle for value, middle in zip(own, usual, strict=True)]), 3),
        }
        for normal, sex, one, own in zip(normals, sexes, depths, scaled, strict=True)
    ]
    return sorted(rows, key=lambda row: row["member"])


def _scaled(depths: Sequence[float]) -> list[float]:
    """Depths over their median, logarithm to base 2."""
    middle = median(depths)
    return [log2(max(depth, 0.01) / max(middle, 0.01)) for depth in depths]


def limit_of(quality: Sequence[Mapping[str, Any]]) -> float:
    """Noise (log2) from which a normal is unlike the others."""
    noises = [row["noise"] for row in quality]
    usual = median(noises)
    return usual + max(LEAST_NOISE, DEVIATIONS * spread([noise - usual for noise in noises]))


def unlike(normals: Sequence[Normal], quality: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Names of normals that are noisier than the others, with what they show."""
    limit, usual = limit_of(quality), median(row["noise"] for row in quality)
    names = {member(normal.name): normal.name for normal in normals}
    for row in quality:
        if row["noise"] > limit:
            text = f"{names[row['member']]} is noisier than the others ({row['noise']:g} log2, usual {usual:g})"
            yield f"{text}; look at it, or leave it out"


def carried_by(normals: Sequence[Normal], carriers: Iterable[Collection[int]]) -> list[dict[str, Any]]:
    """Of each normal, by the digest of its name: structural events that it carries. `carriers`: numbers of the normals
    that carry each event."""
    counts = Counter(number for who in carriers for number in who)
    rows = [{"member": member(normal.name), "events": counts[number]} for number, normal in enumerate(normals)]
    return sorted(rows, key=lambda row: row["member"])


def limit_of_events(quality: Sequence[Mapping[str, Any]]) -> float:
    """Number of events from which a normal is unlike the others."""
    counts = [row["events"] for row in quality]
    usual = median(counts)
    return usual + max(MORE_EVENTS * usual, DEVIATIONS * spread([count - usual for count in counts]))


def with_many_events(normals: Sequence[Normal], quality: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Names of normals that carry more structural events than the others."""
    limit, usual = limit_of_events(quality), median(row["events"] for row in quality)
    names = {member(normal.name): normal.name for normal in normals}
    for row in quality:
        if row["events"] > limit:
            number = counted(row["events"], "event", "events")
            yield f"{names[row['member']]} has {number}, usual {usual:,g}; look at it, or leave it out"


def counted(number: int, one: str, several: str) -> str:
    """1 event, 1,200 events."""
    return f"{number:,} {one if number == 1 else several}"
