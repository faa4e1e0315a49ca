"""Depth of places that nearly everyone has two copies of, to compare a gene with. Coordinates are 0-based half-open."""

from collections.abc import Iterator, Mapping
from statistics import median

import pysam

from gms.genome.intervals import Interval
from gms.genome.ploidy import AUTOSOME
from gms.variants.evidence.observe import SKIPPED

WINDOW = 2_000  # bases, as in Chen et al. 2020
WANTED, FEWEST = 300, 20  # windows
MAX_TRIES = 60_000  # places looked at: where most of a reference is unknown bases, few of them have sequence
MAX_GC_DIFFERENCE = 0.05  # of bases: depth depends on it


def depth(alignment: pysam.AlignmentFile, contig: str, interval: Interval) -> float:
    """Mean depth, reads of any mapping quality: of genes with a twin nearly all have none."""
    bases = 0
    for read in alignment.fetch(contig, *interval):
        if not read.flag & SKIPPED and read.reference_end:
            bases += min(read.reference_end, interval.end) - max(read.reference_start, interval.start)
    return bases / (interval.end - interval.start)


def control_depths(
    alignment: pysam.AlignmentFile,
    reference: pysam.FastaFile,
    left_out: Mapping[str, Interval],
    gc: float,
) -> list[float]:
    """Depths of windows with sequence of nearly the same GC fraction, spread evenly over the autosomes, or over all
    contigs of a small reference; without those that no read covers. Fewer than FEWEST say nothing."""
    lengths = dict(zip(reference.references, reference.lengths, strict=True))
    autosomes = {contig: length for contig, length in lengths.items() if AUTOSOME.fullmatch(contig)}
    for contigs in (autosomes, lengths):
        windows = _windows(reference, contigs, left_out, gc)
        depths = [found for contig, interval in windows if (found := depth(alignment, contig, interval)) > 0]
        if len(depths) >= FEWEST:
            return depths
    return []


def _windows(
    reference: pysam.FastaFile, contigs: Mapping[str, int], left_out: Mapping[str, Interval], gc: float
) -> list[tuple[str, Interval]]:
    """Windows, the same for the same reference: ever denser until enough of them have sequence."""
    tries, found = WANTED, []
    while tries <= MAX_TRIES and len(found) < WANTED:
        tries *= 4
        found = list(_suitable(reference, contigs, left_out, gc, tries))
    return found[:: max(1, len(found) // WANTED)]


def _suitable(
    reference: pysam.FastaFile, contigs: Mapping[str, int], left_out: Mapping[str, Interval], gc: float, tries: int
) -> Iterator[tuple[str, Interval]]:
    step = max(WINDOW, sum(contigs.values()) // tries)
    for contig, length in contigs.items():
        barred = left_out.get(contig, Interval(0, 0))
        for start in range(step // 2, length - WINDOW, step):
            interval = Interval(start, start + WINDOW)
            if interval.start < barred.end and interval.end > barred.start:
                continue
            share = gc_fraction(reference.fetch(contig, *interval).upper())
            if share is not None and abs(share - gc) <= MAX_GC_DIFFERENCE:
                yield contig, interval


def gc_fraction(sequence: str) -> float | None:
    """Share of G and C, None of a sequence with unknown bases."""
    if not sequence or "N" in sequence:
        return None
    return (sequence.count("G") + sequence.count("C")) / len(sequence)


def usual(depths: list[float]) -> float:
    """The depth of two copies: the median, which a few windows of other copy number do not move."""
    return median(depths)
