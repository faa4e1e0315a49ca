"""Coding bases of gene models in GFF3. Coordinates are 0-based half-open."""

from pathlib import Path

from gms.genome.intervals import Interval, merge, open_text


def coding_intervals(gff: Path | str) -> dict[str, list[Interval]]:
    """Bases that any transcript codes with, by contig: sorted intervals, merged where they touch."""
    found: dict[str, set[Interval]] = {}
    with open_text(gff) as lines:
        for line in lines:
            if "\tCDS\t" in line and not line.startswith("#"):
                contig, _, _, start, end, *_ = line.split("\t")
                found.setdefault(contig, set()).add(Interval(int(start) - 1, int(end)))
    return {contig: merge(intervals) for contig, intervals in found.items()}
