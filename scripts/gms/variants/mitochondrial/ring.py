"""The mitochondrial genome as a ring, in the coordinates of an SVG drawing of 2 x 210 by 2 x 210."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gms.variants.mitochondrial.facts import RCRS_LENGTH, genes

MIDDLE = 210.0
GENES, DELETIONS, DEPTH, MARKS = 165.0, 142.0, (70.0, 128.0), (174.0, 186.0)  # distances from the middle
COLOURS = {"protein": "#0b5673", "rRNA": "#6b4a9e", "tRNA": "#b3541e"}


def ring(facts: Mapping[str, Any], findings: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Arcs of the genes (of rCRS), the depth of the index sample, reported variants and deletions."""
    size, profile = facts["length"], facts["samples"][0]["profile"]
    arcs = [
        {"name": gene.name, "path": arc(gene.start - 1, gene.end, size, GENES), "colour": COLOURS[gene.kind]}
        for gene in (genes() if size == RCRS_LENGTH else ())
    ]
    marks, lost = [], []
    for found in findings:
        start = int(found["variants"][0].split(":")[1])
        if end := found["own"].get("END"):
            lost.append({"path": arc(start, int(end), size, DELETIONS)})
        else:
            inner, outer = (point(start - 0.5, size, radius) for radius in MARKS)
            marks.append({"x1": inner[0], "y1": inner[1], "x2": outer[0], "y2": outer[1], "name": str(start)})
    return {"size": 2 * MIDDLE, "genes": arcs, "marks": marks, "deletions": lost, "depth": depth_path(profile, size)}


def point(position: float, size: int, radius: float) -> tuple[float, float]:
    """Where a position lies: the origin at the top, clockwise."""
    angle = 2 * math.pi * position / size
    return round(MIDDLE + radius * math.sin(angle), 1), round(MIDDLE - radius * math.cos(angle), 1)


def arc(start: float, end: float, size: int, radius: float) -> str:
    """The path of an arc; 0-based half-open."""
    (x1, y1), (x2, y2) = point(start, size, radius), point(end, size, radius)
    large = int(end - start > size / 2)
    return f"M{x1} {y1}A{radius} {radius} 0 {large} 1 {x2} {y2}"


def depth_path(profile: Sequence[float], size: int) -> str:
    """The closed path of the depth, its highest value on the outer circle."""
    low, high = DEPTH
    most = max(profile) or 1.0
    step = size / len(profile)
    points = [point((at + 0.5) * step, size, low + (high - low) * depth / most) for at, depth in enumerate(profile)]
    return "M" + "L".join(f"{x} {y}" for x, y in points) + "Z"
