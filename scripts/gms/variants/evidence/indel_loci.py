"""Loci of indels that can be placed over each other, and which of their haplotypes each fragment fits.

Haplotypes are the reference, each allele alone and, for few alleles, each compatible pair. A read that covers the whole
stretch is compared with every haplotype, so neither the aligner's placement nor its soft clips decide. Coordinates are
0-based half-open.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations, compress

import edlib
import pysam

from gms.genome.alleles import Allele, repeat_length
from gms.variants.evidence.edges import LONG, Edges
from gms.variants.evidence.reads import SOFT_CLIP, Observation, query_position, strands_of
from gms.variants.evidence.stutter import PRIOR_STUTTER, Stutter, period, repeat_of

FLANK = 3  # reference bases on both sides that a read must show besides the stretch itself
MAX_ALLELES_PAIRED = 4  # pairs grow with the square of the alleles; more than four are repeats that no caller settles
MAX_MISFIT = 10  # a read with more than one difference in ten bases lies elsewhere
MIN_LEAD = 2  # differences by which a read that does not span a locus must prefer a haplotype: one may be an error
MUCH_MORE = 5  # times as many
REACH = 500  # bases beyond a locus that a read may show
MOST_ERROR = 0.3  # where reads are compared by their bases alone: beyond it no number tells a variant from stutter
ANCHOR = 20  # bases by which the aligned end of a read is found in a haplotype


class IndelLocus:
    """Indels that can be placed over each other; `sequence` is the contig from 0-based `offset`. `paired`: two of the
    alleles can also be on one chromosome. `error`: probability of a read that shows another haplotype than its molecule
    has, 0-1, that of the repeat that slips most often. `repeat`: bases of the unit and of the repeat, where its length
    is all that the alleles change; fragments that span it are judged by that."""

    counts_other = False

    def __init__(
        self,
        alleles: list[Allele],
        start: int,
        end: int,
        sequence: str,
        offset: int,
        stutter: Stutter = PRIOR_STUTTER,
        paired: bool = True,
    ):
        self.alleles, self.sequence, self.offset = alleles, sequence, offset
        self.start, self.end = max(offset, start - FLANK), min(offset + len(sequence), end + FLANK)
        self.carried: list[tuple[int, ...]] = [(), *((index,) for index in range(len(alleles)))]
        self.carried += compatible_pairs(alleles) if paired else []
        self.settles = paired
        self.haplotypes = [self.haplotype(carried, self.start, self.end) for carried in self.carried]
        self.longest = max(map(len, self.haplotypes))
        long = self.longest - min(map(len, self.haplotypes)) >= LONG
        self.edges = Edges() if long else None
        rates = (stutter.rate(period(allele), repeat_length(allele, sequence, offset)) for allele in alleles)
        self.error = min(MOST_ERROR, max(rates))
        self.repeat = None if long else repeat_of(alleles, sequence, offset)
        self.stutter = stutter
        self.edits: dict[tuple[tuple[int, ...], int], int] = {}
        self.fragments: dict[str, Observation | None] = {}

    def haplotype(self, carried: Iterable[int], start: int, end: int) -> str:
        """Sequence of the reference interval with the carried alleles put in."""
        text, here = "", start
        for allele in sorted(self.alleles[index] for index in carried):
            text += self.sequence[here - self.offset : allele.pos - self.offset] + allele.alt
            here = allele.pos + len(allele.ref)
        return text + self.sequence[here - self.offset : end - self.offset]

    def observe(self, read: pysam.AlignedSegment) -> Observation | None:
        left, right = query_position(read, self.start), query_position(read, self.end - 1)
        sequence, change = read.query_sequence, None
        if left is not None and right is not None:
            change = self.change(left, right, read)
            margins = left - read.query_alignment_start, read.query_alignment_end - 1 - right
            distances = self.spanning(sequence, left, right, margins)
        elif left is not None or right is not None:
            distances = self.partial(sequence, left, right)
        else:
            distances = self.enclosed(read)
        if self.edges:
            beyond = self.start - read.reference_start, read.reference_end - self.end
            self.edges.add(read, self.edges_in(left, right, distances), beyond)
        if distances is None:
            return None
        first, last = left if left is not None else 0, right if right is not None else read.query_length - 1
        qualities = read.query_qualities[first : last + 1]
        end = min(last, read.query_length - 1 - first)
        quality = sum(qualities) // len(qualities)
        return Observation(distances, quality, read.mapping_quality, strands_of(read), end, change)

    def change(self, left: int, right: int, read: pysam.AlignedSegment) -> int | None:
        """Bases that a read which spans a repeat shows beyond those of the reference; None elsewhere, and where it may
        end in a longer haplotype (see spanning)."""
        if not self.repeat:
            return None
        beyond = min(left - read.query_alignment_start, read.query_alignment_end - 1 - right)
        size = right - left + 1
        return size - (self.end - self.start) if beyond > self.longest - size else None

    def shown_by(self, change: int, factor: float = 1.0) -> tuple[float, ...]:
        """Probability, 0-1, of a read with a change of length of this repeat, which slips `factor` times as often as
        others, from each haplotype."""
        period, length = self.repeat
        own = [len(haplotype) - (self.end - self.start) for haplotype in self.haplotypes]
        return tuple(self.stutter.shown(period, length + carried, change - carried, factor) for carried in own)

    def unseen(self) -> float:
        """Part of the reference's fragments that reads are too short to tell from an allele whose own fragments they
        can, 0-1: a duplication must be spanned to be excluded. 0 at loci of short alleles."""
        if not self.edges:
            return 0.0
        alleles = range(1, len(self.alleles) + 1)
        shown = [(self.expected(0, h), self.expected(h, 0)) for h in alleles]
        return max((1 - ref / alt for ref, alt in shown if ref < alt), default=0.0)

    def expected(self, haplotype: int, other: int) -> float:
        """Fragments that would show a haplotype not to be the other (one is the reference) if all molecules had it."""
        start, end = self.start - self.offset, self.end - self.offset
        flanks = self.sequence[max(0, start - REACH) : start][::-1], self.sequence[end : end + REACH]
        return self.edges.expected(self.haplotypes[haplotype], self.haplotypes[other], flanks, not haplotype)

    def edits_between(self, distances: tuple[int, ...], haplotype: int) -> int:
        """Edits between a haplotype and the nearest of those that a read fits best. A read that slipped and does not
        span the locus differs from its own haplotype in all bases behind the slip."""
        least = min(distances)
        if distances[haplotype] == least:
            return 0
        best = tuple(h for h, d in enumerate(distances) if d == least)
        if (best, haplotype) not in self.edits:
            texts = self.haplotypes
            found = (edlib.align(texts[h], texts[haplotype])["editDistance"] for h in best)
            self.edits[best, haplotype] = max(1, min(found))
        return self.edits[best, haplotype]

    def edges_in(
        self, left: int | None, right: int | None, distances: tuple[int, ...] | None
    ) -> tuple[int | None, int | None]:
        """Where the first and the last base of the locus are in a read; behind a clipped end by its haplotype."""
        if distances and (left is None) != (right is None):
            reach = len(self.haplotypes[distances.index(min(distances))]) - 1
            return (left, left + reach) if right is None else (right - reach, right)
        return left, right

    def spanning(self, sequence: str, left: int, right: int, margins: tuple[int, int]) -> tuple[int, ...] | None:
        """Distances of a read aligned on both sides. One that fits no haplotype exactly may still end in an insertion
        that its alignment does not show, so what lies beyond is asked, too. That decides where it fits as well: where
        another change follows on the molecule, it does not. With no more aligned bases beyond the locus (`margins`,
        left and right) than the longest haplotype has more inside, it may end in that, or not: MIN_LEAD decides, unless
        it is clipped there."""
        segment = sequence[left : right + 1]
        distances = tuple(edlib.align(segment, haplotype)["editDistance"] for haplotype in self.haplotypes)
        missing = self.longest - len(segment)
        if min(distances):
            sides = [(left, None), (None, right)]
            if self.edges:  # the second copy of a duplication follows the first, whatever the reference has before it
                sides = [min(sides, key=lambda side: min(self.mismatches(sequence, *side)))]
            beyond = next(filter(None, (self.partial(sequence, *side) for side in sides)), None)
            if beyond and (min(beyond) <= min(distances) or min(margins) <= missing):
                return beyond
        clipped = left - margins[0], len(sequence) - 1 - right - margins[1]
        ending = [margin <= missing for margin in margins]
        ended = distances
        for side in compress(((None, right), (left, None)), ending):
            ended = tuple(map(min, ended, self.mismatches(sequence, *side)))
        near = {one < whole for one, whole in zip(ended, distances, strict=True) if one < min(ended) + MIN_LEAD}
        is_open = self.edges and len(near) > 1 and max(compress(clipped, ending)) < MIN_LEAD
        return self.decided(ended, len(sequence)) if is_open else ended

    def partial(self, sequence: str, left: int | None, right: int | None) -> tuple[int, ...] | None:
        """Distances of a read that enters from one side and ends or is clipped inside; None unless MIN_LEAD decides."""
        reach = len(sequence) - left if left is not None else right + 1
        return self.decided(self.mismatches(sequence, left, right), reach)

    def enclosed(self, read: pysam.AlignedSegment) -> tuple[int, ...] | None:
        """Distances of a read aligned within the locus and clipped, as at the joint of a duplication: in any copy."""
        operations = read.cigartuples[0][0], read.cigartuples[-1][0]
        if SOFT_CLIP not in operations or not self.start < read.reference_start < read.reference_end < self.end:
            return None
        forward = operations[1] == SOFT_CLIP
        if forward:
            tail, skipped = read.query_sequence[read.query_alignment_start :], read.reference_start - self.start
        else:
            tail, skipped = read.query_sequence[read.query_alignment_end - 1 :: -1], self.end - read.reference_end
        distances = []
        for whole in self.extended(len(tail), forward):
            places = {skipped, *(found.start() for found in re.finditer(f"(?={tail[:ANCHOR]})", whole))}
            distances.append(min(sum(map(str.__ne__, tail, whole[at:])) for at in places))
        return self.decided(distances, len(tail))

    def decided(self, distances: Sequence[int], reach: int) -> tuple[int, ...] | None:
        """The distances of a read that does not span the locus. None where it fits no haplotype, and where those within
        MIN_LEAD of the best have no allele in common, but are the reference or of the locus of a joined allele."""
        first = min(distances)
        near = [carried for carried, d in zip(self.carried, distances, strict=True) if d < first + MIN_LEAD]
        apart = len(near) > 1 and not set.intersection(*map(set, near))
        if first * MAX_MISFIT > reach or apart and (() in near or not self.settles):
            return None
        return tuple(distances)

    def settle(self) -> None:
        """Give fragments that fit several haplotypes alike, but not the reference, to the one that MUCH_MORE of the
        others show: long insertions are also proposed with a wrong base, which few reads reach."""
        shown = Counter(seen.best for seen in self.fragments.values() if seen and seen.best is not None)
        for name, seen in self.fragments.items():
            if seen and seen.best is None and min(seen.distances) < seen.distances[0]:
                first = min(seen.distances)
                ranked = sorted((h for h, d in enumerate(seen.distances) if d == first), key=lambda h: -shown[h])
                if shown[ranked[0]] >= MUCH_MORE * max(1, shown[ranked[1]]):
                    others = (d + (d == first and h != ranked[0]) for h, d in enumerate(seen.distances))
                    self.fragments[name] = seen._replace(distances=tuple(others))

    def shown(self, seen: Observation) -> set[int]:
        """Alleles (indices) that all haplotypes carry which a fragment fits best."""
        least = min(seen.distances)
        fits = [set(carried) for carried, d in zip(self.carried, seen.distances, strict=True) if d == least]
        return set.intersection(*fits)

    def mismatches(self, sequence: str, left: int | None, right: int | None) -> tuple[int, ...]:
        """Differences between each haplotype and the read from its first or up to its last base inside the locus."""
        tail = sequence[left:] if left is not None else sequence[right::-1]
        return tuple(sum(map(str.__ne__, tail, whole)) for whole in self.extended(len(sequence), left is not None))

    def extended(self, reach: int, forward: bool) -> list[str]:
        """Each haplotype with `reach` bases beyond its last base, or, reversed, beyond its first."""
        if forward:
            return [self.haplotype(carried, self.start, self.end + reach) for carried in self.carried]
        start = max(self.offset, self.start - reach)
        return [self.haplotype(carried, start, self.end)[::-1] for carried in self.carried]


def compatible_pairs(alleles: list[Allele]) -> list[tuple[int, int]]:
    """Pairs of alleles that one chromosome can carry: they change different bases."""
    if len(alleles) > MAX_ALLELES_PAIRED:
        return []
    pairs = combinations(range(len(alleles)), 2)
    return [(i, j) for i, j in pairs if apart(alleles[i], alleles[j])]


def apart(a: Allele, b: Allele) -> bool:
    return a.pos + len(a.ref) <= b.pos or b.pos + len(b.ref) <= a.pos
