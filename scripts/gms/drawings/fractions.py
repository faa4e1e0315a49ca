"""Allele fractions of findings: a row each, a dot with its interval for each sample, on a logarithmic axis."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from gms.drawings.svg import BLUE, LINE, MUTED, RED, SOFT, circle, drawing, path, rect, shortened, svg_text

WIDTH, LEFT, RIGHT, TOP, ROW = 760, 220, 110, 24, 20
LOWEST = 0.001  # left end of the axis; what is less stands there
TICKS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
Z95 = 1.959964  # standard normal quantile of a two-sided interval of 95 %
FILLS = (BLUE, "#fff", LINE)  # of the dots: index, second and further samples


NONE: Mapping[str, float] = {}


class Row(NamedTuple):
    """A finding: its name, and its evidence by sample, index first, as in report/{case}.json."""

    name: str
    evidence: Sequence[Mapping[str, Any]]


def fraction_plot(
    rows: Sequence[Row], title: str, limits: Mapping[str, float] = NONE, half: bool = False
) -> str | None:
    """The plot; `limits`: words -> fraction from which such variants are found; `half`: shade 45-55 %, where inherited
    ones are. None where no finding has a fraction."""
    rows = [row for row in rows if any(one["fraction"] is not None for one in row.evidence)]
    if not rows:
        return None
    base = TOP + ROW * len(rows)
    parts = [*_axis(base), *_limits(limits, base)]
    if half:
        parts.insert(0, rect(_x(0.45), TOP - 6, _x(0.55) - _x(0.45), base - TOP + 6, "#fdf3e0"))
        parts.append(svg_text(_x(0.5), TOP - 10, "45–55 %", "middle", MUTED, 10))
    for number, row in enumerate(rows):
        parts += _row(row, TOP + ROW * (number + 0.5))
    parts += _legend([one["sample"] for one in rows[0].evidence], base + 46)
    return drawing(WIDTH, base + 56, title, _words(rows), parts)


def _limits(limits: Mapping[str, float], base: float) -> Iterator[str]:
    """A broken line each; the words of the lowest end at it, those of the highest begin there."""
    for number, (words, fraction) in enumerate(sorted(limits.items(), key=lambda pair: pair[1])):
        yield path(f"M{_x(fraction):g} {TOP - 6}V{base:g}", RED, 1, 'stroke-dasharray="4 3"')
        anchor = "start" if number else "end" if len(limits) > 1 else "middle"
        yield svg_text(_x(fraction), TOP - 10, f"{words} {_percent(fraction)}", anchor, RED, 10)


def _words(rows: Sequence[Row]) -> str:
    return "; ".join(
        f"{row.name}: "
        + ", ".join(
            f"{_percent(one['fraction'])} in {one['sample']}" for one in row.evidence if one["fraction"] is not None
        )
        for row in rows
    )


def _x(fraction: float) -> float:
    share = math.log10(max(fraction, LOWEST) / LOWEST) / -math.log10(LOWEST)
    return round(LEFT + 12 + share * (WIDTH - LEFT - RIGHT - 12), 1)


def _percent(fraction: float) -> str:
    return f"{100 * fraction:.3g} %"


def _axis(base: float) -> Iterator[str]:
    yield path(f"M{LEFT} {base:g}H{WIDTH - RIGHT}", MUTED)
    for tick in TICKS:
        yield path(f"M{_x(tick):g} {TOP - 6}V{base + 4:g}", SOFT)
        words = f"≤ {_percent(tick)}" if tick == LOWEST else _percent(tick)
        yield svg_text(_x(tick), base + 16, words, "middle", MUTED)
    yield svg_text(
        (LEFT + WIDTH - RIGHT) / 2, base + 30, "fraction of reads with the variant (logarithmic)", "middle", MUTED
    )


def _row(row: Row, y: float) -> Iterator[str]:
    yield svg_text(LEFT - 8, y + 4, shortened(row.name, 31), "end")
    for number, one in reversed(list(enumerate(row.evidence))):
        if one["fraction"] is None:
            continue
        if one["depth"]:  # the fraction of a long insertion allows for reads that are too short to show it
            low, high = wilson(one["fraction"], one["depth"])
            yield path(f"M{_x(low):g} {y:g}H{_x(high):g}", BLUE if number == 0 else LINE, 2)
        yield circle(_x(one["fraction"]), y, 4.5, FILLS[min(number, 2)], BLUE)
    first = row.evidence[0]
    if first["fraction"] is not None:
        yield svg_text(WIDTH - RIGHT + 8, y + 4, f"{_percent(first['fraction'])} of {first['depth']}", "start", MUTED)


def _legend(names: Sequence[str], y: float) -> Iterator[str]:
    x = float(LEFT)
    for number, name in enumerate(names):
        yield circle(x + 5, y - 4, 4.5, FILLS[min(number, 2)], BLUE)
        yield svg_text(x + 14, y, shortened(name, 24), "start", MUTED)
        x += 26 + 6.5 * min(len(name), 24)
    yield svg_text(x, y, "line: 95 % interval of the reads counted", "start", MUTED)


def wilson(share: float, depth: float) -> tuple[float, float]:
    """95 % interval of a share of `depth` reads (Wilson 1927, doi:10.1080/01621459.1927.10502953)."""
    weight = Z95**2 / depth
    middle = (share + weight / 2) / (1 + weight)
    reach = Z95 * math.sqrt(share * (1 - share) / depth + weight / (4 * depth)) / (1 + weight)
    return max(0.0, middle - reach), min(1.0, middle + reach)
