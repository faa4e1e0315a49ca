"""Genomic scars of homologous recombination deficiency: LOH, TAI and LST, of segments with the copies of each allele.

Counted as the published code does (scarHRD, Sztupinszki 2018, doi:10.1038/s41523-018-0066-6), which follows Abkevich
2012 (LOH, doi:10.1038/bjc.2012.451), Birkbak 2012 (TAI, doi:10.1158/2159-8290.CD-11-0206) and Popova 2012 (LST,
doi:10.1158/0008-5472.CAN-12-1470). Autosomes only; coordinates 0-based half-open. The counts were made for arrays,
which see all of a chromosome; where a panel does not know the alleles of a part, the part makes no scar and joins none.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from gms.genome.ploidy import AUTOSOME
from gms.variants.panel_copies.arms import Centromere

LOH_LONGER_THAN = 15_000_000  # bases, Abkevich 2012
TAI_FROM = 1_000_000  # bases, scarHRD
LST_FROM = 10_000_000  # bases of either neighbour, Popova 2012
SMOOTHED_BELOW = 3_000_000  # bases; and the widest gap between neighbours, Popova 2012; and unknown parts that join
AT_END = 10_000_000  # bases without known alleles up to a chromosome's end: the resolution that is asked for (our own)


class Alleles(NamedTuple):
    """A stretch of one state: copies of the allele that has more, and of the other; None where they are not known."""

    contig: str
    start: int
    end: int
    major: int | None
    minor: int | None

    @property
    def length(self) -> int:
        """In bases."""
        return self.end - self.start

    @property
    def is_known(self) -> bool:
        return self.minor is not None


class Scars(NamedTuple):
    """The stretches that count; of LST the breaks, from the end of one neighbour to the start of the other."""

    loh: list[tuple[str, int, int]]
    tai: list[tuple[str, int, int]]
    lst: list[tuple[str, int, int]]

    @property
    def score(self) -> int:
        """LOH + TAI + LST."""
        return len(self.loh) + len(self.tai) + len(self.lst)


def scars(segments: Iterable[Alleles], centromeres: Mapping[str, Centromere], lengths: Mapping[str, int]) -> Scars:
    """`segments` in the order of the genome; `centromeres` by chromosome without 'chr'; `lengths`: bases by contig."""
    found = Scars([], [], [])
    for contig, group in groupby(segments, key=lambda one: one.contig):
        centromere = centromeres.get(contig.removeprefix("chr"))
        if centromere and AUTOSOME.fullmatch(contig):
            own = list(group)
            found.loh.extend((contig, one.start, one.end) for one in losses(own))
            found.tai.extend((contig, one.start, one.end) for one in telomeric(own, centromere, lengths[contig]))
            found.lst.extend((contig, left.end, right.start) for left, right in transitions(own, centromere))
    return found


def share_known(segments: Iterable[Alleles]) -> float:
    """Share of the bases of the autosomes, as far as there are segments, that are not in parts of 3 Mb or more whose
    alleles are not known."""
    total = unknown = 0
    for contig, group in groupby(segments, key=lambda one: one.contig):
        if AUTOSOME.fullmatch(contig):
            parts = joined(list(group), lambda one: one if one.is_known else None)
            total += sum(one.length for one in parts)
            unknown += sum(one.length for one in parts if not one.is_known and one.length >= SMOOTHED_BELOW)
    return 1 - unknown / max(1, total)


def losses(own: Sequence[Alleles]) -> list[Alleles]:
    """Stretches of one chromosome, longer than 15 Mb, of which one allele is left, in any number of copies; none of a
    chromosome that has lost one allele from end to end, as far as is known."""
    if all(one.minor == 0 for one in own if one.is_known):
        return []
    seen = [one for one in joined(own) if one.is_known or one.length >= SMOOTHED_BELOW]
    capped = joined(seen, lambda one: (one.major and min(one.major, 1), one.minor))
    return [one for one in capped if one.minor == 0 and one.major > 0 and one.length > LOH_LONGER_THAN]


def telomeric(own: Sequence[Alleles], centromere: Centromere, length: int) -> list[Alleles]:
    """First and last stretch of one state on one chromosome, where they are at its ends, their alleles are unbalanced
    and they end before the centromere. None of a chromosome in a single state. `length`: of the chromosome."""
    long = [one for one in own if one.length >= TAI_FROM]
    known = [one for one in long if one.is_known]
    if len(joined(known)) < 2:
        return []
    first, last = joined(_carried_on(long))[0], joined(_carried_on(long[::-1])[::-1])[-1]
    ends = [first] * (first.start <= AT_END and first.end <= centromere.start)
    ends += [last] * (last.end >= length - AT_END and last.start >= centromere.end)
    usual = usual_copies(known)
    return [one for one in ends if is_unbalanced(one, usual)]


def _carried_on(own: Iterable[Alleles]) -> list[Alleles]:
    """Stretches from the first known one on, unknown ones in the state of the one before: they end no stretch."""
    found: list[Alleles] = []
    for one in own:
        if found or one.is_known:
            state = one if one.is_known else found[-1]
            found.append(one._replace(major=state.major, minor=state.minor))
    return found


def usual_copies(own: Iterable[Alleles]) -> int:
    """The number of copies that most bases of a chromosome have, other than none; the lower of two."""
    bases: dict[int, int] = {}
    for one in own:
        bases[one.major + one.minor] = bases.get(one.major + one.minor, 0) + one.length
    bases.pop(0, None)
    return min(bases, key=lambda copies: (-bases[copies], copies), default=2)


def is_unbalanced(one: Alleles, usual: int) -> bool:
    """Whether one allele has more copies. Where the chromosome has an odd number of copies, three or more, as a whole,
    that number is its balance while both alleles are left."""
    if usual == 1 or usual % 2 == 0:
        return one.major != one.minor
    return one.major + one.minor != usual or one.minor == 0


def transitions(own: Sequence[Alleles], centromere: Centromere) -> list[tuple[Alleles, Alleles]]:
    """Neighbours within an arm of one chromosome, both of 10 Mb or more and less than 3 Mb apart, after stretches
    below 3 Mb were taken out and equal neighbours joined."""
    short = [one._replace(end=min(one.end, centromere.start)) for one in own if one.start < centromere.start]
    long = [one._replace(start=max(one.start, centromere.end)) for one in own if one.end > centromere.end]
    return [pair for arm in (short, long) for pair in pairwise(_smooth(arm)) if _is_transition(*pair)]


def _smooth(arm: Sequence[Alleles]) -> list[Alleles]:
    """An arm without stretches below 3 Mb, which are taken out from its left to its right."""
    kept = joined(arm)
    while (at := next((n for n, one in enumerate(kept) if one.length < SMOOTHED_BELOW), None)) is not None:
        kept = joined([*kept[:at], *kept[at + 1 :]])
    return kept


def _is_transition(left: Alleles, right: Alleles) -> bool:
    is_long = min(left.length, right.length) >= LST_FROM and left.is_known and right.is_known
    return is_long and right.start - left.end < SMOOTHED_BELOW


def joined(own: Sequence[Alleles], state: Callable = lambda one: (one.major, one.minor)) -> list[Alleles]:
    """Neighbours of one state as one, from the start of the first to the end of the last."""
    groups = (list(group) for _, group in groupby(own, key=state))
    return [group[0]._replace(end=group[-1].end) for group in groups]
