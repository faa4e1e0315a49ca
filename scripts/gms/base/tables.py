"""Prints figures: a table for people, JSON for programs."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def table(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Columns as wide as their widest cell; numbers to the right."""
    cells = [list(header), *([cell(value) for value in row] for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(header))]
    right = [any(isinstance(row[column], (int, float)) for row in rows) for column in range(len(header))]
    return "\n".join(
        "  ".join(
            text.rjust(width) if at_right else text.ljust(width)
            for text, width, at_right in zip(line, widths, right, strict=True)
        ).rstrip()
        for line in cells
    )


def cell(value: Any) -> str:
    """Fractions and ratios near 1 with four digits, other floats with one, a dash for None."""
    if value is None:
        return "-"
    return (f"{value:.4f}" if value < 2 else f"{value:.1f}") if isinstance(value, float) else str(value)


def duration(seconds: float) -> str:
    """Hours, minutes and seconds: 1:02:03."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"


def write_json(path: Path | None, figures: Any) -> None:
    """Write the figures, where a file is asked for."""
    if path:
        path.write_text(json.dumps(figures, indent=2) + "\n")
