"""Counts of mitochondrial alleles in every sample of a case, of fragments and by the evidence of all classes.

Positions are 0-based.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

import pysam

from gms.genome.alleles import Allele
from gms.genome.intervals import Interval
from gms.variants.evidence.counts import Counts, count
from gms.variants.evidence.indel_loci import IndelLocus
from gms.variants.evidence.likelihoods import tumor_lod
from gms.variants.evidence.loci import Locus, SnvLocus, loci
from gms.variants.evidence.observe import observe
from gms.variants.evidence.reads import query_position
from gms.variants.mitochondrial.candidates import Pileup, candidates, gaps
from gms.variants.mitochondrial.circular import CircularAlignment

MIN_END = 5  # bases from the end of a read: what enters an insertion and ends there is aligned as a mismatch
NEAR_INDEL = 10  # bases in which the reads of an indel that are aligned without it show no SNV of their own
# log10: MuTect's limit (Cibulskis et al. 2013, Nat Biotechnol 31:213). Some 50,000 alleles are possible, so one in
# forty genomes shows an error that reaches it by chance.
MIN_LOD = 6.3


class Found(NamedTuple):
    """An allele with its counts in each sample, index first, and its likelihood ratio over errors there, log10."""

    allele: Allele
    counts: Sequence[Counts]
    lods: Sequence[float]


def find_alleles(samples: Sequence[CircularAlignment], pileups: Iterable[Pileup], sequence: str) -> list[Found]:
    """Alleles that a sample carries by the likelihoods, sorted; whichever sample it is, all of them are counted."""
    proposed = sorted({allele for pileup in pileups for allele in candidates(pileup)})
    counted = [count_alleles(sample, proposed, sequence) for sample in samples]
    found = []
    for allele in proposed:
        counts = [sample[allele] for sample in counted]
        lods = [tumor_lod(one.alt, one.depth) for one in counts]
        if max(lods) >= MIN_LOD:
            found.append(Found(allele, counts, lods))
    return found


def count_alleles(sample: CircularAlignment, proposed: Iterable[Allele], sequence: str) -> dict[Allele, Counts]:
    """Fragments of each allele in one sample."""
    made, gaps = list(loci(proposed, sequence, 0)), Gaps(sequence)
    observe(sample, sample.contig, made, gaps)
    snvs = [locus for locus in made if isinstance(locus, SnvLocus)]
    for locus in snvs:
        locus.fragments = {n: seen for n, seen in locus.fragments.items() if seen and seen.end_distance >= MIN_END}
    for indel in (locus for locus in made if isinstance(locus, IndelLocus)):
        _withdraw(indel, snvs, gaps)
    return {allele: counts for locus in made for allele, counts in count(locus)}


class Gaps:
    """Where the alignments of fragments have insertions and deletions, by name: pairs of start and end. Left out are
    those where the read has other lengths of homopolymers and nothing else: aligned with a mismatch for another gap
    (C8TC6 for C7TC5 as CT inserted and 310T>C, not as 309dup and 315dup), it would show an SNV that is none."""

    intervals: Sequence[Interval] = ()

    def __init__(self, sequence: str):
        self.sequence = sequence
        self.places: dict[str, list[tuple[int, int]]] = {}

    def add(self, read: pysam.AlignedSegment) -> None:
        """Note those of a read, which observe reads for the loci."""
        if found := [gap for gap in gaps(read) if not self._is_length(read, *gap)]:
            self.places.setdefault(read.query_name, []).extend(found)

    def _is_length(self, read: pysam.AlignedSegment, start: int, end: int) -> bool:
        """Whether read and reference are alike around a gap when equal neighbours count once."""
        first, last = max(read.reference_start, start - NEAR_INDEL), min(read.reference_end, end + NEAR_INDEL)
        places = query_position(read, first), query_position(read, last - 1)
        if None in places:
            return False
        shown, known = read.query_sequence[places[0] : places[1] + 1], self.sequence[first:last]
        return [base for base, _ in groupby(shown)] == [base for base, _ in groupby(known)]

    def near(self, name: str, start: int, end: int) -> bool:
        """Whether an alignment of the fragment has one in an interval."""
        return any(first <= end and last >= start for first, last in self.places.get(name, ()))


def _withdraw(indel: IndelLocus, snvs: Iterable[Locus], gaps: Gaps) -> None:
    """Take the fragments that carry an indel, but are aligned without it, from the SNVs next to it: what follows it
    there is aligned as mismatches. Aligned with it, they show SNVs of the same molecules."""
    start, end = indel.start - NEAR_INDEL, indel.end + NEAR_INDEL
    names = {name for name, seen in indel.fragments.items() if seen and seen.best and not gaps.near(name, start, end)}
    for snv in snvs:
        if start <= snv.start < end:
            for name in names & snv.fragments.keys():
                if snv.fragments[name].best != 0:
                    del snv.fragments[name]
