"""Gene panels of others as gene lists: a TSV of HGNC ids, as Scout exports it, or a panel of PanelApp as JSON.

Symbols change, HGNC ids do not: a panel becomes the symbols that the gene models of the run use for its ids.
"""

import csv
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gms.base.errors import GmsError
from gms.base.problems import shown
from gms.base.whole_files import read_file
from gms.genome.gene_list import PANEL_KEYS

CONFIDENCE = {"green": 3, "amber": 2, "red": 1}  # PanelApp's confidence levels, of a gene to be in a panel
_SYMBOLS = ("hgnc_symbol", "gene_symbol", "symbol")


class UnusablePanel(GmsError):
    """A file from which no panel can be made."""

    def __init__(self, path: Path, reason: str):
        super().__init__(f"{shown(path)} {reason}")


@dataclass(frozen=True, slots=True)
class Entry:
    """A gene of a panel; `hgnc` is its number, None where it is not given; `confidence` green, amber, red or ''."""

    hgnc: int | None
    symbol: str
    confidence: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel as its source has it."""

    name: str
    version: str
    source: str
    genes: tuple[Entry, ...]


def read_panel(path: Path) -> Panel:
    """The panel of a TSV or JSON file. Raises UnusablePanel."""
    try:
        text = read_file(path).decode("utf-8-sig")
    except FileNotFoundError:
        raise UnusablePanel(path, "does not exist") from None
    except UnicodeDecodeError:
        raise UnusablePanel(path, "is not UTF-8 text") from None
    panel = _panel_app(text, path) if text.lstrip().startswith("{") else _table(text, path)
    if not panel.genes:
        raise UnusablePanel(path, "names no genes")
    return panel


def at_least(panel: Panel, confidence: str) -> Panel:
    """The panel with genes of this confidence and above; genes without one are kept."""
    kept = tuple(one for one in panel.genes if CONFIDENCE.get(one.confidence, 3) >= CONFIDENCE[confidence])
    graded = any(one.confidence for one in panel.genes)
    levels = ", ".join(name for name, level in CONFIDENCE.items() if level >= CONFIDENCE[confidence])
    return Panel(panel.name, panel.version, f"{panel.source}, {levels} genes" if graded else panel.source, kept)


def in_models(panel: Panel, symbols: Mapping[int, str], known: frozenset[str]) -> tuple[list[str], list[str]]:
    """Symbols of the gene models for the genes of a panel, and the panel's own words for those that they lack.
    `symbols`: HGNC number -> symbol; `known`: all symbols."""
    found, missing = {}, []
    for one in panel.genes:
        symbol = symbols.get(one.hgnc or 0) or (one.symbol if one.symbol in known else "")
        if symbol:
            found[symbol] = f"{symbol}\t# HGNC:{one.hgnc or '?'} {one.confidence}".rstrip()
        else:
            missing.append(one.symbol or f"HGNC:{one.hgnc}")
    return [found[symbol] for symbol in sorted(found)], sorted(missing)


def list_text(panel: Panel, genes: list[str], missing: list[str]) -> str:
    """A gene list: name, version and source in comments, then a symbol in each line."""
    facts = {"panel": panel.name, "version": panel.version, "source": panel.source, "missing": ", ".join(missing)}
    head = [f"# {key}: {facts[key]}" for key in PANEL_KEYS if facts[key]]
    return "\n".join([*head, *genes]) + "\n"


def _panel_app(text: str, path: Path) -> Panel:
    try:
        content = json.loads(text)
        genes = tuple(_panel_app_genes(content["genes"]))
        day = str(content.get("version_created") or "")[:10]
        source = f"PanelApp panel {content['id']}" + (f" of {day}" if day else "")
        return Panel(_words(content["name"]), _words(content["version"]), source, genes)
    except (ValueError, KeyError, TypeError, AttributeError):
        text = "is not a panel as PanelApp gives it: JSON with id, name, version and genes (/api/v1/panels/ID/)"
        raise UnusablePanel(path, text) from None


def _panel_app_genes(genes: list[Mapping[str, Any]]) -> Iterator[Entry]:
    levels = {str(level): name for name, level in CONFIDENCE.items()}
    for gene in genes:
        data, level = gene["gene_data"], str(gene["confidence_level"])
        yield Entry(_number(str(data.get("hgnc_id") or "")), data["gene_symbol"], levels.get(level, "red"))


def _table(text: str, path: Path) -> Panel:
    """Lines ##key=value, a header with hgnc_id, and a row for each gene."""
    lines = text.splitlines()
    about = dict(line[2:].partition("=")[::2] for line in lines if line.startswith("##"))
    rows = [line.removeprefix("#") for line in lines if line.strip() and not line.startswith("##")]
    table = list(csv.DictReader(rows, delimiter="\t"))
    if not rows or "hgnc_id" not in rows[0].split("\t"):
        raise UnusablePanel(path, "has no column hgnc_id: a panel is a TSV of HGNC ids, or JSON of PanelApp")
    if not about.get("version"):
        raise UnusablePanel(path, "has no line ##version=; reports name the version of a panel")
    name = about.get("display_name") or about.get("panel_id") or path.stem
    return Panel(_words(name), _words(about["version"]), f"file {path.name}", tuple(_rows(table, path)))


def _rows(table: list[dict[str, str]], path: Path) -> Iterator[Entry]:
    for row in table:
        number = _number(row["hgnc_id"] or "")
        if number is None:
            raise UnusablePanel(path, f"has hgnc_id '{row['hgnc_id']}', which is no number such as 1100 or HGNC:1100")
        yield Entry(number, next((row[key] for key in _SYMBOLS if row.get(key)), ""))


def _number(text: str) -> int | None:
    """The number of an HGNC id, 1100 or HGNC:1100."""
    match = re.fullmatch(r"(?:HGNC:)?([0-9]+)", text.strip())
    return int(match[1]) if match else None


def _words(text: Any) -> str:
    """One line."""
    return " ".join(str(text).split())
