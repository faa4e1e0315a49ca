"""Chromosomes of the index: copies by depth, fractions of the alternative base, homozygosity, uniparental disomy."""

from collections.abc import Iterator, Mapping
from typing import Any

from gms.drawings.svg import BLUE, BROWN, GREEN, INK, LINE, MUTED, RED, SOFT, VIOLET, drawing, path, rect, svg_text

WIDTH, LEFT = 760, 70  # of the drawing; room for names of contigs
BAND, BAR, GAP = 14, 8, 4  # height of a track, of a chromosome, and between them
MOST_COPIES = 4  # at the upper border; more are drawn there
UNLIKE = 0.4  # copies from the usual ones, in a window that is drawn as changed
PARENTS = {"mother": BROWN, "father": VIOLET}

Data = Mapping[str, Any]


def ideogram(document: Data) -> str | None:
    """The drawing from report/{case}.json; None without a contig that is long enough. Copies and fractions are drawn
    where they are known."""
    regions = document.get("regions")
    if not regions or not regions["contigs"]:
        return None
    profile, usual = copy_profile(document)
    copies, fractions = profile.get("contigs", {}), regions.get("fractions", {})
    lengths = {contig: one["length"] for contig, one in regions["contigs"].items()}
    lengths |= {contig: len(copies[contig]) * profile["window"] for contig in copies if contig not in lengths}
    tall = (BAND + GAP) * (bool(copies) + bool(fractions)) + BAR + 2 * GAP
    scale, parts = (WIDTH - LEFT - 10) / max(lengths.values()), []
    for number, contig in enumerate(lengths):
        y = number * tall
        parts.append(svg_text(LEFT - 8, y + tall / 2 + 4, contig, "end"))
        if copies:
            parts += _copies(copies.get(contig, ()), usual.get(contig, 2), profile["window"] * scale, y)
            y += BAND + GAP
        if fractions:
            parts += _fractions(fractions.get(contig, ()), scale, y)
            y += BAND + GAP
        parts += _chromosome(regions, contig, lengths[contig], scale, y)
    foot = tall * len(lengths) + GAP
    parts += _legend(foot, bool(copies), bool(fractions))
    return drawing(WIDTH, foot + 34, f"Chromosomes of {regions['sample']}", _words(regions), parts)


def copy_profile(document: Data) -> tuple[Data, dict[str, int]]:
    """Copies in windows of each contig of the index, and its usual copies; empty where depth was not counted."""
    classes = (one["facts"] for one in document.get("classes", ()) if one.get("variants") == "copy_number")
    index, *_ = next((facts.get("samples") for facts in classes), None) or [{}]
    return index.get("profile", {}), {one["contig"]: one["usual"] for one in index.get("chromosomes", ())}


def _copies(values: Any, usual: float, step: float, y: float) -> Iterator[str]:
    """Steps of the copies of each window, by colour: lost, gained or usual; and the line of the usual copies."""
    if not values:
        return
    yield path(f"M{LEFT} {_height(usual, MOST_COPIES, y):g}h{len(values) * step:.1f}", LINE, 0.5)
    steps: dict[tuple[str, float], list[str]] = {}
    for at, value in enumerate(values):
        if value is not None:
            colour = (RED, 2.5) if value < usual - UNLIKE else (GREEN, 2.5) if value > usual + UNLIKE else (INK, 0.8)
            level = _height(min(value, MOST_COPIES), MOST_COPIES, y)
            steps.setdefault(colour, []).append(f"M{LEFT + at * step:.1f} {level:.1f}h{step:.1f}")
    yield from (path("".join(parts), *colour) for colour, parts in steps.items())


def _fractions(points: Any, scale: float, y: float) -> Iterator[str]:
    """A short stroke for each variant; together one path, which is small."""
    if points:
        marks = (f"M{LEFT + at * scale:.1f} {_height(value, 1, y):.1f}h1" for at, value in points)
        yield path("".join(marks), BLUE, 1)


def _height(value: float, most: float, y: float) -> float:
    return y + BAND * (1 - value / most)


def _chromosome(regions: Data, contig: str, length: int, scale: float, y: float) -> Iterator[str]:
    yield rect(LEFT, y, round(length * scale, 1), BAR, SOFT, 'rx="3"')
    drawn = [(one, BLUE, y, BAR) for one in regions["runs"]]
    drawn += [(one, PARENTS[one["parent"]], y + BAR / 2, BAR / 2) for one in regions["uniparental"]]
    for one, colour, top, tall in drawn:
        if one["contig"] == contig:
            wide = max(one["length"] * scale, 1.5)
            yield rect(round(LEFT + one["start"] * scale, 1), top, round(wide, 1), tall, colour)


def _legend(y: float, copies: bool, fractions: bool) -> Iterator[str]:
    x = LEFT
    for colour, words, wide in (
        (BLUE, "homozygous", 100),
        (BROWN, "both copies from the mother", 190),
        (VIOLET, "both copies from the father", 190),
    ):
        yield rect(x, y, 14, 10, colour)
        yield svg_text(x + 20, y + 9, words)
        x += wide
    tracks = ["Line: copies by depth, 0 to 4; red lost, green gained."] if copies else []
    tracks += ["Strokes: fraction of the alternative base at variants, 0 to 1."] if fractions else []
    yield svg_text(LEFT, y + 26, " ".join(tracks), "start", MUTED)


def _words(regions: Data) -> str:
    """What the drawing shows, for those who cannot see it."""
    runs = "; ".join(_place(one) for one in regions["runs"]) or "none"
    disomies = "; ".join(f"{_place(one)} from the {one['parent']}" for one in regions["uniparental"]) or "none"
    return f"Homozygous regions: {runs}. Uniparental disomy: {disomies}."


def _place(one: Data) -> str:
    return f"{one['contig']}:{one['start']}-{one['end']}"
