"""JSON and tables, the same bytes for the same content."""

import csv
import json
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any


def write_json(path: Path | str, content: Any) -> None:
    """Indented JSON in the order of the content's keys, with a final line end."""
    Path(path).write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def write_long_json(path: Path | str, content: Mapping[str, Any]) -> None:
    """A JSON object with long lists, a line for each key and for each entry of its lists: Python indents in a tenth of
    the speed."""
    encode = json.JSONEncoder(ensure_ascii=False).encode
    lists = {key: ",\n".join(map(encode, value)) for key, value in content.items() if isinstance(value, list) and value}
    texts = {key: f"[\n{lists[key]}\n]" if key in lists else encode(value) for key, value in content.items()}
    body = ",\n".join(f"{encode(key)}: {text}" for key, text in texts.items())
    Path(path).write_text(f"{{\n{body}\n}}\n")


def read_json(path: Path | str) -> Any:
    """Content of a JSON file."""
    return json.loads(Path(path).read_text())


def read_table(path: Path | str) -> list[dict[str, str]]:
    """Rows of a tab-separated table by the names in its header; lines that begin with '#' are comments. A byte order
    mark does not count."""
    with open(path, newline="", encoding="utf-8-sig") as table:
        return list(csv.DictReader((line for line in table if not line.startswith("#")), delimiter="\t"))


def write_table(path: Path | str, header: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
    """Tab-separated table with header."""
    with open(path, "w") as table:
        for row in (header, *rows):
            table.write("\t".join(map(str, row)) + "\n")


def header_facts(path: Path | str, marker: str, needed: Collection[str]) -> dict[str, Any] | None:
    """The JSON object after `marker` in the first line of a table; None where it or a `needed` key is absent."""
    with open(path, encoding="utf-8", errors="replace") as lines:
        first = lines.readline()
    try:
        facts = json.loads(first.removeprefix(marker)) if first.startswith(marker) else {}
    except ValueError:
        return None
    return facts if facts.keys() >= set(needed) else None
