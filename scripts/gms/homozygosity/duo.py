"""Uniparental disomy of a child with one parent: stretches where the child has no chromosome of that parent.

The parent's own two chromosomes in the child cannot be told from parents who are related, and are not looked for.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from gms.homozygosity.runs import Run, median_depth
from gms.homozygosity.sites import UNCERTAIN, Sites
from gms.homozygosity.uniparental import Segment, kind_of, long_enough, most_likely, stretches

OTHER = {"mother": "father", "father": "mother"}
ABSENT = 1  # the second of two states
# Probability that child and parent are homozygous for different alleles, where both are homozygous and one has the
# alternative allele: one genotype in 100 is wrong; of two strangers 2 f^2 (1 - f)^2 over that and f^4 at a frequency f,
# 0.4 over sites whose number falls as 1/f.
_DIFFERENT = (0.01, 0.4)
_EMISSION = np.log([[1 - share, share] for share in _DIFFERENT])


def absent_segments(sites: Mapping[str, Sites], parent: str, runs: Sequence[Run]) -> Iterator[Segment]:
    """Segments without a chromosome of `parent`, the second column of `sites` (the child is the first): both are of
    the other parent. Homozygous in `runs`, they are one of its chromosomes twice."""
    usual = median_depth(sites)
    for contig, found in sites.items():
        child, other = found.genotypes.T
        both = np.flatnonzero((child != UNCERTAIN) & (other != UNCERTAIN) & (child != 1) & (other != 1))
        different = (child[both] != other[both]).astype(int)
        states = most_likely(_EMISSION[:, different])
        for first, last in stretches(states):
            proof = both[first : last + 1][different[first : last + 1] == 1]
            if states[first] == ABSENT and (two_copies := long_enough(found, proof, usual)):
                part, depth, whole = two_copies
                ends = int(part.positions[0]), int(part.positions[-1])
                homozygous = sum(run.within(contig, *ends) for run in runs)
                kind = kind_of(1 - homozygous / (ends[1] - ends[0] + 1))
                yield Segment(contig, *ends, OTHER[parent], kind, len(proof), 0, depth, whole)
