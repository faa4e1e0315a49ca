"""Primer schemes: the amplicons of a BED with six columns, and what is wrong with it.

A primer's name ends with _LEFT or _RIGHT, as in the schemes of the ARTIC network; what follows names an alternative of
the same primer. Positions are 0-based half-open.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

_NAME = re.compile(r"(?P<amplicon>.+)_(?P<side>LEFT|RIGHT)(?:_.*)?", re.IGNORECASE)
_COMPLEMENT = str.maketrans("ACGT", "TGCA")
_STRANDS = {"LEFT": "+", "RIGHT": "-"}


class Primer(NamedTuple):
    """A primer and the amplicon that it bounds; `side` is LEFT or RIGHT."""

    start: int
    end: int
    name: str
    amplicon: str
    side: str


class Amplicon(NamedTuple):
    """An amplicon from its outermost primer bases; `inner_*` bound what no primer of its own covers, and `own_*` the
    part of that which no other amplicon covers."""

    name: str
    start: int
    inner_start: int
    inner_end: int
    end: int
    own_start: int
    own_end: int


def read_primers(bed: Path) -> list[Primer]:
    """The primers of a BED that `scheme_problems` found nothing wrong with, sorted."""
    return sorted(_primer(fields) for _, fields in _lines(bed.read_text().splitlines()))


def _lines(lines: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(lines, start=1):
        if line.strip() and not line.startswith(("#", "track", "browser")):
            yield number, line.split("\t")


def _primer(fields: list[str]) -> Primer:
    found = _NAME.fullmatch(fields[3])
    return Primer(int(fields[1]), int(fields[2]), fields[3], found["amplicon"], found["side"].upper())


def amplicons(primers: Iterable[Primer]) -> list[Amplicon]:
    """The amplicons of a scheme from left to right."""
    sides: dict[str, dict[str, list[Primer]]] = {}
    for primer in primers:
        sides.setdefault(primer.amplicon, {"LEFT": [], "RIGHT": []})[primer.side].append(primer)
    tiles = sorted(_tile(name, of["LEFT"], of["RIGHT"]) for name, of in sides.items())
    return [_with_own(tile, tiles) for tile in sorted(tiles, key=lambda tile: (tile.start, tile.end))]


def _tile(name: str, left: list[Primer], right: list[Primer]) -> Amplicon:
    inner_start, inner_end = max(primer.end for primer in left), min(primer.start for primer in right)
    start, end = min(primer.start for primer in left), max(primer.end for primer in right)
    return Amplicon(name, start, inner_start, inner_end, end, inner_start, inner_end)


def _with_own(tile: Amplicon, tiles: list[Amplicon]) -> Amplicon:
    """The amplicon with its own part: the longest stretch of it that the others leave."""
    free = [(tile.inner_start, tile.inner_end)]
    for other in tiles:
        if other.name != tile.name:
            free = [part for piece in free for part in _without(piece, (other.inner_start, other.inner_end))]
    start, end = max(free, key=lambda part: part[1] - part[0], default=(tile.inner_start, tile.inner_end))
    return tile._replace(own_start=start, own_end=end)


def _without(piece: tuple[int, int], other: tuple[int, int]) -> Iterator[tuple[int, int]]:
    if piece[0] < min(piece[1], other[0]):
        yield piece[0], min(piece[1], other[0])
    if max(piece[0], other[1]) < piece[1]:
        yield max(piece[0], other[1]), piece[1]


def renamed(bed: Path, contig: str) -> Iterator[str]:
    """Lines of a BED of six columns whose contig is called `contig`."""
    for _, fields in _lines(bed.read_text().splitlines()):
        yield "\t".join([contig, *fields[1:6]]) + "\n"


def scheme_problems(bed: Path, genome: str, names: Iterable[str]) -> Iterator[tuple[int | None, str]]:
    """(line or None, text) of what is wrong with a BED of primers on a genome that goes by `names`."""
    names = list(names)
    try:
        lines = list(_lines(bed.read_text().splitlines()))
    except (OSError, UnicodeDecodeError):
        yield None, "cannot be read as text"
        return
    problems = [(number, text) for number, fields in lines if (text := _problem(fields, genome, names))]
    if problems:
        (number, text), others = problems[0], len(problems) - 1
        yield number, f"{text} ({others} more of its {len(lines)} primers have problems)" if others else text
    if not problems:
        yield from ((None, text) for text in _tile_problems([_primer(fields) for _, fields in lines]))


def _problem(fields: list[str], genome: str, names: list[str]) -> str | None:
    """What is wrong with one primer."""
    if len(fields) < 6:
        return "needs six columns separated by tabs: contig, start, end, name, pool and strand"
    contig, start, end, name, _, strand = (field.strip() for field in fields[:6])
    if contig not in names:
        return f"contig '{contig}' is not that of the virus ({' or '.join(names)}): a BED of another genome"
    if not (start.isdecimal() and end.isdecimal() and int(start) < int(end)):
        return f"start '{start}' and end '{end}' must be whole numbers from 0, start before end"
    if int(end) > len(genome):
        return f"end {end} is beyond the genome of {len(genome)} bases: a BED of another genome"
    if (found := _NAME.fullmatch(name)) is None:
        return f"primer '{name}' must end with _LEFT or _RIGHT, which says where it is in its amplicon"
    if strand != _STRANDS[found["side"].upper()]:
        return f"primer '{name}' has strand '{strand}'; a left primer has +, a right one -"
    return _sequence_problem(fields, genome[int(start) : int(end)])


def _sequence_problem(fields: list[str], there: str) -> str | None:
    """A primer whose sequence (column 7 of newer schemes) is not like the genome at its place."""
    sequence = fields[6].strip().upper() if len(fields) > 6 else ""
    if len(sequence) != len(there) or not set(sequence) <= set("ACGT"):
        return None
    if fields[5].strip() == "-":
        sequence = sequence.translate(_COMPLEMENT)[::-1]
    same = sum(one == other for one, other in zip(sequence, there, strict=True))
    if same < 0.7 * len(there):
        return f"primer '{fields[3]}' has {same} of {len(there)} bases of the genome there: a BED of another genome"
    return None


def _tile_problems(primers: list[Primer]) -> Iterator[str]:
    sides: dict[str, set[str]] = {}
    for primer in primers:
        sides.setdefault(primer.amplicon, set()).add(primer.side)
    if lacking := [name for name, found in sides.items() if len(found) == 1]:
        yield f"amplicon {lacking[0]} has a {min(sides[lacking[0]]).lower()} primer only" + (
            f", as have {len(lacking) - 1} others" if len(lacking) > 1 else ""
        )
    elif not primers:
        yield "has no primers"
    elif crossed := [tile.name for tile in amplicons(primers) if tile.inner_start >= tile.inner_end]:
        yield f"amplicon {crossed[0]} has its left primer behind its right one"
