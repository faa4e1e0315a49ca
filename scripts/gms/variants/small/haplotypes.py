"""Haplotypes: alleles on the same molecules that have to be read together, each spelled as one joined allele.

A change of an amino acid depends on all bases of its codon, and on the reading frame that the molecule's indels leave.
An allele joins the alleles that its own molecules carry
- within a codon's length, of any type (BRAF V600K; EGFR L747_A750delinsP), and
- for a shifted reading frame, up to the indel that restores it, with all between.
Whether the others also occur without it does not matter: a mutation acquired on an inherited allele is read with it.
Indels are joined in coding sequence only; elsewhere no reading frame asks for it. Coordinates are 0-based half-open.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import combinations
from typing import NamedTuple

from gms.genome.alleles import Allele, left_align, span
from gms.genome.intervals import Interval
from gms.variants.evidence.loci import Locus

CODON = 3
SPLICE_REGION = 8  # bases of an intron that Sequence Ontology counts to the splice region (SO:0001630)
TOGETHER = 0.9  # of an allele's molecules that show the other's place: the rest are errors of one or the other
MIN_FRAGMENTS = 2
MIN_APART = 3  # fragments of each of two alleles that show the other's place without it
MAX_REACH = 200  # bases between alleles that are phased, and indels that may restore a frame: a fragment shows both
MAX_RESTORING = 4  # indels tried for a shifted frame, nearest first


class Haplotype(NamedTuple):
    """A joined allele and the alleles that form it, sorted."""

    allele: Allele
    parts: tuple[Allele, ...]


class Phased(NamedTuple):
    """Alleles near one that the same molecules carry (in cis), and those that other molecules do (in trans); sorted.
    `counts`: of those that share fragments, the fragments with both, with this one alone and with that one alone."""

    cis: tuple[Allele, ...] = ()
    trans: tuple[Allele, ...] = ()
    counts: tuple[tuple[Allele, tuple[int, int, int]], ...] = ()


class Site:
    """An allele, the interval that it changes in any of its placements, and the fragments that show it or its place."""

    def __init__(self, allele: Allele, locus: Locus, index: int, sequence: str, offset: int):
        self.allele, self.locus, self.index = allele, locus, index
        self.start, self.end = changed(allele)
        self.end = max(self.end, span(allele, sequence, offset)[1])
        self.shift = len(allele.alt) - len(allele.ref)

    @cached_property
    def carriers(self) -> set[str]:
        carrying = {number for number, carried in enumerate(self.locus.carried) if self.index in carried}
        return {name for name, seen in self.locus.fragments.items() if seen and seen.best in carrying}

    @cached_property
    def informative(self) -> set[str]:
        counts_other = self.locus.counts_other
        return {name for name, seen in self.locus.fragments.items() if seen and (counts_other or seen.best is not None)}


class Coding:
    """Coding intervals of one contig, sorted and merged; none without gene models."""

    def __init__(self, intervals: Sequence[Interval]):
        self.intervals = intervals

    def interval(self, site: Site, margin: int = 0) -> Interval | None:
        """The coding interval, widened by `margin` bases, that holds a changed base of the allele."""
        index = bisect_right(self.intervals, (site.end + margin, 0)) - 1
        if index >= 0 and site.start < self.intervals[index].end + margin:
            return self.intervals[index]
        return None


def changed(allele: Allele) -> tuple[int, int]:
    """Reference bases that an allele replaces, as it is spelled: an indel keeps its anchor, an insertion has none."""
    return allele.pos + (not allele.is_snv), allele.pos + len(allele.ref)


def compatible(alleles: Iterable[Allele]) -> bool:
    """Whether one molecule can carry all alleles: they change different bases, and insert at different places."""
    intervals = sorted(map(changed, alleles))
    return all(a[1] <= b[0] and a != b for a, b in zip(intervals, intervals[1:], strict=False))


def sites_of(loci: Iterable[Locus], sequence: str, offset: int) -> list[Site]:
    """The alleles of loci that are filled from the index sample, sorted; `sequence` is the contig from 0-based
    `offset`."""
    sites = [
        Site(allele, locus, index, sequence, offset) for locus in loci for index, allele in enumerate(locus.alleles)
    ]
    return sorted(sites, key=lambda site: (site.start, site.allele))


def joined_haplotypes(
    sites: Sequence[Site], sequence: str, offset: int, coding: Sequence[Interval]
) -> dict[Allele, Haplotype]:
    """Allele -> the haplotype on which its molecules carry it, for each allele that is never alone."""
    frames = Coding(coding)
    found = {}
    for number in range(len(sites)):
        members = haplotype_of(number, sites, frames)
        if len(members) > 1:
            parts = tuple(sorted(site.allele for site in members))
            whole = spell(parts, sequence, offset)
            if whole is not None and whole not in parts:
                found[sites[number].allele] = Haplotype(whole, parts)
    return found | widened(found, {site.allele: site for site in sites})


def widened(found: Mapping[Allele, Haplotype], sites: Mapping[Allele, Site]) -> dict[Allele, Haplotype]:
    """Parts whose own haplotype, or none, is shorter than one that all their molecules carry: what lies between two
    indels is read in the shifted frame, too."""
    wider = {}
    for haplotype in sorted(set(found.values()), key=lambda one: (len(one.parts), one)):
        for part in haplotype.parts:
            own = found[part].parts if part in found else ()
            others = (sites[other] for other in haplotype.parts if other != part)
            if len(own) < len(haplotype.parts) and all(in_cis(sites[part], other) for other in others):
                wider[part] = haplotype
    return wider


def phased(sites: Sequence[Site], part_of: Mapping[Allele, Haplotype], diploid: bool = True) -> dict[Allele, Phased]:
    """Allele -> its phase with alleles within MAX_REACH.

    Parts of a haplotype are named as the joined allele, which has the phases of its parts; its fragments are those of
    the part that most of them show. In a `diploid` genome an allele on both chromosomes has no phase.
    """
    cis, trans, counts = defaultdict(set), defaultdict(set), defaultdict(dict)
    sites = [site for site in sites if site.carriers and not (diploid and on_both(site))]
    for number, site in enumerate(sites):
        for other in neighbours(number, sites):
            own, named = (part_of[a].allele if a in part_of else a for a in (site.allele, other.allele))
            if own == named:
                continue
            seen = together_of(site, other)
            for allele in {site.allele, own} if any(seen) else ():
                counts[allele][named] = max(seen, counts[allele].get(named, seen), key=lambda n: (sum(n), n))
            together = in_cis(site, other) or in_cis(other, site)
            for allele in {site.allele, own} if together or in_trans(site, other) else ():
                (cis if together else trans)[allele].add(named)
    return {
        a: Phased(tuple(sorted(cis[a])), tuple(sorted(trans[a] - cis[a])), tuple(sorted(counts[a].items())))
        for a in sorted(counts)
    }


def together_of(a: Site, b: Site) -> tuple[int, int, int]:
    both, first, other = a.carriers & b.carriers, a.carriers & b.informative, b.carriers & a.informative
    return len(both), len(first) - len(both), len(other) - len(both)


def on_both(site: Site) -> bool:
    """Whether hardly a molecule is without the allele."""
    return len(site.carriers) >= TOGETHER * len(site.informative)


def haplotype_of(number: int, sites: Sequence[Site], coding: Coding) -> list[Site]:
    """The site and those that its molecules carry within a codon, then up to where the reading frame is restored."""
    near = list(neighbours(number, sites))
    if not near:
        return []
    members = with_codons([sites[number]], near, coding)
    if sum(site.shift for site in members) % CODON and (exon := coding.interval(sites[number])):
        members += restoring(members, [site for site in near if site not in members], exon, coding)
    return members


def neighbours(number: int, sites: Sequence[Site]) -> Iterator[Site]:
    """Sites within MAX_REACH; sites are sorted by start."""
    low, high = sites[number].start - MAX_REACH, sites[number].end + MAX_REACH
    before = number - 1
    while before >= 0 and sites[before].start >= low:
        yield sites[before]
        before -= 1
    after = number + 1
    while after < len(sites) and sites[after].start <= high:
        yield sites[after]
        after += 1


def with_codons(members: list[Site], near: Collection[Site], coding: Coding) -> list[Site]:
    """Members and the sites within a codon of any of them that the first one's molecules carry."""
    members, grown = list(members), True
    while grown:
        grown = False
        for site in near:
            if site in members or not any(within_codon(site, member, coding) for member in members):
                continue
            if compatible([site.allele, *(member.allele for member in members)]) and in_cis(members[0], site):
                members.append(site)
                grown = True
    return members


