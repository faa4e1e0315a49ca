"""Tumour fraction over time as SVG: interval and limit of detection of each sample, treatments below."""

import datetime
import math
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from gms.drawings.svg import svg_text

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 640, 300, 60, 14, 74
LOWEST, HIGHEST = -6.0, 0.0  # powers of ten of the fraction
COLOURS = {"detected": "#9c2226", "not_detected": "#1c6645", "not_evaluable": "#586673"}
WORDS = {"detected": "detected", "not_detected": "not detected", "not_evaluable": "not evaluable"}


def drawing(document: Mapping[str, Any]) -> str:
    """One drawing for all time points of a patient."""
    points = document["time_points"]
    days = [_day(point["drawn"]) for point in points] + [_day(t["from"]) for t in document["treatments"]]
    first, span = min(days), max(max(days) - min(days), 1)

    def x(day: str) -> float:
        return round(LEFT + 40 + min(1.0, max(0.0, (_day(day) - first) / span)) * (WIDTH - LEFT - 90), 1)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" width="{WIDTH}">',
        f"<title>{escape(_title(document))}</title>",
        *_axis(),
        *(line for point in points for line in _point(point, x(point["drawn"]))),
        *(line for place, one in enumerate(document["treatments"]) for line in _treatment(one, place, x, points)),
        "</svg>",
    ]
    return "\n".join(parts)


def _day(text: str) -> int:
    return datetime.date.fromisoformat(text).toordinal()


def _title(document: Mapping[str, Any]) -> str:
    words = [f"{point['drawn']}: {WORDS[point['state']]}" for point in document["time_points"]]
    return f"Tumour fraction in plasma of {document['patient']}; {'; '.join(words)}"


def _y(fraction: float) -> float:
    power = min(HIGHEST, max(LOWEST, math.log10(fraction) if fraction > 0 else LOWEST))
    return round(TOP + (HIGHEST - power) / (HIGHEST - LOWEST) * (HEIGHT - TOP - BOTTOM), 1)


def _axis() -> list[str]:
    lines = [f'<path d="M{LEFT} {TOP}V{HEIGHT - BOTTOM}H{WIDTH - 8}" fill="none" stroke="#586673"/>']
    for power in range(int(LOWEST), int(HIGHEST) + 1):
        lines.append(svg_text(LEFT - 6, _y(10.0**power) + 4, f"1e{power}" if power else "1", "end"))
    return lines


def _point(point: Mapping[str, Any], x: float) -> list[str]:
    """Limit of detection as a band, interval as a line, estimate as a dot; a ring where nothing was detected."""
    colour, lines = COLOURS[point["state"]], []
    if point["lod"] is not None:
        top, bottom = _y(point["lod"]), HEIGHT - BOTTOM
        lines.append(f'<rect x="{x - 14}" y="{top}" width="28" height="{bottom - top}" fill="#dbe2e8"/>')
    if point["state"] != "not_evaluable":
        lines.append(f'<path d="M{x} {_y(point["high"])}V{_y(point["low"])}" stroke="{colour}" stroke-width="2"/>')
        fill = colour if point["state"] == "detected" else "#fff"
        dot = f'fill="{fill}" stroke="{colour}" stroke-width="2"'
        lines.append(f'<circle cx="{x}" cy="{_y(point["fraction"])}" r="5" {dot}/>')
    lines.append(svg_text(x, HEIGHT - BOTTOM + 14, point["drawn"], "middle"))
    lines.append(svg_text(x, HEIGHT - BOTTOM + 27, WORDS[point["state"]], "middle"))
    return lines


def _treatment(one: Mapping[str, str], place: int, x, points: list[Mapping[str, Any]]) -> list[str]:
    last = one.get("until") or max([point["drawn"] for point in points] + [one["from"]])
    start, end, y = x(one["from"]), x(last), HEIGHT - 26 + 13 * (place % 2)
    bar = f'<path d="M{start} {y}H{max(end, start + 4)}" stroke="#0b5673" stroke-width="4"/>'
    return [bar, svg_text(start, y - 4, one["name"])]
