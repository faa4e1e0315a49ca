"""Haplotypes: alleles on the same molecules that have to be read together, each spelled as one joined allele.

A change of an amino acid depends on all bases of its codon, and on the reading frame that the molecule's indels leave.
An allele joins the alleles that its own molecules carry
- within a codon's length, of any type (BRAF V600K; EGFR L747_A750delinsP), also in a codon that an intron splits, and
- for a shifted reading frame, up to the indel that restores it, with all between.
Whether the others also occur without it does not matter: a mutation acquired on an inherited allele is read with it.
Indels are joined in coding sequence only; elsewhere no reading frame asks for it. Coordinates are 0-based half-open.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import combinations
from typing import NamedTuple

from gms.genome.alleles import Allele, changed, compatible, span, spell
from gms.genome.gff3 import Coding
from gms.genome.intervals import Interval
from gms.variants.evidence.loci import Locus

CODON = 3
SPLICE_REGION = 8  # bases of an intron that Sequence Ontology counts to the splice region (SO:0001630)
TOGETHER = 0.9  # of an allele's molecules that show the other's place: the rest are errors of one or the other
MIN_FRAGMENTS = 2
MIN_MIXED, MIXED = 5, 0.2  # fragments with two alleles that also occur alone, at least; share of the rarer one's
MAX_REACH = 200  # bases between alleles that are phased, and indels that may restore a frame: a fragment shows both
MAX_RESTORING = 4  # indels tried for a shifted frame, nearest first


class Haplotype(NamedTuple):
    """A joined allele and the alleles that form it, sorted."""

    allele: Allele
    parts: tuple[Allele, ...]


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


class Frames:
    """Coding sequence of one contig, sorted; none without gene models."""

    def __init__(self, coding: Coding):
        self.intervals, self.split = coding

    def interval(self, site: Site, margin: int = 0) -> Interval | None:
        """The coding interval, widened by `margin` bases, that holds a changed base of the allele."""
        index = bisect_right(self.intervals, (site.end + margin, 0)) - 1
        if index >= 0 and site.start < self.intervals[index].end + margin:
            return self.intervals[index]
        return None

    def in_split_codon(self, a: Site, b: Site) -> bool:
        """Whether two substitutions change bases of one codon on either side of an intron."""
        one, other = sorted(((a.start, a.end), (b.start, b.end)))
        first = bisect_left(self.split, (one[1] - CODON + 1,))  # at most two of its bases are before the intron
        return any(codon.holds(one, other) for codon in self.split[first : bisect_left(self.split, (one[0] + 1,))])


def sites_of(loci: Iterable[Locus], sequence: str, offset: int) -> list[Site]:
    """The alleles of loci that are filled from the index sample, sorted; `sequence` is the contig from 0-based
    `offset`."""
    sites = [
        Site(allele, locus, index, sequence, offset) for locus in loci for index, allele in enumerate(locus.alleles)
    ]
    return sorted(sites, key=lambda site: (site.start, site.allele))


def joined_haplotypes(sites: Sequence[Site], sequence: str, offset: int, coding: Coding) -> dict[Allele, Haplotype]:
    """Allele -> the haplotype on which its molecules carry it, for each allele that is never alone."""
    frames = Frames(coding)
    found = {}
    for number in range(len(sites)):
        members = haplotype_of(number, sites, frames)
        if len(members) > 1:
            parts = tuple(sorted(site.allele for site in members))
            whole = spell(parts, sequence, offset)
            if whole is not None and whole not in parts:
                found[sites[number].allele] = Haplotype(whole, parts)
    return found | widened(found, {site.allele: site for site in sites})


def mixed_haplotypes(
    sites: Sequence[Site], found: Iterable[Haplotype], sequence: str, offset: int, coding: Coding
) -> set[Haplotype]:
    """Haplotypes of alleles that some molecules of a tumour carry together and others carry alone, either of them."""
    frames, mixed, known = Frames(coding), set(), [set(haplotype.parts) for haplotype in found]
    for number, site in enumerate(sites):
        for other in neighbours(number, sites):
            pair = {site.allele, other.allele}
            if site.allele > other.allele or not compatible(pair) or any(pair <= parts for parts in known):
                continue
            if not adjoins(other, [site], frames) and not restores(site, other, frames):
                continue
            both = site.carriers & other.carriers
            if len(both) >= max(MIN_MIXED, MIXED * min(len(site.carriers), len(other.carriers))):
                mixed.add(tuple(sorted(one.allele for one in carried_by(both, [site, other], sites, frames))))
    return {Haplotype(whole, parts) for parts in mixed if (whole := spell(parts, sequence, offset))}


def carried_by(molecules: set[str], members: list[Site], sites: Iterable[Site], coding: Frames) -> list[Site]:
    """Members, compatible alleles, and the sites within a codon of them that the same molecules carry."""
    for site in sites:
        others = [member.allele for member in members]
        fits = site not in members and adjoins(site, members, coding) and compatible([site.allele, *others])
        if fits and len(molecules & site.carriers) >= TOGETHER * len(molecules & site.informative):
            members = [*members, site]
    return members


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


def haplotype_of(number: int, sites: Sequence[Site], coding: Frames) -> list[Site]:
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


def with_codons(members: list[Site], near: Collection[Site], coding: Frames) -> list[Site]:
    """Members and the sites within a codon of any of them that the first one's molecules carry."""
    members, grown = list(members), True
    while grown:
        grown = False
        for site in near:
            if site in members or not adjoins(site, members, coding):
                continue
            if compatible([site.allele, *(member.allele for member in members)]) and in_cis(members[0], site):
                members.append(site)
                grown = True
    return members


