"""Contigs of a FASTA index and intervals of BED files. Coordinates are 0-based half-open."""

import gzip
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple


class Interval(NamedTuple):
    start: int
    end: int


class Region(NamedTuple):
    """Half-open, 0-based, with the name of what it belongs to ('' for none)."""

    chrom: str
    start: int
    end: int
    name: str


def open_text(path: Path | str):
    """A text file, gzipped or not."""
    return gzip.open(path, "rt") if str(path).endswith((".gz", ".bgz")) else open(path)


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


def read_targets(bed: Path | str) -> dict[str, list[Interval]]:
    """Intervals of a BED file by contig, in the order of the file."""
    targets: dict[str, list[Interval]] = {}
    for region in read_bed(bed):
        targets.setdefault(region.chrom, []).append(Interval(region.start, region.end))
    return targets


def merge(intervals: Iterable[Interval]) -> list[Interval]:
    """Sorted intervals with those that touch joined."""
    merged: list[Interval] = []
    for start, end in sorted(intervals):
        if merged and start <= merged[-1].end:
            merged[-1] = Interval(merged[-1].start, max(end, merged[-1].end))
        else:
            merged.append(Interval(start, end))
    return merged
