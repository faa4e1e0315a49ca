"""Lists of genes that an assay is about."""

from pathlib import Path


def read_gene_list(path: Path | str | None) -> frozenset[str] | None:
    """Symbols of a gene list, one per line, '#' begins a comment; None without a list."""
    if path is None:
        return None
    symbols = (line.split("#", 1)[0].strip() for line in Path(path).read_text().splitlines())
    return frozenset(symbol for symbol in symbols if symbol)