def adjoins(site: Site, members: Sequence[Site], coding: Frames) -> bool:
    """Whether a change may touch a codon of one of others; with an indel where there are codons, anywhere they can be
    placed. What replaces a sequence is aligned to it in several pieces."""
    gap = min(max(site.start, member.start) - min(site.end, member.end) for member in members)
    together = [site, *members]
    if not any(one.shift for one in together):
        return gap <= CODON - 2 or any(coding.in_split_codon(site, member) for member in members)
    return gap <= CODON - 1 and any(coding.interval(one, SPLICE_REGION) for one in together)


def restores(site: Site, other: Site, coding: Frames) -> bool:
    """Whether two indels of one exon shift the reading frame, and together do not."""
    shifts = site.shift % CODON, other.shift % CODON
    return all(shifts) and sum(shifts) == CODON and None is not coding.interval(site) == coding.interval(other)


def in_cis(allele: Site, other: Site) -> bool:
    """Whether the molecules of an allele that show the other's place carry the other too."""
    shared = len(allele.carriers & other.carriers)
    return shared >= MIN_FRAGMENTS and shared >= TOGETHER * len(allele.carriers & other.informative)


def restoring(members: list[Site], near: Collection[Site], exon: Interval, coding: Frames) -> list[Site]:
    """The nearest indels of the exon and the molecules that restore the frame, with all between; else nothing."""
    first, own = members[0], [member.allele for member in members]
    together = [site for site in near if compatible([site.allele, *own]) and in_cis(first, site)]
    indels = [site for site in together if site.shift % CODON and coding.interval(site) == exon]
    indels = sorted(indels, key=lambda site: abs(site.start - first.start))[:MAX_RESTORING]
    shift = sum(member.shift for member in members)
    for size in (1, 2):
        for added in combinations(indels, size):
            if (shift + sum(site.shift for site in added)) % CODON == 0:
                found = with_those_between([*members, *added], together)
                further = found[len(members) + size :]
                return [] if any(site.shift % CODON for site in further) else found[len(members) :]
    return []


def with_those_between(members: list[Site], sites: Iterable[Site]) -> list[Site]:
    """Members and the sites between them that they leave their bases to, those of most molecules first."""
    low, high = (f(site.start for site in members) for f in (min, max))
    for site in sorted(sites, key=lambda site: (-len(site.carriers), site.allele)):
        alleles = [member.allele for member in members]
        if site.allele not in alleles and low <= site.start <= high and compatible([site.allele, *alleles]):
            members = [*members, site]
    return members
