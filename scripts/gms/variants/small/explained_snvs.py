"""SNVs that are reads of a long insertion: an aligner may run on beyond the joint of a duplication, with mismatches.

An allele whose reads are all explained by another haplotype of the locus is not an allele.
"""

from bisect import bisect_left
from collections.abc import Iterable

from gms.variants.evidence.indel_loci import IndelLocus
from gms.variants.evidence.loci import Locus, SnvLocus

OVERRUN = 30  # bases beyond a locus up to which reads are aligned past the joint


def withdraw_explained(loci: Iterable[Locus]) -> None:
    """Take the fragments that fit a haplotype with a long insertion or deletion exactly from the SNVs in and near it.
    In those haplotypes these bases are the reference's. Loci are sorted by start."""
    loci = list(loci)
    snvs = [locus for locus in loci if isinstance(locus, SnvLocus)]
    starts = [snv.start for snv in snvs]
    for long in (locus for locus in loci if isinstance(locus, IndelLocus) and locus.edges):
        names = {name for name, seen in long.fragments.items() if seen and seen.best and not min(seen.distances)}
        low, high = bisect_left(starts, long.start - OVERRUN), bisect_left(starts, long.end + OVERRUN)
        for snv in snvs[low:high]:
            for name in names & snv.fragments.keys():
                seen = snv.fragments[name]
                if seen and seen.best != 0:
                    snv.fragments[name] = None
