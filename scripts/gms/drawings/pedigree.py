"""Pedigree of a case, with the genotypes of findings below each person.

Symbols as in the nomenclature of Bennett 2022 (doi:10.1002/jgc4.1621): square male, circle female, diamond sex not
known; filled affected, ? status not known; arrow proband; a bar between identical twins. A parent without a sample is
drawn with a broken line.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gms.drawings.svg import INK, MUTED, RED, circle, drawing, path, rect, shortened, svg_text

Sample = Mapping[str, Any]
STEP, SIDE, TOP, LINE = 132, 30, 26, 13  # between persons, of a symbol, of the parents' row, of text
DROP = 96  # from the parents' row to the children's, without lines of genotypes
FULL = ("proband", "twin", "sibling")
ALIVE = {"yes": "affected", "no": "not affected", "unknown": "status not known"}


def pedigree(samples: Sequence[Sample], genotypes: Mapping[str, Sequence[str]]) -> str | None:
    """The family of `samples` (as in report/{case}.json); `genotypes`: by sample, lines to write below it. None of a
    proband alone."""
    if len(samples) < 2:
        return None
    parents = {role: next((one for one in samples if one["role"] == role), None) for role in ("father", "mother")}
    children = sorted((one for one in samples if one["role"] in FULL), key=lambda one: FULL.index(one["role"]))
    half = [one for one in samples if one["role"] == "half-sibling"]
    lines = max((len(words) for words in genotypes.values()), default=0)
    low = TOP + DROP + LINE * lines
    middle = STEP * (max(2, len(children)) / 2)
    width = 2 * middle + STEP * len(half) + 20
    parts = [*_parents(parents, middle, low, genotypes), *_children(children, middle, low, genotypes)]
    parts += _half(half, 2 * middle, low, genotypes)
    height = low + SIDE / 2 + LINE * (lines + 2) + 8
    return drawing(width, height, "Pedigree", _words(samples, genotypes), parts)


def _words(samples: Sequence[Sample], genotypes: Mapping[str, Sequence[str]]) -> str:
    said = []
    for one in samples:
        found = ", ".join(genotypes.get(one["sample"], ()))
        said.append(f"{one['role']} {one['sample']}, {ALIVE.get(one['affected'], '')}{found and ': ' + found}")
    return "; ".join(said)


def _parents(
    parents: Mapping[str, Sample | None], middle: float, low: float, genotypes: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    left, right = middle - STEP / 2, middle + STEP / 2
    yield path(f"M{left + SIDE / 2:g} {TOP}H{right - SIDE / 2:g}M{middle:g} {TOP}V{low - 34:g}", INK, 1.5)
    for x, (role, one) in zip((left, right), parents.items(), strict=True):
        if one is None:
            yield _symbol(x, TOP, "male" if role == "father" else "female", "#fff", 'stroke-dasharray="4 3"')
            yield svg_text(x, TOP + SIDE / 2 + LINE + 2, "no sample", "middle", MUTED)
        else:
            yield from _person(one, x, TOP, genotypes)


def _children(
    children: Sequence[Sample], middle: float, low: float, genotypes: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    first = middle - STEP * (len(children) - 1) / 2
    places = [first + STEP * number for number in range(len(children))]
    twins = [x for x, one in zip(places, children, strict=True) if one["role"] in ("proband", "twin")]
    is_twin = len(twins) > 1
    high = low - 34
    if places:
        ends = [sum(twins) / len(twins), *places[len(twins) :]] if is_twin else places
        yield path(f"M{min([*ends, middle]):g} {high:g}H{max([*ends, middle]):g}", INK, 1.5)
        for x in ends[1:] if is_twin else ends:
            yield path(f"M{x:g} {high:g}V{low - SIDE / 2:g}", INK, 1.5)
    if is_twin:  # lines from one point, and a bar between identical ones
        start = sum(twins) / len(twins)
        yield "".join(path(f"M{start:g} {high:g}L{x:g} {low - SIDE / 2:g}", INK, 1.5) for x in twins)
        yield path(f"M{(start + twins[0]) / 2:g} {low - 25:g}H{(start + twins[-1]) / 2:g}", INK, 1.5)
    for x, one in zip(places, children, strict=True):
        yield from _person(one, x, low, genotypes)


def _half(half: Sequence[Sample], left: float, low: float, genotypes: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Children of one of the parents, which one is not in the sheet."""
    for number, one in enumerate(half):
        x = left + STEP * (number + 0.5)
        yield path(f"M{x:g} {low - 34:g}V{low - SIDE / 2:g}", INK, 1.5, 'stroke-dasharray="4 3"')
        yield svg_text(x, low - 40, "one parent in common", "middle", MUTED)
        yield from _person(one, x, low, genotypes)


def _person(one: Sample, x: float, y: float, genotypes: Mapping[str, Sequence[str]]) -> Iterator[str]:
    sex = {"father": "male", "mother": "female"}.get(one["role"], one["sex"])
    yield _symbol(x, y, sex, INK if one["affected"] == "yes" else "#fff")
    if one["affected"] not in ("yes", "no"):
        yield svg_text(x, y + 5, "?", "middle", INK, 14)
    if one["role"] == "proband":
        yield path(f"M{x - 46:g} {y + 14:g}L{x - 20:g} {y + 4:g}m-9 -2l9 2l-5 8", RED, 2)
    below = y + SIDE / 2 + LINE + 2
    yield svg_text(x, below, shortened(one["sample"], 20), "middle")
    for number, words in enumerate(genotypes.get(one["sample"], ()), start=1):
        yield svg_text(x, below + LINE * number, shortened(words, 22), "middle", MUTED)


def _symbol(x: float, y: float, sex: str, fill: str, more: str = "") -> str:
    if sex == "female":
        return circle(x, y, SIDE / 2, fill, INK, more)
    side = SIDE if sex == "male" else 0.85 * SIDE
    turned = "" if sex == "male" else f'transform="rotate(45 {x:g} {y:g})"'
    line = f'stroke="{INK}" stroke-width="1.5" {turned}{more}'.strip()
    return rect(x - side / 2, y - side / 2, side, side, fill, line)
