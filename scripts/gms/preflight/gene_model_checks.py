"""Gene models: GFF3 (not GTF) of Ensembl, GENCODE or RefSeq, on the contigs of the reference."""

import itertools
import zlib
from collections.abc import Mapping
from pathlib import Path

from gms.genome.intervals import open_text

_LINES = 300_000  # of a file, about a tenth of Ensembl's human one


def gene_models_problem(path: Path, contigs: Mapping[str, int]) -> str | None:
    """What is wrong with a GFF3 file; None if nothing. `contigs`: lengths of the reference."""
    names: dict[str, None] = {}
    coding = children = False
    try:
        with open_text(path) as lines:
            for line in itertools.islice(lines, _LINES):
                fields = line.split("\t", 8)
                if line.startswith("#") or len(fields) < 9:
                    continue
                if 'gene_id "' in fields[8]:
                    return "is GTF; give the GFF3 of the same release"
                names[fields[0]] = None
                coding, children = coding or fields[2] == "CDS", children or "Parent=" in fields[8]
    except (UnicodeDecodeError, OSError, EOFError, zlib.error):
        return "cannot be read as text; copy it again"
    if not coding or not children:
        return (
            "has no gene with coding sequence (CDS features with Parent); give the GFF3 of Ensembl, GENCODE or RefSeq"
        )
    if contigs and not contigs.keys() & names:
        first, other = next(iter(contigs)), next(iter(names))
        text = f"names its contigs differently from the reference ('{other}', there '{first}')"
        return f"{text}; rename them, for Ensembl's with: sed -E '/^#/!s/^/chr/; s/^chrMT/chrM/'"
    return None
