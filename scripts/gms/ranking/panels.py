"""Gene panels of others as gene lists: a TSV of HGNC ids, as Scout exports it, or a panel of PanelApp as JSON.

Symbols change, HGNC ids do not: a panel becomes the symbols that the gene models of the run use for its ids.
"""

import csv
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from gms.base.errors import GmsError
from gms.base.problems import shown
from gms.base.whole_files import read_file
from gms.genome.gene_list import PANEL_KEYS, Region, repeat_line

CONFIDENCE = {"green": 3, "amber": 2, "red": 1}  # PanelApp's confidence levels, of a gene to be in a panel
VARIANTS = {"cnv_loss": "loss", "cnv_gain": "gain", "cnv_both": "both"}  # of a region of PanelApp
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
    name: str = ""  # of a repeat or a region
    regions: tuple[Region, ...] = ()  # of a region, one for each assembly; none where it cannot be expressed


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel as its source has it; `repeats` by their gene."""

    name: str
    version: str
    source: str
    genes: tuple[Entry, ...]
    repeats: tuple[Entry, ...] = ()
    regions: tuple[Entry, ...] = ()


class Listed(NamedTuple):
    """Lines of a list, and what of the panel is not among them: genes that the gene models lack, repeats that the
    catalogue lacks, regions without coordinates or of small variants."""

    genes: list[str]
    repeats: list[str]
    regions: list[str]
    lacking: dict[str, list[str]]


def read_panel(path: Path) -> Panel:
    """The panel of a TSV or JSON file. Raises UnusablePanel."""
    try:
        text = read_file(path).decode("utf-8-sig")
    except FileNotFoundError:
        raise UnusablePanel(path, "does not exist") from None
    except UnicodeDecodeError:
        raise UnusablePanel(path, "is not UTF-8 text") from None
    panel = _panel_app(text, path) if text.lstrip().startswith("{") else _table(text, path)
    if not (panel.genes or panel.repeats or panel.regions):
        raise UnusablePanel(path, "names no genes, repeats or regions")
    return panel


def at_least(panel: Panel, confidence: str) -> Panel:
    """The panel with genes, repeats and regions of this confidence and above; genes without one are kept."""
    every = panel.genes, panel.repeats, panel.regions
    kept = (
        tuple(one for one in entries if CONFIDENCE.get(one.confidence, 3) >= CONFIDENCE[confidence])
        for entries in every
    )
    graded = any(one.confidence for entries in every for one in entries)
    levels = ", ".join(name for name, level in CONFIDENCE.items() if level >= CONFIDENCE[confidence])
    levels += " genes" if panel.genes else " entries"
    return Panel(panel.name, panel.version, f"{panel.source}, {levels}" if graded else panel.source, *kept)


def in_models(panel: Panel, symbols: Mapping[int, str], known: frozenset[str], catalogued: frozenset[str]) -> Listed:
    """The lines of a list: genes by the symbols of the gene models, repeats of the catalogue, regions. `symbols`: HGNC
    number -> symbol; `known`: all symbols; `catalogued`: genes whose repeats are looked for."""
    genes, repeats = {}, {}
    lacking: dict[str, list[str]] = {"genes": [], "repeats": [], "regions": []}
    for one in panel.genes:
        if symbol := symbols.get(one.hgnc or 0) or (one.symbol if one.symbol in known else ""):
            genes[symbol] = f"{symbol}\t# HGNC:{one.hgnc or '?'} {one.confidence}".rstrip()
        else:
            lacking["genes"].append(one.symbol or f"HGNC:{one.hgnc}")
    for one in panel.repeats:
        if found := catalogued.intersection((symbols.get(one.hgnc or 0), one.symbol)):
            repeats[min(found)] = f"{repeat_line(min(found))}\t# {one.name} {one.confidence}"
        else:
            lacking["repeats"].append(one.name)
    regions = [f"{each.line()}\t# {one.name} {one.confidence}" for one in panel.regions for each in one.regions]
    lacking["regions"] = [one.name for one in panel.regions if not one.regions]
    return Listed(*([of[key] for key in sorted(of)] for of in (genes, repeats)), regions, lacking)


def list_text(panel: Panel, listed: Listed) -> str:
    """A gene list: name, version and source in comments, then a line for each gene, repeat and region."""
    missing = ", ".join(sorted(name for names in listed.lacking.values() for name in names))
    facts = {"panel": panel.name, "version": panel.version, "source": panel.source, "missing": missing}
    head = [f"# {key}: {facts[key]}" for key in PANEL_KEYS if facts[key]]
    return "\n".join([*head, *listed.genes, *listed.repeats, *listed.regions]) + "\n"


def _panel_app(text: str, path: Path) -> Panel:
    try:
        content = json.loads(text)
        genes, repeats, regions = (
            tuple(map(read, content.get(key) or ()))
            for key, read in (("genes", _panel_app_gene), ("strs", _panel_app_gene), ("regions", _panel_app_region))
        )
        day = str(content.get("version_created") or "")[:10]
        source = f"PanelApp panel {content['id']}" + (f" of {day}" if day else "")
        return Panel(_words(content["name"]), _words(content["version"]), source, genes, repeats, regions)
    except (ValueError, KeyError, TypeError, AttributeError):
        text = "is not a panel as PanelApp gives it: JSON with id, name, version and genes (/api/v1/panels/ID/)"
        raise UnusablePanel(path, text) from None


def _panel_app_gene(one: Mapping[str, Any]) -> Entry:
    """A gene, or a repeat with its gene."""
    data, name = one["gene_data"], _words(one.get("entity_name") or "")
    return Entry(_number(str(data.get("hgnc_id") or "")), data["gene_symbol"], _level(one), name)


def _panel_app_region(one: Mapping[str, Any]) -> Entry:
    """A region with its coordinates in each assembly that has them."""
    places = {assembly: one.get(f"{assembly.lower()}_coordinates") for assembly in ("GRCh37", "GRCh38")}
    kind, share = VARIANTS.get(one.get("type_of_variants")), int(one.get("required_overlap_percentage") or 0)
    regions = (
        Region(assembly, str(one["chromosome"]), int(place[0]), int(place[1]), kind, share)
        for assembly, place in places.items()
        if place and kind
    )
    return Entry(None, "", _level(one), _words(one["entity_name"]), tuple(regions))


def _level(one: Mapping[str, Any]) -> str:
    """The confidence of an entry of a panel."""
    return {str(level): name for name, level in CONFIDENCE.items()}.get(str(one["confidence_level"]), "red")


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
            raise UnusablePanel(path, f"has hgnc_id '{row['hgnc_id']}', which is not a number like 1100 or HGNC:1100")
        yield Entry(number, next((row[key] for key in _SYMBOLS if row.get(key)), ""))


def _number(text: str) -> int | None:
    """The number of an HGNC id, 1100 or HGNC:1100."""
    match = re.fullmatch(r"(?:HGNC:)?([0-9]+)", text.strip())
    return int(match[1]) if match else None


def _words(text: Any) -> str:
    """One line."""
    return " ".join(str(text).split())
