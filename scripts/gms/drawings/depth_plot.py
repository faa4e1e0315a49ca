"""Depth around the ends of a structural variant: a row for each sample, a panel for each stretch."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gms.drawings.svg import BLUE, INK, MUTED, RED, drawing, path, shortened, svg_text

WIDTH, LEFT, TOP, TALL, STEP, GAP, BOTTOM = 760, 130, 10, 54, 70, 26, 30


def depth_plot(view: Mapping[str, Any], usual: Mapping[str, float | None]) -> str:
    """A view of gms.drawings.depth_views; `usual`: median depth of each sample, drawn as a broken line."""
    panels, samples = view["panels"], view["samples"]
    wide = (WIDTH - LEFT - GAP * (len(panels) - 1)) / len(panels)
    parts, said = [], []
    for row, sample in enumerate(samples):
        level = usual.get(sample["sample"]) or 0
        top = max([2 * level, *(depth for depths in sample["depth"] for depth in depths), 1])
        y = TOP + STEP * row
        parts += _axis(sample["sample"], y, top)
        for number, (panel, depths) in enumerate(zip(panels, sample["depth"], strict=True)):
            x = LEFT + (wide + GAP) * number
            parts += _panel(panel, depths, (x, y, wide), top, level)
        said.append(f"{sample['sample']}: {_words(sample['depth'], level)}")
    base = TOP + STEP * len(samples)
    for number, panel in enumerate(panels):
        parts += _positions(panel, LEFT + (wide + GAP) * number, wide, base)
    if any(usual.values()):
        parts.append(svg_text(0, base + 16, "- - - median depth", "start", MUTED, 10))
    return drawing(WIDTH + 10, base + BOTTOM, "Depth around the ends", "; ".join(said), parts)


def _words(depths: Sequence[Sequence[float]], level: float) -> str:
    flat = [depth for panel in depths for depth in panel]
    return f"{min(flat):.0f} to {max(flat):.0f} reads" + (f", median of the sample {level:.0f}" if level else "")


def _axis(name: str, y: float, top: float) -> Iterator[str]:
    yield svg_text(0, y + TALL / 2, shortened(name, 14))
    yield svg_text(0, y + TALL / 2 + 13, "reads", "start", MUTED, 10)
    yield svg_text(LEFT - 6, y + 9, f"{top:.0f}", "end", MUTED, 10)
    yield svg_text(LEFT - 6, y + TALL, "0", "end", MUTED, 10)


def _panel(
    panel: Mapping[str, Any], depths: Sequence[float], place: tuple[float, float, float], top: float, level: float
) -> Iterator[str]:
    x, y, wide = place
    step, base = wide / len(depths), y + TALL
    points = "".join(f"V{base - TALL * depth / top:.1f}H{x + step * (n + 1):.1f}" for n, depth in enumerate(depths))
    yield f'<path d="M{x:.1f} {base:g}{points}V{base:g}z" fill="#cfe0ea" stroke="{BLUE}" stroke-width="1"/>'
    yield path(f"M{x:.1f} {base:g}h{wide:.1f}", MUTED)
    if level:
        yield path(f"M{x:.1f} {base - TALL * level / top:.1f}h{wide:.1f}", INK, 1, 'stroke-dasharray="4 3"')
    for end in panel["ends"]:
        at = x + wide * (end - panel["start"]) / (panel["end"] - panel["start"])
        yield path(f"M{at:.1f} {y:g}V{base:g}", RED, 1.5)


def _positions(panel: Mapping[str, Any], x: float, wide: float, base: float) -> Iterator[str]:
    y = base + 2
    yield svg_text(x, y, f"{panel['start'] + 1:,}", "start", MUTED, 10)
    yield svg_text(x + wide, y, f"{panel['end']:,}", "end", MUTED, 10)
    ends = " and ".join(f"{end:,}" for end in panel["ends"])
    yield svg_text(
        x + wide / 2, y + 14, f"{panel['contig']}, end{'s' * (len(panel['ends']) > 1)} at {ends} (red)", "middle", MUTED
    )
