"""Markdown: tables and headings."""

from collections.abc import Iterable, Sequence


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table whose cells are Markdown; None is an empty cell."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _cell(value: object) -> str:
    """One cell: on one line, without the separator of cells."""
    return "" if value is None else " ".join(str(value).replace("|", "\\|").split())


def code(value: object) -> str:
    """Text as code; nothing where there is none."""
    return "" if value in (None, "") else f"`{value}`"


def page(title: str, source: str, *blocks: str) -> str:
    """A page of blocks, which says what it was made from."""
    note = f"*Made from `{source}` when this site was built.*"
    return "\n\n".join([f"# {title}", *filter(None, blocks), note]) + "\n"
