"""Consensus of the reads of molecules, position by position from the unclipped 5' end, each strand for itself first.

A read adds to its base the log-likelihood ratio of its quality, in phred: 10 log10((1 - e) / (e / 3)). The base with
the largest sum wins; its quality is what it has above the second. Sums are of whole numbers, the same on every machine.
Copies share the errors that were there before the UMI: a strand is trusted to 45, two strands that agree to 60. Bases
in which the two strands differ are N (Schmitt 2012, PNAS 109:14508; Kennedy 2014, Nat Protoc 9:2586). Limits are those
of fgbio 2 (CallMolecularConsensusReads, FilterConsensusReads) unless a comment names another source.
"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from gms.alignment.umi_families import BOTTOM, Pair

MIN_BASE_QUALITY, MAX_BASE_QUALITY = 10, 40  # of a read; errors of later cycles of PCR have no quality value
ONE_STRAND, TWO_STRANDS = 45, 60  # most that a consensus is trusted
MAX_DISAGREEING = 0.1  # share of the reads of a base that differ from the consensus; else N
MAX_NO_CALL = 0.2  # share of N in a read; else the molecule is dropped
MIN_LENGTH = 30  # bases; shorter reads do not align uniquely
N = 4
_CODES = np.full(256, N, np.uint8)
_CODES[list(b"ACGT")] = range(4)
_LETTERS = np.frombuffer(b"ACGTN", np.uint8)


def _weights() -> np.ndarray:
    """Weight by character of quality."""
    phred = np.minimum(np.arange(256) - 33, MAX_BASE_QUALITY)
    error = 10 ** (-np.maximum(phred, MIN_BASE_QUALITY) / 10)
    return np.where(phred < MIN_BASE_QUALITY, 0, np.round(10 * np.log10(3 * (1 - error) / error))).astype(np.int64)


_WEIGHTS = _weights()
_COUNT_BITS = 24  # a sum holds the weights above these bits and the number of reads in them


class MinReads(NamedTuple):
    """Reads that a base of a consensus needs: of both strands, of the strand with more, of the strand with fewer."""

    total: int
    more: int
    fewer: int

    def enough(self, top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
        """Whether these numbers of reads of the two strands are enough."""
        fewer, more = np.minimum(top, bottom), np.maximum(top, bottom)
        return (top + bottom >= self.total) & (more >= self.more) & (fewer >= self.fewer)


class Strands(NamedTuple):
    """Consensus of each strand, arrays of families x strands x positions: base, quality (0 without a base), reads, and
    reads that differ from the base."""

    base: np.ndarray
    quality: np.ndarray
    depth: np.ndarray
    differing: np.ndarray


class Consensus(NamedTuple):
    """Reads of one end of families, arrays of families x positions from the 5' end: base (0-4), quality; their lengths
    without N at the end; of each strand, families x 2, the most reads that a base is made of."""

    base: np.ndarray
    quality: np.ndarray
    length: np.ndarray
    depth: np.ndarray

    def text(self, family: int) -> tuple[bytes, bytes]:
        """Bases and qualities of one read as in a FASTQ file; N has the quality 2."""
        length = self.length[family]
        base, quality = self.base[family, :length], self.quality[family, :length]
        return _LETTERS[base].tobytes(), (np.where(base == N, 2, quality) + 33).astype(np.uint8).tobytes()


def is_usable(ends: Sequence[Consensus]) -> np.ndarray:
    """Whether both reads of families are long enough and have few N."""
    usable = np.ones(len(ends[0].length), bool)
    for end in ends:
        inside = np.arange(end.base.shape[1]) < end.length[:, None]
        unknown = ((end.base == N) & inside).sum(axis=1)
        usable &= (end.length >= MIN_LENGTH) & (unknown <= MAX_NO_CALL * end.length)
    return usable


def consensus(families: Sequence[Sequence[Pair]], min_reads: MinReads) -> tuple[Consensus, Consensus]:
    """The reads of both ends of families."""
    return _of_end(families, 0, min_reads), _of_end(families, 1, min_reads)


def _of_end(families: Sequence[Sequence[Pair]], end: int, min_reads: MinReads) -> Consensus:
    """The reads of one end, 0 or 1: those that have the gaps of most of their family."""
    rows, bases, qualities, turned = [], [], [], []
    for number, family in enumerate(families):
        reverse = family[0].reverse[end]
        for pair in _alike(family, 3 + end):
            rows.append(2 * number + (pair.strand == BOTTOM))
            bases.append(pair[5 + 2 * end])
            qualities.append(pair[6 + 2 * end])
            turned.append(reverse)
    strands = _strands(len(families), np.array(rows), bases, qualities, np.array(turned))
    return _joined(strands, min_reads)


def _alike(family: Sequence[Pair], field: int) -> Sequence[Pair]:
    """The pairs whose reads of one end have the most frequent gaps: others do not match them position by position."""
    first = family[0][field]
    if all(pair[field] == first for pair in family):
        return family
    found = Counter(pair[field] for pair in family)
    most = min(found, key=lambda gaps: (-found[gaps], gaps))
    return [pair for pair in family if pair[field] == most]


def _strands(number: int, rows: np.ndarray, bases: list[bytes], qualities: list[bytes], turned: np.ndarray) -> Strands:
    """Votes of reads; `rows`: twice the number of the family, and 1 for the bottom strand; `turned`: reverse reads."""
    order = np.argsort(rows, kind="stable")
    codes, votes = _votes(bases, qualities, turned, order)
    groups, first = np.unique(rows[order], return_index=True)
    sums = np.stack([np.add.reduceat(np.where(codes == base, votes, 0), first, axis=0) for base in range(4)])
    best = sums.argmax(axis=0)
    count = sums & ((1 << _COUNT_BITS) - 1)
    second, top = np.partition(sums >> _COUNT_BITS, 2, axis=0)[2:]
    depth = count.sum(axis=0)
    agreeing = np.take_along_axis(count, best[None], axis=0)[0]
    made = np.zeros((4, 2 * number, codes.shape[1]), np.int64)
    made[:, groups] = best, np.minimum(top - second, ONE_STRAND), depth, depth - agreeing
    return Strands(*made.reshape(4, number, 2, -1))


def _votes(
    bases: list[bytes], qualities: list[bytes], turned: np.ndarray, order: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Bases (0-4) of the reads in their `order`, from the 5' end, and what each adds to the sum of its base."""
    lengths = np.array([len(text) for text in bases])
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])[order, None]
    lengths, turned = lengths[order, None], turned[order, None]
    at = np.arange(lengths.max())
    inside = at < lengths
    places = np.where(inside, starts + np.where(turned, lengths - 1 - at, at), 0)
    codes = _CODES[np.frombuffer(b"".join(bases), np.uint8)][places]
    codes = np.where(turned & (codes < N), 3 - codes, codes)
    weights = _WEIGHTS[np.frombuffer(b"".join(qualities), np.uint8)][places]
    return codes, np.where(inside & (weights > 0), (weights << _COUNT_BITS) + 1, 0)


def _joined(strands: Strands, min_reads: MinReads) -> Consensus:
    """Both strands as one read."""
    top, bottom = strands.quality[:, 0], strands.quality[:, 1]
    differ = (top > 0) & (bottom > 0) & (strands.base[:, 0] != strands.base[:, 1])
    depth, differing = strands.depth.sum(axis=1), strands.differing.sum(axis=1)
    good = min_reads.enough(strands.depth[:, 0], strands.depth[:, 1]) & (top + bottom > 0) & ~differ
    good &= differing <= MAX_DISAGREEING * depth
    base = np.where(good, np.where(top > 0, strands.base[:, 0], strands.base[:, 1]), N)
    quality = np.where(good, np.minimum(top + bottom, TWO_STRANDS), 0)
    length = base.shape[1] - np.argmax((base != N)[:, ::-1], axis=1)
    length = np.where((base != N).any(axis=1), length, 0)
    return Consensus(base, quality, length, strands.depth.max(axis=2))
