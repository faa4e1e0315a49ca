"""Parts of a drawing (SVG within a page): words are escaped, lengths are pixels, y grows downwards."""

from collections.abc import Iterable
from xml.sax.saxutils import escape

INK, MUTED, LINE, SOFT = "#1b2733", "#586673", "#b8c3cd", "#e3e9ee"
BLUE, RED, GREEN, BROWN, VIOLET = "#0b5673", "#9c2226", "#1c6645", "#b3541e", "#6b4a9e"


def drawing(  # noqa: PLR0913
    width: float, height: float, title: str, description: str, parts: Iterable[str], fills: bool = False
) -> str:
    """A drawing with its name, and with what it shows for those who cannot see it. `fills`: as wide as the page."""
    shown = 'class="genome"' if fills else f'class="drawing" style="max-width: {width:g}px"'
    head = f'<svg {shown} viewBox="0 0 {width:g} {height:g}" role="img">'
    words = f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
    return "".join([head, words, *parts, "</svg>"])


def svg_text(x: float, y: float, words: str, anchor: str = "start", colour: str = INK, size: int = 11) -> str:
    """Words; `anchor`: where (x, y) is of them, start, middle or end."""
    place = f'x="{x:g}" y="{y:g}" font-size="{size}" font-family="sans-serif" text-anchor="{anchor}" fill="{colour}"'
    return f"<text {place}>{escape(words)}</text>"


def path(d: str, colour: str = LINE, width: float = 1, more: str = "") -> str:
    """A line without a filled area."""
    return f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{width:g}"{more and " " + more}/>'


def rect(x: float, y: float, width: float, height: float, fill: str, more: str = "") -> str:
    size = f'x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"'
    return f'<rect {size} fill="{fill}"{more and " " + more}/>'


def circle(x: float, y: float, radius: float, fill: str, stroke: str = INK, more: str = "") -> str:
    line = f'stroke="{stroke}" stroke-width="1.5"{more and " " + more}'
    return f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{fill}" {line}/>'


def shortened(words: str, most: int) -> str:
    """At most so many characters, the middle of longer words left out."""
    if len(words) <= most:
        return words
    behind = (most - 1) // 3
    return f"{words[: most - 1 - behind]}…{words[len(words) - behind :]}"
