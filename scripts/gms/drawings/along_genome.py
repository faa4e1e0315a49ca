"""Allele fractions of SNPs along the genome, and the copies of each allele, below the drawing of depth."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any

from gms.drawings.svg import BLUE, INK, LINE, MUTED, RED, drawing, path, rect, svg_text

WIDTH, LEFT = 1_000, 34  # units of the SVG; room for numbers on the left
TALL, BETWEEN, FOOT, TOP = 110, 26, 18, 14
MOST_COPIES = 6  # what is beyond lies on the upper border
BANDS = ("#f4f6f8", "#ffffff")


class Axis:
    """Distances from the left border, of positions on contigs after one another."""

    def __init__(self, lengths: Mapping[str, int]):
        ends = list(accumulate(lengths.values()))
        self.starts = dict(zip(lengths, [0, *ends[:-1]], strict=True))
        self.total = ends[-1]

    def x(self, contig: str, position: int) -> float:
        """`position`: bases from the start of the contig."""
        return round(LEFT + (self.starts[contig] + position) / self.total * (WIDTH - LEFT), 1)


def allele_plot(facts: Mapping[str, Any]) -> str | None:
    """`facts`: biomarkers/{case}.purity.json; None without SNPs."""
    if not facts["points"] or not facts["contigs"]:
        return None
    axis, copies = Axis(facts["contigs"]), facts["parts"]
    parts = [*_bands(axis, facts["contigs"], TOP), *_fractions(axis, facts)]
    height = TOP + TALL + FOOT
    if copies:
        second = TOP + TALL + BETWEEN
        parts += [*_bands(axis, facts["contigs"], second), *_copies(axis, copies, second)]
        height = second + TALL + FOOT
    names = ((name, axis.x(name, length // 2)) for name, length in facts["contigs"].items())
    parts += [svg_text(x, height - 4, name.removeprefix("chr"), "middle", INK, 9) for name, x in names if x]
    words = f"{facts['snps']} heterozygous SNPs; copies of each allele of {len(copies)} parts"
    return drawing(WIDTH, height, "Allele fractions and copies of each allele along the genome", words, parts, True)


def _bands(axis: Axis, contigs: Mapping[str, int], top: float) -> Iterator[str]:
    for number, (name, length) in enumerate(contigs.items()):
        left, right = axis.x(name, 0), axis.x(name, length)
        yield rect(left, top, round(right - left, 1), TALL, BANDS[number % 2])


def _fractions(axis: Axis, facts: Mapping[str, Any]) -> Iterator[str]:
    """A dot for each SNP, and the likeliest fractions of each part."""
    yield from _grid((0, 0.5, 1), 1, TOP, "fraction of reads with the alternative allele")
    dots = "".join(f"M{axis.x(contig, at):g} {_y(share, 1, TOP):g}h0" for contig, at, share in facts["points"])
    yield path(dots, "#8897a5", 2.2, 'stroke-linecap="round"')
    for contig, start, end, minor, *_ in facts["parts"]:
        for share in () if minor is None else (minor, 1 - minor):
            yield _level(axis, contig, start, end, _y(share, 1, TOP), INK)


def _copies(axis: Axis, parts: Sequence[Sequence], top: float) -> Iterator[str]:
    """Blue: the allele with more copies; red: the other. Grey: both together, where they are not told apart."""
    yield from _grid(range(0, MOST_COPIES + 1, 2), MOST_COPIES, top, "copies of each allele in the tumour's cells")
    for contig, start, end, _, copies, major, minor in parts:
        if minor is None:
            yield _level(axis, contig, start, end, _y(copies, MOST_COPIES, top), LINE)
            continue
        shift = 1.5 if major == minor else 0
        yield _level(axis, contig, start, end, _y(major, MOST_COPIES, top) - shift, BLUE)
        yield _level(axis, contig, start, end, _y(minor, MOST_COPIES, top) + shift, RED)


def _grid(values: Sequence[float], most: float, top: float, words: str) -> Iterator[str]:
    yield svg_text(LEFT, top - 4, words, "start", MUTED, 10)
    for value in values:
        y = _y(value, most, top)
        yield path(f"M{LEFT} {y:g}H{WIDTH}", LINE, 0.5)
        yield svg_text(LEFT - 4, y + 3, f"{value:g}", "end", MUTED, 10)


def _level(axis: Axis, contig: str, start: int, end: int, y: float, colour: str) -> str:
    left = axis.x(contig, start)
    return path(f"M{left:g} {y:g}H{max(axis.x(contig, end), left + 1.5):g}", colour, 3)


def _y(value: float, most: float, top: float) -> float:
    return round(top + TALL * (1 - min(value, most) / most), 1)
