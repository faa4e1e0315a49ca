"""Fills loci with the fragments of an alignment file, the same way whichever caller proposed the alleles."""

from collections.abc import Iterable, Iterator

import pysam

from gms.variants.evidence.loci import Locus

MIN_MAPPING_QUALITY = 20  # as for the callers
SKIPPED = pysam.FUNMAP | pysam.FSECONDARY | pysam.FQCFAIL | pysam.FDUP | pysam.FSUPPLEMENTARY
FETCH_GAP = 20_000  # bases; each fetch decodes a CRAM slice from its start: 10,000 reads, 50,000 bases at 30 x


def observe(alignment: pysam.AlignmentFile, contig: str, loci: Iterable[Locus]) -> None:
    """Fill the fragments of loci (sorted by start) in one pass. Mates count once, and not at all if they disagree."""
    for group in clusters(loci):
        first = 0
        last = len(group)
        for read in alignment.fetch(contig, group[0].start, max(locus.end for locus in group)):
            start = read.reference_start
            while first < last and group[first].end <= start:
                first += 1
            end = read.reference_end  # None of an unmapped read, which lies where its mate does
            if end is None or first == last or group[first].start >= end or not is_evidence(read):
                continue
            for index in range(first, last):
                if group[index].start >= end:
                    break
                add(group[index], read)


def is_evidence(read: pysam.AlignedSegment) -> bool:
    return not read.flag & SKIPPED and read.mapping_quality >= MIN_MAPPING_QUALITY


def add(locus: Locus, read: pysam.AlignedSegment) -> None:
    """One observation a fragment: mates that disagree cancel out; at an indel, one that cannot tell yields."""
    seen = locus.observe(read)
    if seen is None:
        return
    mate = locus.fragments.get(read.query_name, seen)
    if mate is not None and mate.best != seen.best:
        undecided = not locus.counts_other and None in (mate.best, seen.best)
        mate = (seen if mate.best is None else mate) if undecided else None
    locus.fragments[read.query_name] = mate


def clusters(loci: Iterable[Locus]) -> Iterator[list[Locus]]:
    """Groups of loci near enough to be read in one pass: random access costs a whole CRAM slice."""
    group: list[Locus] = []
    for locus in loci:
        if group and locus.start - group[-1].end > FETCH_GAP:
            yield group
            group = []
        group.append(locus)
    if group:
        yield group
