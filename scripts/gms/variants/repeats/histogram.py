"""Histogram of the reads of a repeat, in the coordinates of an SVG drawing."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

WIDTH, HEIGHT, LEFT = 560, 90, 30  # of the drawing and its margin


def histogram(locus: Mapping[str, Any], sample: Mapping[str, Any]) -> dict[str, Any]:
    """Bars of the reads by copies: those that span the repeat, and those that end in it (at least as many copies); and
    the limits. Coordinates of an SVG drawing."""
    spanning = {int(copies): reads for copies, reads in sample["spanning"].items()}
    bounds = Counter(sample["at_least"])
    reach = _reach(locus, sample, [*spanning, *bounds])
    most = max([*spanning.values(), *bounds.values(), 1])
    marks = [("normal", locus["normal_max"])] if locus["normal_max"] else []
    marks += [(source, limit) for source, limit in locus["limits"].items()]
    return {
        "bars": [*_bars(spanning, reach, most, "#0b5673"), *_bars(bounds, reach, most, "#b8c3cd")],
        "marks": [
            {"x": _x(copies + 0.5 * (name == "normal"), reach), "name": name, "copies": copies}
            for name, copies in marks
            if copies <= reach
        ],
        "beyond": [{"name": name, "copies": copies} for name, copies in marks if copies > reach],
        "reach": reach,
        "most": most,
        "width": WIDTH,
        "height": HEIGHT,
    }


def _reach(locus: Mapping[str, Any], sample: Mapping[str, Any], shown: list[int]) -> int:
    """The greatest number of copies in the drawing: limits far beyond the reads are left out."""
    least = [allele["low"] for allele in sample["alleles"]]
    reach = max([*shown, locus["normal_max"] or 0, *least], default=1)
    return max([reach, *(limit for limit in locus["limits"].values() if limit <= 2 * reach)]) + 2


def _mark(name: str, copies: int, reach: int) -> dict[str, Any]:
    """A limit: behind the last normal number of copies, or at the first pathogenic one."""
    return {"x": _x(copies + 0.5 * (name == "normal"), reach), "name": name, "copies": copies}


def _bars(numbers: Mapping[int, int], reach: int, most: int, colour: str) -> Iterator[dict[str, Any]]:
    width = max(1.0, 0.7 * (WIDTH - LEFT) / reach)
    for copies, reads in sorted(numbers.items()):
        tall = round((HEIGHT - 24) * reads / most, 1)
        place = {"x": round(_x(copies, reach) - width / 2, 1), "y": round(HEIGHT - 14 - tall, 1)}
        yield place | {"width": round(width, 1), "height": tall, "colour": colour}


def _x(copies: float, reach: int) -> float:
    return round(LEFT + (WIDTH - LEFT) * copies / reach, 1)
