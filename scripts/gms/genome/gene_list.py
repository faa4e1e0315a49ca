"""Lists of genes that an assay or a case is about."""

import re
from pathlib import Path

PANEL_KEYS = ("panel", "version", "source", "missing")  # comments '# key: words' that say which panel a list is


def read_gene_list(path: Path | str | None) -> frozenset[str] | None:
    """Symbols of a gene list, one per line, '#' begins a comment; None without a list."""
    if path is None:
        return None
    symbols = (line.split("#", 1)[0].strip() for line in Path(path).read_text().splitlines())
    return frozenset(symbol for symbol in symbols if symbol)


def panel_facts(path: Path | str | None) -> dict[str, str] | None:
    """What the comments of a gene list say of the panel that it is; None of a list that names none. The panel's name
    is under `name`."""
    if path is None:
        return None
    found = re.findall(rf"^# ({'|'.join(PANEL_KEYS)}): *(.*)$", Path(path).read_text(), re.MULTILINE)
    facts = {key: words.strip() for key, words in found}
    return {"name": facts.pop("panel"), **facts} if "panel" in facts else None