def within_codon(a: Site, b: Site, coding: Coding) -> bool:
    """Whether two changes may touch one codon; indels where there are codons, anywhere they can be placed."""
    gap = max(a.start, b.start) - min(a.end, b.end)
    if not a.shift and not b.shift:
        return gap <= CODON - 2
    return gap <= CODON - 1 and any(coding.interval(site, SPLICE_REGION) for site in (a, b))


def in_cis(allele: Site, other: Site) -> bool:
    """Whether the molecules of an allele that show the other's place carry the other too."""
    shared = len(allele.carriers & other.carriers)
    return shared >= MIN_FRAGMENTS and shared >= TOGETHER * len(allele.carriers & other.informative)


def in_trans(a: Site, b: Site) -> bool:
    """Whether molecules of each allele show the other's place, and hardly any of them the other allele."""
    shared = len(a.carriers & b.carriers)
    told = min(len(a.carriers & b.informative), len(b.carriers & a.informative))
    return told >= MIN_APART and shared <= (1 - TOGETHER) * told


def restoring(members: list[Site], near: Collection[Site], exon: Interval, coding: Coding) -> list[Site]:
    """The nearest indels of the exon and the molecules that restore the frame, with all between; else nothing."""
    first, own = members[0], [member.allele for member in members]
    together = [site for site in near if compatible([site.allele, *own]) and in_cis(first, site)]
    indels = [site for site in together if site.shift % CODON and coding.interval(site) == exon]
    indels = sorted(indels, key=lambda site: abs(site.start - first.start))[:MAX_RESTORING]
    shift = sum(member.shift for member in members)
    for size in (1, 2):
        for added in combinations(indels, size):
            if (shift + sum(site.shift for site in added)) % CODON == 0:
                low, high = (f(site.start for site in (*members, *added)) for f in (min, max))
                between = [site for site in together if site not in added and low <= site.start <= high]
                return [*added, *between] if not any(site.shift % CODON for site in between) else []
    return []


def spell(parts: Iterable[Allele], sequence: str, offset: int) -> Allele | None:
    """One allele, normalised, from the first part's base to the last one's; None where the parts cancel out."""
    parts = sorted(parts, key=changed)
    start, end = min(part.pos for part in parts), max(part.pos + len(part.ref) for part in parts)
    text, here = "", start
    for part in parts:
        low, high = changed(part)
        text += sequence[here - offset : low - offset] + (part.alt if part.is_snv else part.alt[1:])
        here = high
    ref, alt = sequence[start - offset : end - offset], text + sequence[here - offset : end - offset]
    return None if ref == alt else left_align(Allele(start, ref, alt), sequence, offset)
