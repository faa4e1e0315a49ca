"""Depth of reads around the ends of reported structural variants, for report/{case}.json."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pysam

from gms.drawings.read_rows import LEFT_OUT, opened
from gms.genome.vcf import MATE

MOST = 20  # findings of a case
BINS = 60  # of a panel
WHOLE = 20_000  # bases of an event up to which it is drawn whole; of a longer one the ends
AROUND = 3_000  # bases on both sides of an end
LEAST = 500  # bases on both sides of an event that is drawn whole, or half of its length
TYPES = ("deletion", "duplication", "inversion", "breakend", "insertion")
SPELLING = re.compile(r"(.+):(\d+):[^:]+:(.+)")


class Panel(NamedTuple):
    """A stretch to draw, 0-based half-open, and the places in it where a molecule is joined to another place."""

    contig: str
    start: int
    end: int
    ends: tuple[int, ...]


def depth_views(document: Mapping[str, Any], alignments: Sequence[str], fasta: str) -> dict[str, Any]:
    """CHROM:POS:REF:ALT of structural findings -> `panels`, and of each sample the mean depth of the bins of each.
    `alignments` are named after their samples."""
    wanted = list(_structural(document))[:MOST]
    if not (alignments and wanted):
        return {}
    with opened(alignments, fasta) as files:
        first = next(iter(files.values()))
        lengths = dict(zip(first.references, first.lengths, strict=True))
        return {found["variants"][0]: _view(panels_of(found, lengths), files) for found in wanted}


def _structural(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Reported events."""
    for section in document.get("classes", ()):
        if section["variants"] in ("structural", "copy_number"):
            yield from (found for found in section["findings"] if found["type"] in TYPES)


def panels_of(found: Mapping[str, Any], lengths: Mapping[str, int]) -> list[Panel]:
    """One panel over the event, or one for each end."""
    contig, pos, alt = SPELLING.fullmatch(found["variants"][0]).groups()
    start, mate = int(pos), MATE.search(alt)
    if mate:
        return [_around(contig, start, lengths), _around(mate[1], int(mate[2]), lengths)]
    end = int(found["own"].get("END", start))
    if end - start > WHOLE:
        return [_around(contig, start, lengths), _around(contig, end, lengths)]
    margin = max(LEAST, (end - start) // 2)
    ends = (start, end) if end > start + 1 else (start,)
    return [Panel(contig, max(0, start - margin), min(lengths[contig], end + margin), ends)]


def _around(contig: str, place: int, lengths: Mapping[str, int]) -> Panel:
    return Panel(contig, max(0, place - AROUND), min(lengths[contig], place + AROUND), (place,))


def _view(panels: Sequence[Panel], files: Mapping[str, pysam.AlignmentFile]) -> dict[str, Any]:
    samples = [{"sample": name, "depth": [bin_depths(panel, file) for panel in panels]} for name, file in files.items()]
    return {"panels": [panel._asdict() for panel in panels], "samples": samples}


def bin_depths(panel: Panel, file: pysam.AlignmentFile) -> list[float]:
    """Mean depth of each bin, by what lies between the first and the last aligned base of a read."""
    size = panel.end - panel.start
    bins = min(BINS, size)
    bases = [0.0] * bins
    for read in file.fetch(panel.contig, panel.start, panel.end):
        if read.flag & LEFT_OUT or read.reference_end is None:
            continue
        first, last = max(0, read.reference_start - panel.start), min(size, read.reference_end - panel.start)
        for number in range(first * bins // size, min(bins, (last - 1) * bins // size + 1)):
            low, high = number * size / bins, (number + 1) * size / bins
            bases[number] += max(0.0, min(last, high) - max(first, low))
    return [round(count * bins / size, 1) for count in bases]
