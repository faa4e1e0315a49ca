"""Phase of alleles that the same fragments show: in cis, in trans, and how many fragments say so."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from gms.genome.alleles import Allele
from gms.variants.small.haplotypes import TOGETHER, Haplotype, Site, in_cis, neighbours

MIN_APART = 3  # fragments of each of two alleles that show the other's place without it


class Phased(NamedTuple):
    """Alleles near one that the same molecules carry (in cis), and those that other molecules do (in trans); sorted.
    `counts`: of those that share fragments, the fragments with both, with this one alone and with that one alone."""

    cis: tuple[Allele, ...] = ()
    trans: tuple[Allele, ...] = ()
    counts: tuple[tuple[Allele, tuple[int, int, int]], ...] = ()


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


def in_trans(a: Site, b: Site) -> bool:
    """Whether molecules of each allele show the other's place, and hardly any of them the other allele."""
    shared = len(a.carriers & b.carriers)
    told = min(len(a.carriers & b.informative), len(b.carriers & a.informative))
    return told >= MIN_APART and shared <= (1 - TOGETHER) * told
