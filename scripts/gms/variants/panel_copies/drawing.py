"""Drawing of copy number along the genome: points of depth and levels of segments, as numbers of an SVG."""

from collections.abc import Mapping
from typing import Any

from gms.drawings.along_genome import LEFT, WIDTH, Axis
from gms.variants.panel_copies.events import CHANGED

HEIGHT, FOOT = 230, 18  # units of the SVG; room for names below
HIGHEST = 3.0  # log2 at the upper border; what is beyond lies on it
LOWEST = -2.5
LINES = (-2, -1, 0, 1, 2)


def panel_content(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The drawing, and the arms that are lost or gained as a whole."""
    if not facts["assessed"]:
        return {"drawing": None, "arms": []}
    return {"drawing": drawing(facts), "arms": [arm for arm in facts["arms"] if arm["state"] in ("lost", "gained")]}


def drawing(facts: Mapping[str, Any]) -> dict[str, Any]:
    """`facts`: with contigs and their lengths, points [contig, position, log2] and segments [contig, start, end,
    log2, windows]."""
    axis = Axis(facts["contigs"])
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "bottom": HEIGHT - FOOT,
        "grid": [{"y": height(log2), "log2": log2} for log2 in LINES],
        "contigs": [
            {"x": axis.x(name, 0), "width": axis.x(name, length) - axis.x(name, 0), "name": name.removeprefix("chr")}
            for name, length in facts["contigs"].items()
        ],
        "points": [{"x": axis.x(contig, at), "y": height(log2)} for contig, at, log2 in facts["points"]],
        "segments": [_line(axis, *segment[:4]) for segment in facts["segments"]],
    }


def _line(axis: Axis, contig: str, start: int, end: int, log2: float) -> dict[str, Any]:
    left = axis.x(contig, start)
    return {"x1": left, "x2": max(axis.x(contig, end), left + 1.5), "y": height(log2), "colour": colour(log2)}


def colour(log2: float) -> str:
    """Of a level: fewer copies, more, or the usual ones."""
    if abs(log2) < CHANGED:
        return "#46525e"
    return "#9c2226" if log2 < 0 else "#1f5f99"


def height(log2: float) -> float:
    """Distance from the upper border."""
    inside = min(HIGHEST, max(LOWEST, log2))
    return round((HIGHEST - inside) / (HIGHEST - LOWEST) * (HEIGHT - FOOT), 1)
