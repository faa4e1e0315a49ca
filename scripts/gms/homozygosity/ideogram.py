"""Chromosomes of the index: copies by depth, fractions of the alternative base, homozygosity, uniparental disomy."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from gms.drawings.svg import BLUE, BROWN, GREEN, INK, LINE, MUTED, RED, SOFT, VIOLET, drawing, path, rect, svg_text
from gms.homozygosity.region_words import region_name

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
    profile = copy_profile(document)
    copies, fractions = profile.get("contigs", {}), regions.get("fractions", {})
    lengths = {contig: one["length"] for contig, one in regions["contigs"].items()}
    lengths |= {contig: len(copies[contig]) * profile["window"] for contig in copies if contig not in lengths}
    tall = (BAND + GAP) * (bool(copies) + bool(fractions)) + BAR + 2 * GAP
    scale, parts = (WIDTH - LEFT - 10) / max(lengths.values()), []
    for number, contig in enumerate(lengths):
        y = number * tall
        parts.append(svg_text(LEFT - 8, y + tall / 2 + 4, contig, "end"))
        if copies:
            parts += _copies(copies.get(contig, ()), profile.get("usual", {}).get(contig), profile["window"] * scale, y)
            y += BAND + GAP
        if fractions:
            parts += _fractions(fractions.get(contig, ()), scale, y)
            y += BAND + GAP
        parts += _chromosome(regions, contig, lengths[contig], scale, y)
    foot = tall * len(lengths) + GAP
    parts += _legend(foot, bool(copies), bool(fractions))
    return drawing(WIDTH, foot + 34, f"Chromosomes of {regions['sample']}", _words(regions), parts)


def copy_profile(document: Data) -> Data:
    """Copies in windows of each contig of the index, and the usual ones; empty where depth was not counted."""
    classes = (one["facts"] for one in document.get("classes", ()) if one.get("variants") == "copy_number")
    index, *_ = next((facts.get("samples") for facts in classes), None) or [{}]
    return index.get("profile", {})


def _copies(values: Sequence[float | None], known: Sequence[int] | None, step: float, y: float) -> Iterator[str]:
    """Steps of the copies of each window, by colour: lost, gained or usual; and the line of the usual copies, `known`
    where they are not two."""
    if not values:
        return
    usual = known or [2] * len(values)
    yield path("".join(_runs(usual, step, y)), LINE, 0.5)
    steps: dict[tuple[str, float], list[str]] = {}
    for at, (value, expected) in enumerate(zip(values, usual, strict=True)):
        if value is not None:
            changed = RED if value < expected - UNLIKE else GREEN if value > expected + UNLIKE else None
            level = _height(min(value, MOST_COPIES), MOST_COPIES, y)
            colour = (changed, 2.5) if changed else (INK, 0.8)
            steps.setdefault(colour, []).append(f"M{LEFT + at * step:.1f} {level:.1f}h{step:.1f}")
    yield from (path("".join(parts), *colour) for colour, parts in steps.items())


def _runs(usual: Sequence[int], step: float, y: float) -> Iterator[str]:
    """A line for each run of windows with the same copies."""
    for copies, run in groupby(enumerate(usual), key=lambda pair: pair[1]):
        at = [number for number, _ in run]
        yield f"M{LEFT + at[0] * step:.1f} {_height(copies, MOST_COPIES, y):g}h{len(at) * step:.1f}"


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
    runs = "; ".join(map(region_name, regions["runs"])) or "none"
    disomies = "; ".join(f"{region_name(one)} from the {one['parent']}" for one in regions["uniparental"]) or "none"
    return f"Homozygous regions: {runs}. Uniparental disomy: {disomies}."
