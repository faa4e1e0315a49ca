"""Drawings as SVG: depth along the genome with lost amplicons, and the plate. Plain text, nothing fetched."""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

_WIDTH, _HEIGHT = 900, 90
_WELL = 44
_COLOURS = {"pass": "#1b7f4b", "warn": "#b26a00", "fail": "#b3261e", "not_assessed": "#5f6b76"}
_PLATES = ((8, 12), (16, 24))  # rows and columns


def depth_drawing(record: Mapping[str, Any], length: int, least: int) -> str:
    """Lowest depth of each part of the genome, on a logarithmic scale; the line is the minimum depth, below the axis
    are lost amplicons."""
    depth = record["depth"]
    top = max(1000, *depth)
    bars = []
    for number, reads in enumerate(depth):
        height = _y(reads, top)
        colour = "#0b6e99" if reads >= least else "#b3261e"
        x, width = number * _WIDTH / len(depth), _WIDTH / len(depth)
        place = f'x="{x:.1f}" y="{_HEIGHT - height:.1f}" width="{width:.2f}" height="{height:.1f}"'
        bars.append(f'<rect {place} fill="{colour}"/>')
    line = _HEIGHT - _y(least, top)
    lost = [_lost(tile, length) for tile in record["amplicons"] if tile["dropped"]]
    label = f"Depth along the genome of {record['sample']}; {len(lost)} amplicons without depth"
    body = "".join([*bars, f'<path d="M0 {line:.1f}H{_WIDTH}" stroke="#333" stroke-dasharray="4 3"/>', *lost])
    return f'<svg class="depth" viewBox="0 0 {_WIDTH} {_HEIGHT + 12}" role="img" aria-label="{label}">{body}</svg>'


def _lost(tile: Mapping[str, Any], length: int) -> str:
    x, width = (number * _WIDTH / length for number in (tile["start"], tile["end"] - tile["start"]))
    name = f"<title>{escape(tile['amplicon'])}</title>"
    return f'<rect x="{x:.1f}" y="{_HEIGHT + 3}" height="7" fill="#b3261e" width="{max(2, width):.1f}">{name}</rect>'


def _y(reads: int, top: int) -> float:
    return _HEIGHT * math.log10(reads + 1) / math.log10(top + 1)


def plate_drawing(samples: Sequence[Mapping[str, Any]]) -> str:
    """The wells in the colour of their verdict; samples without a well take free ones in their order."""
    rows, columns = next((size for size in _PLATES if _fits(samples, size)), _PLATES[-1])
    free = iter(
        (row, column) for row in range(rows) for column in range(columns) if _name(row, column) not in _taken(samples)
    )
    parts = [_label(column + 1, column + 1, 0) for column in range(columns)]
    parts += [_label(chr(65 + row), 0, row + 1) for row in range(rows)]
    for sample in samples:
        row, column = _place(sample["well"]) if sample["well"] else next(free, (rows - 1, columns - 1))
        parts.append(_well(sample, row, column))
    size = f"0 0 {(columns + 1) * _WELL} {(rows + 1) * _WELL}"
    label = "Plate with the verdict of each well"
    return f'<svg class="plate" viewBox="{size}" role="img" aria-label="{label}">{"".join(parts)}</svg>'


def _taken(samples: Sequence[Mapping[str, Any]]) -> set[str]:
    return {sample["well"] for sample in samples if sample["well"]}


def _fits(samples: Sequence[Mapping[str, Any]], size: tuple[int, int]) -> bool:
    places = [_place(well) for well in _taken(samples)]
    return len(samples) <= size[0] * size[1] and all(row < size[0] and column < size[1] for row, column in places)


def _place(well: str) -> tuple[int, int]:
    row, column = re.fullmatch(r"([A-P])(\d+)", well).groups()
    return ord(row) - 65, int(column) - 1


def _name(row: int, column: int) -> str:
    return f"{chr(65 + row)}{column + 1}"


def _label(text: object, column: int, row: int) -> str:
    return f'<text x="{(column + 0.5) * _WELL}" y="{(row + 0.6) * _WELL}" text-anchor="middle">{text}</text>'


def _well(sample: Mapping[str, Any], row: int, column: int) -> str:
    x, y = (column + 1.5) * _WELL, (row + 1.5) * _WELL
    colour, radius = _COLOURS[sample["verdict"]], 0.42 * _WELL
    shape = f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{colour}"/>'
    if sample["role"] == "control":
        side = 2 * radius
        shape = f'<rect x="{x - radius}" y="{y - radius}" width="{side}" height="{side}" rx="5" fill="{colour}"/>'
    text = f'<text x="{x}" y="{y + 3}" text-anchor="middle" class="in">{sample["sample"][-6:]}</text>'
    title = f"<title>{sample['sample']}: {sample['verdict'].replace('_', ' ')}</title>"
    return f'<a href="{sample["sample"]}.html">{shape}{text}{title}</a>'
