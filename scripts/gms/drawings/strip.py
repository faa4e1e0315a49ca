"""A measure, with its 95 % interval where it has one, on a line with stretches where it is low, in doubt or high."""

from collections.abc import Iterator, Mapping, Sequence
from math import ceil
from typing import Any

from gms.drawings.svg import INK, MUTED, circle, drawing, path, rect, svg_text

WIDTH, LEFT, RIGHT, Y, TALL = 560, 14, 46, 24, 14
LOW, GREY, HIGH = "#dfe7ea", "#c4cdd2", "#f3d9c4"


def strip(measure: Mapping[str, Any], title: str, high_from: float, grey_from: float | None = None) -> str | None:
    """`measure` in the shape of QC; None where it was not assessed."""
    if measure["value"] is None:
        return None
    low, high = measure["interval"] or (measure["value"],) * 2
    top = high_from * ceil(max(2 * high_from, high) / high_from)
    first = high_from if grey_from is None else grey_from
    limits = [0.0, first, high_from, top]
    parts = [*_bands(limits, "low" if grey_from is None else "stable")]
    parts.append(svg_text((LEFT + WIDTH - RIGHT) / 2, Y + TALL + 28, measure["unit"], "middle", MUTED))
    middle = Y + TALL / 2
    parts.append(path(f"M{_x(low, top):g} {middle - 4}v8m0 -4H{_x(high, top):g}m0 -4v8", INK, 2))
    parts.append(circle(_x(measure["value"], top), middle, 4.5, INK))
    known = f", 95 % interval {low} to {high}" if measure["interval"] else ""
    words = f"{measure['value']} {measure['unit']}{known}; high from {high_from:g}"
    return drawing(WIDTH, Y + TALL + 34, title, words, parts)


def _x(value: float, top: float) -> float:
    return round(LEFT + (WIDTH - LEFT - RIGHT) * value / top, 1)


def _bands(limits: Sequence[float], lowest: str) -> Iterator[str]:
    """The stretches between the limits, with their names where there is room, and the limits below them."""
    names = ((LOW, lowest), (GREY, "grey zone"), (HIGH, "high"))
    for value, end, (colour, words) in zip(limits, limits[1:], names, strict=False):
        first, last = _x(value, limits[-1]), _x(end, limits[-1])
        if last > first:
            yield rect(first, Y, round(last - first, 1), TALL, colour)
            yield svg_text(first, Y + TALL + 14, f"{value:g}", "middle", MUTED)
        if last > first + 44:
            yield svg_text((first + last) / 2, Y - 6, words, "middle", MUTED, 10)
    yield svg_text(_x(limits[-1], limits[-1]), Y + TALL + 14, f"{limits[-1]:.4g}", "middle", MUTED)
