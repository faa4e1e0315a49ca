"""Families: read pairs that are copies of one molecule, by the unclipped 5' ends of both reads and their UMIs.

UMIs at the same ends that differ in one base are one where the larger has at least twice the pairs of the smaller, less
one (directed adjacency; Smith 2017, Genome Res 27:491). Where both reads have a UMI the two strands of a molecule are
one family: the pair A-B of one strand is B-A of the other (Schmitt 2012, PNAS 109:14508).
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

SKIPPED = 0x900  # secondary and supplementary records repeat a read
UNMAPPED, FAILED, REVERSE, FIRST = 0x4, 0x200, 0x10, 0x40
MIN_MAPPING_QUALITY = 1  # of both reads, as of fgbio's GroupReadsByUmi: at 0 the ends may be elsewhere
_SHIFT = 1_000_000  # unclipped ends may be before the first base of a contig; keys are sorted as text
_CIGAR = re.compile(rb"(\d+)([MIDNSHP=X])")
TOP, BOTTOM = b"A", b"B"  # the strand whose R1 has the first of the two ends, and the other


class Alignment(NamedTuple):
    """Of a CIGAR: bases clipped before, bases of the genome to the unclipped end, bases clipped at the end; and the
    gaps as (bases of the read before, bases after, text)."""

    before: int
    span: int
    gaps: tuple[tuple[int, int, bytes], ...]


class Pair(NamedTuple):
    """A pair of a family: key of its ends, UMI as the top strand has it, strand; by end, bases and qualities as in the
    SAM line, and `gaps`, the insertions and deletions in the order of sequencing; its name."""

    key: bytes
    umi: bytes
    strand: bytes
    gaps_1: bytes
    gaps_2: bytes
    bases_1: bytes
    qualities_1: bytes
    bases_2: bytes
    qualities_2: bytes
    name: bytes

    @property
    def reverse(self) -> tuple[bool, bool]:
        """Whether the read of each end is of the reverse strand."""
        return self.key[16:17] == b"1", self.key[33:34] == b"1"


@lru_cache(100_000)
def alignment(cigar: bytes) -> Alignment:
    """What a CIGAR says."""
    before = span = read = 0
    gaps = []
    for length, kind in ((int(length), kind) for length, kind in _CIGAR.findall(cigar)):
        if kind in b"SH" and not span:
            before += length
        elif kind in b"MDNSH=X":
            span += length
        if kind in b"ID":
            gaps.append((read, b"%d%s" % (length, kind)))
        read += length if kind in b"MIS=X" else 0
    sizes = [int(text[:-1]) if text.endswith(b"I") else 0 for _, text in gaps]
    return Alignment(
        before, span, tuple((at, read - at - size, text) for (at, text), size in zip(gaps, sizes, strict=True))
    )


def end_and_gaps(fields: list[bytes], flag: int) -> tuple[int, bytes]:
    """Unclipped 5' end (0-based, of a reverse read one after it) and gaps, as offset from the 5' end, length, kind."""
    told = alignment(fields[5])
    start = int(fields[3]) - 1
    if flag & REVERSE:
        return start + told.span, b",".join(b"%d:%s" % (after, text) for _, after, text in reversed(told.gaps))
    return start - told.before, b",".join(b"%d:%s" % (before, text) for before, _, text in told.gaps)


class Fold:
    """Pairs of the aligner's SAM lines as lines to be sorted (the fields of a Pair); `dropped` counts pairs by reason.

    `join_strands`: two strands of a molecule are one family where both reads have a UMI, which tells them apart.
    """

    def __init__(self, join_strands: bool = True):
        self.join_strands = join_strands
        self.pairs, self.dropped = 0, Counter()
        self.contigs: dict[bytes, int] = {}

    def lines(self, sam: Iterable[bytes]) -> Iterator[bytes]:
        """One line for each pair that a family can have."""
        waiting = None
        for line in filter(_is_whole, sam):
            if line[:1] == b"@":
                if line[:3] == b"@SQ":
                    self.contigs[line.split(b"\tSN:", 1)[1].split(b"\t")[0].strip()] = len(self.contigs)
                continue
            fields = line.rstrip(b"\n").split(b"\t")
            if int(fields[1]) & SKIPPED:
                continue
            if waiting is None:
                waiting = fields
                continue
            self.pairs += 1
            if made := self._line(waiting, fields):
                yield made
            waiting = None

    def _line(self, one: list[bytes], two: list[bytes]) -> bytes:
        flags = int(one[1]), int(two[1])
        umi = next((field[5:] for field in one[11:] if field[:5] == b"RX:Z:"), b"N")
        if reason := self._reason(flags, (one, two), umi):
            self.dropped[reason] += 1
            return b""
        ends = []
        for fields, flag in zip((one, two), flags, strict=True):
            end, gaps = end_and_gaps(fields, flag)
            strand = bool(flag & REVERSE)
            key = b"%06d%010d%d" % (self.contigs[fields[2]], end + _SHIFT, strand)
            ends.append((key, not flag & FIRST, gaps, fields[9], fields[10]))
        (key_1, second, gaps_1, *read_1), (key_2, _, gaps_2, *read_2) = sorted(ends)
        strand = BOTTOM if second else TOP
        key = key_1 + key_2
        if not self.join_strands or b"-" not in umi:
            key += strand
        elif second:
            umi = b"-".join(reversed(umi.split(b"-")))
        return b"\t".join((key, umi, strand, gaps_1, gaps_2, *read_1, *read_2, one[0])) + b"\n"

    def _reason(self, flags: tuple[int, int], reads: tuple[list[bytes], list[bytes]], umi: bytes) -> str:
        """Why a pair cannot be in a family; '' if it can."""
        if (flags[0] | flags[1]) & FAILED:
            return "failed_by_sequencer"
        if (flags[0] | flags[1]) & UNMAPPED:
            return "unmapped"
        if min(int(fields[4]) for fields in reads) < MIN_MAPPING_QUALITY:
            return "low_mapping_quality"
        return "umi_with_n" if b"N" in umi else ""


def families(lines: Iterable[bytes]) -> Iterator[tuple[bytes, list[Pair]]]:
    """UMI and pairs of each family, of sorted lines; the largest of those with the same ends comes first."""
    pairs = (Pair(*line.rstrip(b"\n").split(b"\t")) for line in filter(_is_whole, lines))
    for _, here in groupby(pairs, lambda pair: pair.key):
        by_umi = {umi: list(found) for umi, found in groupby(here, lambda pair: pair.umi)}
        if len(by_umi) == 1:
            yield from by_umi.items()
            continue
        for joined in join_umis({umi: len(found) for umi, found in by_umi.items()}):
            yield joined[0], [pair for umi in joined for pair in by_umi[umi]]


def _is_whole(line: bytes) -> bool:
    """Whether a line has its end: the last of a program that was killed may lack it."""
    return line.endswith(b"\n")


def join_umis(sizes: dict[bytes, int]) -> Iterator[list[bytes]]:
    """UMIs that are one but for an error, the largest first; `sizes`: pairs of each."""
    left = dict.fromkeys(sorted(sizes, key=lambda umi: (-sizes[umi], umi)))
    while left:
        root = next(iter(left))
        del left[root]
        joined = [root]
        for centre in joined:  # grows
            near = [umi for umi in _near(centre, left) if sizes[centre] >= 2 * sizes[umi] - 1]
            for umi in near:
                del left[umi]
            joined += near
        yield joined


def _near(umi: bytes, others: dict[bytes, None]) -> list[bytes]:
    """Those of the others that differ from a UMI in one base."""
    if len(others) < 3 * len(umi):
        return [other for other in others if len(other) == len(umi) and sum(map(int.__ne__, umi, other)) == 1]
    changed = (umi[:at] + base + umi[at + 1 :] for at in range(len(umi)) for base in (b"A", b"C", b"G", b"T"))
    return [other for other in changed if other in others]
