"""A drawing of a two-stage design and of where a cohort stands, as SVG with words for those who cannot see it."""

from xml.sax.saxutils import escape

from gms.drawings.svg import svg_text
from gms.trials.cohort_progress.decisions import Standing
from gms.trials.two_stage.design import Design

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 520, 240, 46, 16, 40


def drawing(design: Design, found: Standing, title: str) -> str:
    """Responses (vertical) by evaluable patients (horizontal): bounds as bars, the way of the cohort as a line."""
    most = max(found.evaluable, design.n) + 1
    high = max(design.r + 3, found.benefit + 1)

    def x(patients: float) -> float:
        return round(LEFT + patients * (WIDTH - LEFT - 12) / most, 1)

    def y(responses: float) -> float:
        return round(HEIGHT - BOTTOM - responses * (HEIGHT - TOP - BOTTOM) / high, 1)

    words = f"{title}: {found.benefit} with benefit of {found.evaluable} evaluable; {found.because}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" width="{WIDTH}">',
        f"<title>{escape(words)}</title>",
        *_axes(design, x, y, most, high),
        *_bound(design.n1, design.r1, "stop", x, y),
        *_bound(design.n, design.r, "not active", x, y),
        *_way(found, x, y),
        "</svg>",
    ]
    return "\n".join(parts)


def _axes(design: Design, x, y, most: int, high: int) -> list[str]:
    line = f'<path d="M{x(0)} {y(high)}V{y(0)}H{x(most)}" fill="none" stroke="#586673"/>'
    ticks = [svg_text(x(n), y(0) + 14, str(n), "middle") for n in (0, design.n1, design.n)]
    step = max(1, high // 6)
    ticks += [svg_text(x(0) - 6, y(k) + 4, str(k), "end") for k in range(0, high + 1, step)]
    names = [svg_text(x(most), y(0) + 30, "evaluable patients", "end"), svg_text(LEFT + 6, TOP + 4, "with benefit")]
    return [line, *ticks, *names]


def _bound(patients: int, responses: int, words: str, x, y) -> list[str]:
    """A bar from 0 to the bound; ending at it or below has the meaning in `words`."""
    bar = f'<path d="M{x(patients)} {y(0)}V{y(responses + 0.5)}" stroke="#9c2226" stroke-width="5"/>'
    return [bar, svg_text(x(patients) - 5, y(responses + 0.5) - 5, f"{words} ≤ {responses}", "end")]


def _way(found: Standing, x, y) -> list[str]:
    """The cohort: its steps where the order is known, its place in any case."""
    points = [(0, 0), *enumerate(found.steps, 1)]
    path = " ".join(f"{x(n)},{y(k)}" for n, k in points)
    line = f'<polyline points="{path}" fill="none" stroke="#0b5673" stroke-width="2"/>' if found.steps else ""
    here = f'<circle cx="{x(found.evaluable)}" cy="{y(found.benefit)}" r="5" fill="#0b5673"/>'
    return [line, here]
