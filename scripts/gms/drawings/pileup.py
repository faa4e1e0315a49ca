"""Reads around a variant, one below the other, each sample by itself: those that show the allele, then others."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gms.drawings.svg import INK, MUTED, VIOLET, drawing, path, rect, svg_text

Read = Mapping[str, Any]
LEFT, TOP, ROW, GAP, HEAD = 8, 44, 9, 6, 18
WIDEST, CELL = 900, 8.0  # pixels of a row at most, and of a base
FORWARD, REVERSE, CLIPPED = "#cfe0ea", "#ecdccf", "#e6dff2"
COLOURS = {"A": "#1c6645", "C": "#0b5673", "G": "#8a5a00", "T": "#9c2226"}


def pileup(view: Mapping[str, Any], spelling: str) -> str:
    """The reads of a view (gms.drawings.read_views) of the variant CHROM:POS:REF:ALT."""
    _, pos, ref, alt = spelling.rsplit(":", 3)
    at = int(pos) - 1 - view["start"]
    marked = at + (len(ref) > 1 or len(alt) > 1), at + len(ref)
    return _drawn(view, marked, "Reads at the variant", ("with the allele", "show it"), "#fdeebd")


def end_pileup(view: Mapping[str, Any]) -> str:
    """The reads of a view of one end of a structural variant."""
    at = view["end"] - view["start"]
    title = f"Reads at {view['contig']}:{view['end']:,}"
    return _drawn(view, (at, at), title, ("with an end or a gap here", "have an end or a gap here"), "#dd8e91")


def _drawn(view: Mapping[str, Any], marked: tuple[int, int], title: str, said: tuple[str, str], mark: str) -> str:
    """`marked`: offsets in the window, half-open, in the colour `mark`; `said` of the reads that show it, in the
    drawing and for those who cannot see it."""
    size = len(view["reference"])
    cell = min(CELL, WIDEST / size)
    parts, y = [], float(TOP)
    for sample in view["samples"]:
        rows, y = _sample(sample, y, cell, said[0])
        parts += rows
    first, last = (LEFT + cell * at for at in marked)
    back = rect(round(first, 1) - 1, 30, round(max(last - first, 0) + 2, 1), y - 30, mark)
    words = "; ".join(
        f"{one['sample']}: {one['showing']} reads {said[1]}, {one['others']} others" for one in view["samples"]
    )
    width = 2 * LEFT + max(cell * size, 420)
    return drawing(width, y + 4, title, words, [back, *_reference(view, cell), *parts])


def _reference(view: Mapping[str, Any], cell: float) -> Iterator[str]:
    """Positions, 1-based, and the bases of the reference."""
    size, start = len(view["reference"]), view["start"]
    yield svg_text(LEFT, 10, view["contig"], "start", MUTED, 10)
    step = 20 if cell > 4 else 50
    for place in range(-(start + 1) % step, size, step):
        x = round(LEFT + cell * (place + 0.5), 1)
        if LEFT + 8 * len(view["contig"]) < x < cell * size - 16:
            yield svg_text(x, 10, f"{start + place + 1:,}", "middle", MUTED, 10)
        yield path(f"M{x:g} 13v5", MUTED)
    if cell > 5:
        yield _letters(LEFT, 29, view["reference"], cell, INK)


def _sample(sample: Mapping[str, Any], y: float, cell: float, shown: str) -> tuple[list[str], float]:
    """The rows of a sample, and where they end."""
    parts, marks = [], defaultdict(list)
    groups = [[read for read in sample["reads"] if read["shows"] == is_shown] for is_shown in (True, False)]
    counts = zip(groups, ("showing", "others"), (shown, "other reads"), strict=True)
    words = "; ".join(f"{name} {sample[key]}{_part(group, sample[key])}" for group, key, name in counts)
    words += " (of the first reads only)" if sample["cut"] else ""
    parts.append(svg_text(LEFT, y + 9, f"{sample['sample']}: {words}", "start", INK, 11))
    y += HEAD
    bodies: dict[str, list[str]] = {FORWARD: [], REVERSE: []}
    for group in filter(None, groups):
        for read in group:
            colour = REVERSE if read["reverse"] else FORWARD
            start, end = (round(LEFT + cell * read[key], 1) for key in ("start", "end"))
            bodies[colour].append(f"M{start:g} {y + 4:g}H{end:g}")
            _marks(read["marks"], y + 4, cell, marks)
            y += ROW
        y += GAP
    parts += [path("".join(lines), colour, 7) for colour, lines in bodies.items() if lines]
    parts += [
        path("".join(lines), "#fff", 7) + path("".join(lines), INK, 1) for lines in [marks.pop("del", None)] if lines
    ]
    parts += _letter_groups(marks, cell)
    return parts, y + GAP


def _part(group: Sequence[Read], number: int) -> str:
    return f" ({len(group)} shown)" if len(group) < number else ""


def _marks(found: Sequence[Sequence[Any]], y: float, cell: float, marks: dict[str, list[str]]) -> None:
    """Marks of one read by kind: letters of other bases by base, lines of deletions, insertions, clipped bases."""
    for place, kind, value in found:
        x = round(LEFT + cell * place, 1)
        if kind == "base":
            marks[value].append(f'<text x="{x + cell / 2:g}" y="{y + 3.5:g}">{value}</text>')
        elif kind == "del":
            marks["del"].append(f"M{max(x, LEFT):g} {y:g}h{cell * value + min(x - LEFT, 0):g}")
        elif kind == "ins":
            label = f'<text x="{x:g}" y="{y + 3.5:g}" fill="#fff">{len(value)}</text>'
            wide = 8 if len(value) < 10 else 14
            marks["ins"].append(rect(x - wide / 2, y - 4, wide, 8, VIOLET, 'rx="2"') + label)
        elif value:
            start = x - cell * len(value) if kind == "clip_left" else x
            shown = value[::-1] if kind == "clip_left" else value
            wide = round(cell * len(value), 1)
            letters = _letters(start, y + 3.5, shown, cell, VIOLET) if cell > 5 else ""
            marks["clip"].append(rect(round(start, 1), y - 3.5, wide, 7, CLIPPED) + letters)


def _letter_groups(marks: Mapping[str, list[str]], cell: float) -> Iterator[str]:
    yield "".join(marks.get("clip", ()))
    for kind, texts in marks.items():
        if kind != "clip":
            colour = COLOURS.get(kind, "#8b97a2")
            look = f'font-size="{10 if cell > 5 else 7}" font-weight="700" font-family="monospace" text-anchor="middle"'
            yield f'<g {look} fill="{colour}">{"".join(texts)}</g>'


def _letters(x: float, y: float, bases: str, cell: float, colour: str) -> str:
    """Bases, each within its cell."""
    look = f'font-size="{cell * 1.25:g}" font-family="monospace" textLength="{cell * len(bases):g}"'
    return f'<text x="{x + cell * 0.12:g}" y="{y:g}" {look} lengthAdjust="spacing" fill="{colour}">{bases}</text>'
