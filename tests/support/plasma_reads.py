"""Plasma of a synthetic person as reads: fragments of 150-170 bases whose mates of 100 bases overlap."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pysam

CONTIG, LENGTH, READ = "chr1", 30_000, 100
Locus = tuple[int, str]  # position (0-based) and ALT


def write_genome(path: Path, random: np.random.Generator) -> str:
    """A random genome of one contig with its index; its sequence."""
    sequence = "".join(random.choice(list("ACGT"), LENGTH))
    path.write_text(f">{CONTIG}\n{sequence}\n")
    pysam.faidx(str(path))
    return sequence


def other_base(base: str) -> str:
    """Another base."""
    return "ACGT"[("ACGT".index(base) + 1) % 4]


def write_plasma(path: Path, sequence: str, rates: Mapping[Locus, float], depth: int, random, copies: int = 1) -> int:
    """Reads over the loci of `rates`, `depth` fragments each, of which that share carries ALT; returns how many do.

    With `copies` each fragment is there so often, with one UMI of its own in the names.
    """
    header = {"HD": {"VN": "1.6", "SO": "coordinate"}, "SQ": [{"SN": CONTIG, "LN": LENGTH}]}
    reads, changed = [], 0
    for (position, alt), rate in rates.items():
        for number, is_changed in enumerate(random.random(depth) < rate):
            changed += is_changed
            start = position - int(random.integers(60, 90))  # both mates cover the position
            bases = list(sequence[start : start + int(random.integers(150, 171))])
            bases[position - start] = alt if is_changed else bases[position - start]
            umi = "".join("ACGT"[(number >> 2 * place) % 4] * 2 for place in range(7))
            for copy in range(copies):
                reads += pair(f"f{position}n{number}c{copy}" + (f":{umi}" if copies > 1 else ""), start, bases)
    write_reads(path, reads, header)
    return changed


def write_reads(path: Path, reads: list[dict], header: dict | None = None) -> None:
    """An indexed BAM."""
    header = header or {"HD": {"VN": "1.6", "SO": "coordinate"}, "SQ": [{"SN": CONTIG, "LN": LENGTH}]}
    with pysam.AlignmentFile(str(path), "wb", header=header) as out:
        for read in sorted(reads, key=lambda read: read["start"]):
            out.write(_segment(read, out.header))
    pysam.index(str(path))


def _segment(read: dict, header) -> pysam.AlignedSegment:
    segment = pysam.AlignedSegment(header)
    segment.query_name, segment.flag, segment.reference_id = read["name"], read["flag"], 0
    segment.reference_start, segment.mapping_quality, segment.cigartuples = (
        read["start"],
        read.get("mapq", 60),
        [(0, READ)],
    )
    segment.next_reference_id, segment.next_reference_start = 0, read["mate"]
    segment.template_length, segment.query_sequence = read["length"], read["bases"]
    segment.query_qualities = [read.get("quality", 37)] * READ
    return segment


def pair(name: str, start: int, bases: list[str], swapped: bool = False) -> list[dict]:
    """The two mates of a fragment; `swapped`: the first read is that of the reverse strand."""
    last = start + len(bases) - READ
    flags = (163, 83) if swapped else (99, 147)
    first = {"flag": flags[0], "start": start, "mate": last, "length": len(bases), "bases": "".join(bases[:READ])}
    second = {"flag": flags[1], "start": last, "mate": start, "length": -len(bases), "bases": "".join(bases[-READ:])}
    return [{"name": name, **first}, {"name": name, **second}]
