"""Histogram of the reads of a repeat by copies, with the limits of normal and of pathogenic alleles."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from gms.drawings.svg import BLUE, GREEN, LINE, MUTED, RED, drawing, path, rect, svg_text

Data = Mapping[str, Any]
WIDTH, LEFT, RIGHT, TOP, TALL, BOTTOM = 640, 46, 14, 50, 90, 34
WORDS = 110  # room for the words of a limit
STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)  # copies between ticks


def repeat_histogram(locus: Data, sample: Data, name: str) -> str:
    """Dark bars: reads that span the repeat; light bars: those that end in it, so at least as many copies."""
    spanning = {int(copies): reads for copies, reads in sample["spanning"].items()}
    bounds = Counter(sample["at_least"])
    reach = _reach(locus, sample, [*spanning, *bounds])
    most = max([*spanning.values(), *bounds.values(), 1])
    parts = [*_axes(reach, most, locus["motif"])]
    parts += _bars(bounds, reach, most, LINE, reach * 0.008)
    parts += _bars(spanning, reach, most, BLUE, 0)
    parts += _limits(locus, reach)
    words = ", ".join(f"{reads} of {copies} copies" for copies, reads in sorted(spanning.items())) or "none"
    described = f"Reads that span the repeat: {words}; reads that end in it: {bounds.total()}"
    title = f"Reads of {name} by copies of {locus['motif']} at {locus['locus']}"
    return drawing(WIDTH, TOP + TALL + BOTTOM, title, described, parts)


def _reach(locus: Data, sample: Data, shown: list[int]) -> int:
    """The greatest number of copies in the drawing: limits far beyond the reads are left out."""
    least = [allele["low"] for allele in sample["alleles"]]
    reach = max([*shown, locus["normal_max"] or 0, *least], default=1)
    return max([reach, *(limit for limit in locus["limits"].values() if limit <= 2 * reach)]) + 2


def _x(copies: float, reach: int) -> float:
    return round(LEFT + (WIDTH - LEFT - RIGHT) * copies / reach, 1)


def _axes(reach: int, most: int, motif: str) -> Iterator[str]:
    base = TOP + TALL
    yield path(f"M{LEFT} {TOP}V{base}H{WIDTH - RIGHT}", MUTED)
    yield svg_text(LEFT - 6, TOP + 8, str(most), "end", MUTED)
    yield svg_text(LEFT - 6, base, "0", "end", MUTED)
    yield svg_text(LEFT - 6, TOP + TALL / 2 + 4, "reads", "end", MUTED)
    step = next((step for step in STEPS if reach / step <= 12), STEPS[-1])
    for copies in range(0, reach + 1, step):
        yield path(f"M{_x(copies, reach):g} {base}v4", MUTED)
        yield svg_text(_x(copies, reach), base + 15, str(copies), "middle", MUTED)
    yield svg_text((LEFT + WIDTH - RIGHT) / 2, base + 29, f"copies of {motif}", "middle", MUTED)


def _bars(numbers: Mapping[int, int], reach: int, most: int, colour: str, shift: float) -> Iterator[str]:
    width = max(2.0, 0.7 * (WIDTH - LEFT - RIGHT) / reach)
    for copies, reads in sorted(numbers.items()):
        tall = round(TALL * reads / most, 1)
        yield rect(
            round(_x(copies + shift, reach) - width / 2, 1), round(TOP + TALL - tall, 1), round(width, 1), tall, colour
        )


def _limits(locus: Data, reach: int) -> Iterator[str]:
    """Behind the last normal number of copies, and at the first pathogenic one of each source. Words stand left of
    their line, those of the rightmost on top, so that no line crosses them; where there is no room, right of it."""
    normal = locus["normal_max"]
    marks = [(normal, _x(normal + 0.5, reach), GREEN, f"normal ≤ {normal}")] if normal else []
    limits = sorted(set(locus["limits"].values()))
    marks += [(limit, _x(limit, reach), RED, f"pathogenic ≥ {limit}") for limit in limits]
    is_left = bool(marks) and marks[0][1] > WORDS
    for number, (copies, x, colour, words) in enumerate(marks[::-1] if is_left else marks):
        y = 11 + 11 * (number % 4)
        if copies > reach:
            yield svg_text(WIDTH - RIGHT, y, f"{words} →", "end", colour, 10)
            continue
        yield path(f"M{x:g} {y + 3}V{TOP + TALL}", colour, 1.5, 'stroke-dasharray="4 3"')
        yield svg_text(x, y, words, "end" if is_left or x > WIDTH / 2 else "start", colour, 10)
