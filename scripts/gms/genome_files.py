"""Small readers of what lies beside a genome: its index, and BED files. Coordinates are 0-based half-open."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple


class Region(NamedTuple):
    """Half-open, 0-based, with the name of what it belongs to ('' for none)."""

    chrom: str
    start: int
    end: int
    name: str


def open_text(path: Path | str):
    """A text file, gzipped or not."""
    return gzip.open(path, "rt") if str(path).endswith(".gz") else open(path)


def read_contigs(fai: Path | str) -> dict[str, int]:
    """Contig lengths in the order of a FASTA index."""
    with open(fai) as lines:
        return {fields[0]: int(fields[1]) for fields in (line.split("\t") for line in lines)}


def read_bed(path: Path | str) -> Iterator[Region]:
    """Regions of a BED file, header and comment lines left out."""
    with open_text(path) as lines:
        for line in lines:
            fields = line.rstrip("\n").split("\t")
            if len(fields) >= 3 and not line.startswith(("#", "track", "browser")):
                yield Region(fields[0], int(fields[1]), int(fields[2]), fields[3] if len(fields) > 3 else "")
