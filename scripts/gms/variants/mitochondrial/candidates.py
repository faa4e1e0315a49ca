"""Alleles of the mitochondrial genome that a sample's reads show at all, and the depth of either strand.

Alleles are counted by reads, not by fragments: they only decide which are counted exactly (gms.variants.evidence).
Positions are 0-based.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import pysam

from gms.genome.alleles import Allele, left_align
from gms.variants.evidence.reads import DELETION, DIFFERENT, EQUAL, INSERTION, MATCH, SKIP, SOFT_CLIP

MIN_BASE_QUALITY = 20
MIN_READS = 4
MIN_FRACTION = 0.004  # below what is reported, as the fraction of fragments may differ from that of reads
MAX_INDEL = 50  # bases; longer ones are seen as split reads
BASES = np.frombuffer(b"ACGT", "u1")


class Pileup(NamedTuple):
    """What the reads of a sample show: reads of each allele, depth by position, fragments, and the mean depth in reads,
    in which a base of both mates counts twice, as in that of a whole genome (mosdepth --fast-mode)."""

    alleles: Counter[Allele]
    depth: np.ndarray
    mean_reads: float


def pile_up(reads: Iterable[pysam.AlignedSegment], sequence: str) -> Pileup:
    """Count the reads of a contig, sorted by start; low base qualities count in the depth, not for an allele."""
    reference = np.frombuffer(sequence.encode(), "u1")
    changed = np.zeros((4, len(sequence)), int)
    steps, indels, aligned = np.zeros(len(sequence) + 1, int), Counter(), 0
    covered: dict[str, int] = {}  # end of what the mate covers, by name; a base that both cover counts once
    for read in reads:
        bases = np.frombuffer(read.query_sequence.encode(), "u1")
        good = np.frombuffer(read.query_qualities, "u1") >= MIN_BASE_QUALITY
        before = covered.get(read.query_name, 0)
        covered[read.query_name] = max(before, read.reference_end)
        for start, at, length in blocks(read):
            steps[min(max(start, before), start + length)] += 1
            steps[start + length], aligned = steps[start + length] - 1, aligned + length
            differs = bases[at : at + length] != reference[start : start + length]
            wrong = np.flatnonzero(differs & good[at : at + length])
            for place in wrong:
                changed[:, start + place] += bases[at + place] == BASES
        indels.update(indels_of(read, sequence))
    alleles = Counter({left_align(allele, sequence): 0 for allele in indels})
    for allele, number in indels.items():
        alleles[left_align(allele, sequence)] += number
    for base, pos in np.argwhere(changed):
        alleles[Allele(int(pos), sequence[pos], "ACGT"[base])] = int(changed[base, pos])
    return Pileup(alleles, np.cumsum(steps[:-1]), aligned / len(sequence))


def blocks(read: pysam.AlignedSegment) -> Iterator[tuple[int, int, int]]:
    """Aligned blocks of a read: position in the reference, in the read, and length in bases."""
    reference, query = read.reference_start, 0
    for operation, length in read.cigartuples:
        if operation in (MATCH, EQUAL, DIFFERENT):
            yield reference, query, length
            reference, query = reference + length, query + length
        elif operation in (INSERTION, SOFT_CLIP):
            query += length
        elif operation in (DELETION, SKIP):
            reference += length


def indels_of(read: pysam.AlignedSegment, sequence: str) -> Iterator[Allele]:
    """Short insertions and deletions in the CIGAR of a read."""
    cigar = read.cigartuples
    if len(cigar) < 3:
        return
    reference, query = read.reference_start, 0
    for operation, length in cigar:
        if operation in (INSERTION, DELETION) and length <= MAX_INDEL and reference > 0:
            anchor = sequence[reference - 1]
            if operation == DELETION:
                yield Allele(reference - 1, anchor + sequence[reference : reference + length], anchor)
            else:
                yield Allele(reference - 1, anchor, anchor + read.query_sequence[query : query + length])
        if operation in (MATCH, EQUAL, DIFFERENT, DELETION, SKIP):
            reference += length
        if operation in (MATCH, EQUAL, DIFFERENT, INSERTION, SOFT_CLIP):
            query += length


def gaps(read: pysam.AlignedSegment) -> Iterator[tuple[int, int]]:
    """Start and end (of an insertion the same) of what the alignment of a read inserts and deletes."""
    cigar, reference = read.cigartuples or (), read.reference_start
    for operation, length in cigar if len(cigar) > 2 else ():
        if operation in (INSERTION, DELETION):
            yield reference, reference + (length if operation == DELETION else 0)
        if operation in (MATCH, EQUAL, DIFFERENT, DELETION, SKIP):
            reference += length


def candidates(pileup: Pileup) -> list[Allele]:
    """Alleles with enough reads, sorted; none of a reference base that is not known."""
    found = []
    for allele, number in pileup.alleles.items():
        depth = pileup.depth[allele.pos]
        if number >= max(MIN_READS, MIN_FRACTION * depth) and set(allele.ref + allele.alt) <= set("ACGT"):
            found.append(allele)
    return sorted(found)
