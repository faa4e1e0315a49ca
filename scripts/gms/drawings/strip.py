"""A measure with its 95 % interval on a line, and the stretches where it is low, in doubt or high."""

from collections.abc import Mapping
from typing import Any

from gms.drawings.svg import INK, MUTED, drawing, path, rect, svg_text

WIDTH, LEFT, RIGHT, Y, TALL = 560, 14, 46, 24, 14
LOW, GREY, HIGH = "#dfe7ea", "#c4cdd2", "#f3d9c4"


def strip(measure: Mapping[str, Any], title: str, high_from: float, grey_from: float | None = None) -> str | None:
    """`measure` in the shape of QC; None where it was not assessed."""
    if measure["value"] is None:
        return None
    top = max(2 * high_from, measure["interval"][1])

    def x(value: float) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * value / top, 1)

    first = high_from if grey_from is None else grey_from
    bands = [
        (0.0, first, LOW, "stable" if grey_from else "low"),
        (first, high_from, GREY, "grey zone"),
        (high_from, top, HIGH, "high"),
    ]
    parts = []
    for start, end, colour, words in bands:
        if end > start:
            parts.append(rect(x(start), Y, x(end) - x(start), TALL, colour))
            parts += (
                [svg_text((x(start) + x(end)) / 2, Y - 6, words, "middle", MUTED, 10)] if x(end) - x(start) > 44 else []
            )
            parts.append(svg_text(x(start), Y + TALL + 14, f"{start:g}", "middle", MUTED))
    parts.append(svg_text(x(top), Y + TALL + 14, f"{top:.4g}", "middle", MUTED))
    parts.append(svg_text((LEFT + WIDTH - RIGHT) / 2, Y + TALL + 28, measure["unit"], "middle", MUTED))
    low, high = measure["interval"]
    middle = Y + TALL / 2
    parts.append(path(f"M{x(low):g} {middle - 4}v8m0 -4H{x(high):g}m0 -4v8", INK, 2))
    parts.append(f'<circle cx="{x(measure["value"]):g}" cy="{middle:g}" r="5" fill="{INK}"/>')
    words = f"{measure['value']} {measure['unit']}, 95 % interval {low} to {high}; high from {high_from:g}"
    return drawing(WIDTH, Y + TALL + 34, title, words, parts)
