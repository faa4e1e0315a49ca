"""A Levey-Jennings chart as SVG: runs from left to right, their samples, baseline, limits of the gates, drift."""

from collections.abc import Iterator, Sequence
from html import escape
from typing import NamedTuple

from gms.operations.dashboard.control_rules import WORDS, Baseline
from gms.operations.dashboard.series import Series, words_of

WIDTH, HEIGHT = 640, 200
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 60, 12, 26


class Scale(NamedTuple):
    """Values to pixels."""

    low: float
    high: float
    runs: int

    def x(self, run: int) -> float:
        width = WIDTH - _LEFT - _RIGHT
        return round(_LEFT + width * (run + 0.5) / self.runs, 1)

    def y(self, value: float) -> float:
        height = HEIGHT - _TOP - _BOTTOM
        return round(_TOP + height * (self.high - value) / (self.high - self.low), 1)


def plot(series: Series, baseline: Baseline | None, broken: Sequence[tuple[str, ...]]) -> str:
    """The chart; what it shows is also in its description, and in a table of the page."""
    medians = list(series.runs["median"])
    scale = _scale(series, baseline)
    parts = [*_bands(scale, baseline), *_limits(series, scale), *_axes(series, scale)]
    places = {run: number for number, run in enumerate(series.runs.index)}
    parts += [
        f'<circle class="sample" cx="{scale.x(places[run])}" cy="{scale.y(value)}" r="2"/>'
        for run, value in zip(series.samples["run"], series.samples["value"], strict=True)
    ]
    line = " ".join(f"{scale.x(number)},{scale.y(value)}" for number, value in enumerate(medians))
    parts.append(f'<polyline class="line" points="{line}"/>')
    parts += _points(series, scale, broken)
    title = escape(f"{series.metric} of {len(medians)} runs; {sum(map(bool, broken))} marked as drift")
    head = f'<svg class="trend" role="img" viewBox="0 0 {WIDTH} {HEIGHT}" aria-label="{title}">'
    return "\n".join([head, *parts, "</svg>"])


def _scale(series: Series, baseline: Baseline | None) -> Scale:
    """All samples, the baseline's 3 SD and those limits that are not far from them."""
    low, high = float(series.runs["low"].min()), float(series.runs["high"].max())
    if baseline:
        low = min(low, baseline.mean - 3 * baseline.deviation)
        high = max(high, baseline.mean + 3 * baseline.deviation)
    reach = (high - low) or abs(high) * 0.1 or 1.0
    for _, bound in series.limits:
        if low - reach <= bound <= high + reach:
            low, high = min(low, bound), max(high, bound)
    margin = (high - low) * 0.06 or abs(high) * 0.05 or 0.5
    return Scale(low - margin, high + margin, len(series.runs))


def _bands(scale: Scale, baseline: Baseline | None) -> Iterator[str]:
    if baseline is None:
        return
    for number in (3, 2):
        top, bottom = (scale.y(baseline.mean + sign * number * baseline.deviation) for sign in (1, -1))
        yield f'<rect class="band" x="{_LEFT}" y="{top}" width="{WIDTH - _LEFT - _RIGHT}" height="{bottom - top:.1f}"/>'
    yield _line("mean", scale.y(baseline.mean), "mean")


def _limits(series: Series, scale: Scale) -> Iterator[str]:
    for verdict, bound in series.limits:
        if scale.low <= bound <= scale.high:
            yield _line(f"limit {verdict}", scale.y(bound), verdict)


def _line(kind: str, y: float, text: str) -> str:
    label = f'<text x="{WIDTH - _RIGHT + 6}" y="{y + 4:.1f}">{text}</text>'
    return f'<line class="{kind}" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y}" y2="{y}"/>{label}'


def _axes(series: Series, scale: Scale) -> Iterator[str]:
    step = (scale.high - scale.low) / 4
    for number in range(1, 4):
        value = scale.low + step * number
        words = escape(words_of(series.metric, value))
        yield f'<text class="tick" x="{_LEFT - 8}" y="{scale.y(value) + 4:.1f}">{words}</text>'
    dates = list(series.runs["date"])
    places = dict.fromkeys((0, len(dates) - 1))
    for place in places:
        yield f'<text class="date" x="{scale.x(place)}" y="{HEIGHT - 6}">{escape(dates[place])}</text>'


def _points(series: Series, scale: Scale, broken: Sequence[tuple[str, ...]]) -> Iterator[str]:
    for number, (date, median) in enumerate(zip(series.runs["date"], series.runs["median"], strict=True)):
        x, y = scale.x(number), scale.y(median)
        rules = "; ".join(WORDS[rule] for rule in broken[number]) if broken else ""
        title = escape(f"{date}: {words_of(series.metric, float(median))}" + (f" ({rules})" if rules else ""))
        if rules:  # another form as well as another colour
            shape = f'<path class="drift" d="M{x} {y - 7}l7 7l-7 7l-7 -7z">'
            yield f"{shape}<title>{title}</title></path>"
        else:
            yield f'<circle class="run" cx="{x}" cy="{y}" r="3.5"><title>{title}</title></circle>'
