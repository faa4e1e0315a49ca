"""Parts of the genome with one state: segments of one depth, cut where the fractions of their SNPs change."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from gms.genome.ploidy import AUTOSOME
from gms.tumor_genome.likelihoods import MINOR, of_minor
from gms.tumor_genome.sites import Site

FEWEST_SNPS = 4  # on either side of a cut
ALL = float(np.log(len(MINOR)))  # the likelihood of a precision is the mean over all fractions: the best flatters it
GAIN = 8.0  # natural logarithm of the likelihood that a cut must gain (our own; docs/benchmarks.md)


class Part(NamedTuple):
    """0-based half-open. `log2`: of depth over the baseline, `bins` its windows; `snps`: heterozygous ones; `minor`:
    logarithm of the likelihood of each fraction (likelihoods.MINOR) of the allele with fewer copies."""

    contig: str
    start: int
    end: int
    log2: float
    bins: int
    snps: int
    minor: np.ndarray

    @property
    def fraction(self) -> float | None:
        """The likeliest fraction of the allele with fewer copies; None without SNPs."""
        return float(MINOR[int(self.minor.argmax())]) if self.snps else None


def parts(segments: Iterable[Sequence], snps: Sequence[Site], precision: float) -> list[Part]:
    """`segments`: [contig, start, end, log2, windows] in the order of the genome; those of autosomes count.
    `precision`: of the beta distribution of fractions (likelihoods.PRECISIONS)."""
    own = [(one, _inside(one, snps)) for one in segments if AUTOSOME.fullmatch(one[0])]
    return [part for one, inside in own for part in _cut(one, inside, precision)]


def _inside(segment: Sequence, snps: Sequence[Site]) -> list[Site]:
    contig, start, end, *_ = segment
    return [one for one in snps if one.contig == contig and start <= one.position < end]


def _cut(segment: Sequence, snps: Sequence[Site], precision: float) -> Iterator[Part]:
    """A segment in parts; its windows are shared by length."""
    contig, start, end, log2, bins = segment
    table = of_minor(snps, precision)
    starts = [start, *(_border(snps, at) for at in _cuts(table, 0)), end]
    for left, right in pairwise(starts):
        inside = [number for number, one in enumerate(snps) if left <= one.position < right]
        share = max(1, round(bins * (right - left) / max(1, end - start)))
        yield Part(contig, left, right, log2, share, len(inside), table[inside].sum(axis=0))


def _border(snps: Sequence[Site], at: int) -> int:
    """The middle between two SNPs."""
    return (snps[at - 1].position + snps[at].position + 1) // 2


def _cuts(table: np.ndarray, first: int) -> Iterator[int]:
    """Numbers of the SNPs at which another state begins, counted from `first`; in the order of the genome."""
    if len(table) < 2 * FEWEST_SNPS:
        return
    left = np.cumsum(table, axis=0)
    whole = left[-1]
    best = left.max(axis=1)[:-1] + (whole - left[:-1]).max(axis=1) - whole.max()
    allowed = best[FEWEST_SNPS - 1 : len(table) - FEWEST_SNPS]
    at = int(allowed.argmax()) + FEWEST_SNPS
    if allowed.max() >= GAIN:
        yield from _cuts(table[:at], first)
        yield first + at
        yield from _cuts(table[at:], first + at)
