"""DNA fragments of one sample: where they come from, which variants they carry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from gms.validation.demo_genome.catalogue import GAPS
from gms.validation.demo_genome.genome import Genome
from gms.validation.demo_genome.islands import ISLANDS
from gms.validation.demo_genome.population import PAR_BEGINS, Person
from gms.validation.demo_genome.stream import Stream
from gms.validation.demo_genome.variants import Variant

Region = tuple[str, int, int, str]
"""Chromosome, 0-based half-open interval, name."""
_EVEN: Mapping[str, float] = MappingProxyType({})
INDEL_MARGIN = 12
"""An insertion or deletion is planted only where a read shows so many bases on both sides of it; an insertion longer
than LONG wherever a read covers its place, as no read may show it whole."""
LONG = 30
LONGEST = 600
"""Bases of the longest fragment; none begins so near to unknown bases."""


class Library(NamedTuple):
    """How a case's reads were made: read length, insert size; duplicates and off-target fragments per 1,000."""

    length: int
    insert: int
    deviation: int
    duplicates: int
    off_target: int = 0


class Acquired(NamedTuple):
    """A tumour variant: in this fraction of the fragments, of one haplotype (0 or 1) alone if it is given. With a
    `partner`, a change of the same gene that is planted before it, on the partner's own fragments (`in_cis`) or on
    none of them.

    Written as 0.05, `0.05 on 1`, `0.05 with c.1849G>T` and `0.05 without c.1849G>T`.
    """

    fraction: float
    haplotype: int | None = None
    partner: str = ""
    in_cis: bool = False


@dataclass
class Template:
    """One haplotype of one chromosome: its bases, for each reference position the position on it, and the 0-based
    half-open stretches in which no fragment begins: more than LONG bases that it lacks, or unknown ones; and the ones
    between islands, which no fragment touches."""

    chrom: str
    bases: bytes
    position: np.ndarray
    lost: tuple[tuple[int, int], ...] = ()
    unknown: tuple[tuple[int, int], ...] = ()

    @property
    def length(self) -> int:
        """Of the chromosome in its coordinates."""
        return len(self.position) - 1


@dataclass
class Fragments:
    """Fragments by template number and 0-based half-open reference interval.

    `edited` holds the bases of those with a tumour variant, by fragment number.
    """

    template: np.ndarray
    start: np.ndarray
    end: np.ndarray
    edited: dict[int, bytes]


def make_templates(genome: Genome, person: Person) -> list[Template]:
    """All haplotypes of a person, in genome order."""
    pairs = [(chrom, number) for chrom in genome.sequences for number in range(2)]
    return [
        _make_template(chrom, genome.sequences[chrom], variants, _never_read(chrom, number, person))
        for chrom, number in pairs
        if (variants := person.haplotypes[chrom][number]) is not None
    ]


def _never_read(chrom: str, haplotype: int, person: Person) -> tuple[tuple[int, int], ...]:
    """Unknown bases of a chromosome; all of X but the pseudo-autosomal region on a man's Y."""
    if chrom not in GAPS:
        return ()
    start, end = GAPS[chrom]
    return ((0, PAR_BEGINS),) if haplotype and person.is_male else ((start - LONGEST, end),)


def _make_template(
    chrom: str, sequence: str, variants: tuple[Variant, ...], never_read: tuple[tuple[int, int], ...]
) -> Template:
    pieces, at = [], 0
    steps = np.ones(len(sequence) + 1, dtype=np.int64)
    for variant in variants:
        start, end = variant.pos - 1, variant.pos - 1 + len(variant.ref)
        pieces += [sequence[at:start], variant.alt]
        steps[end] += len(variant.alt) - len(variant.ref)
        at = end
    pieces.append(sequence[at:])
    long = (v for v in variants if len(v.ref) - len(v.alt) > LONG)
    lost = (*never_read, *((v.pos - 1 + len(v.alt), v.pos - 1 + len(v.ref)) for v in long))
    unknown = ISLANDS[chrom].unknown if chrom in ISLANDS else ()
    return Template(chrom, "".join(pieces).encode(), np.cumsum(steps) - 1, lost, unknown)


def shotgun(genome: Genome, templates: list[Template], library: Library, depth: int, stream: Stream) -> Fragments:
    """Fragments from the whole genome, at `depth` where a person has two copies of a chromosome."""
    parts = []
    for number, template in enumerate(templates):
        length = template.length
        size = depth * length // (2 * 2 * library.length)
        lengths = _lengths(library, size, stream)
        parts.append(_begun(number, template, stream.below(length - lengths + 1, size), lengths))
    return _unique(parts)


def _begun(number: int, template: Template, start: np.ndarray, lengths: np.ndarray) -> tuple[np.ndarray, ...]:
    """Template number, start and end of the fragments that begin where the template has bases."""
    there = np.ones(len(start), dtype=bool)
    for first, last in template.lost:
        there &= (start < first) | (last <= start)
    for first, last in template.unknown:
        there &= (start + lengths <= first) | (last <= start)
    start, lengths = start[there], lengths[there]
    return np.full(len(start), number), start, start + lengths


def captured(
    templates: Sequence[Template],
    regions: Sequence[Region],
    library: Library,
    depth: int,
    stream: Stream,
    depths: Mapping[str, float] = _EVEN,
) -> Fragments:
    """Fragments that a panel caught: evenly over each region, which has its capture efficiency, and from elsewhere.
    but islands. `depths`: by name of a region, over the depth of others."""
    parts = []
    for chrom, begin, end, name in regions:
        owners = np.array([number for number, template in enumerate(templates) if template.chrom == chrom])
        efficiency = 940 + stream.one(320)
        size = int(depth * efficiency * (end - begin + library.insert) * depths.get(name, 1) / (library.insert * 1000))
        lengths = _lengths(library, size, stream)
        start = begin - lengths + 1 + stream.below(end - begin + lengths - 1, size)
        parts.append((owners[stream.below(len(owners), size)], start, start + lengths))
    elsewhere = sum(len(start) for _, start, _ in parts) * library.off_target // (1000 - library.off_target)
    sizes = [0 if template.unknown else template.length for template in templates]
    for number, length in enumerate(sizes):
        lengths = _lengths(library, elsewhere * length // sum(sizes), stream)
        parts.append(_begun(number, templates[number], stream.below(length - lengths + 1, len(lengths)), lengths))
    return _unique(parts)


def _lengths(library: Library, size: int, stream: Stream) -> np.ndarray:
    drawn = stream.normal(library.insert, library.deviation, size)
    return np.clip(drawn, 50, library.insert + 4 * library.deviation)


def _unique(parts: list) -> Fragments:
    """No two fragments of one haplotype share both ends, so that (nearly) all duplicates are planted ones."""
    template, start, end = (np.concatenate([part[i] for part in parts]) for i in range(3))
    _, first = np.unique((template << 44) | (start << 22) | end, return_index=True)
    keep = np.sort(first)
    return Fragments(template[keep], start[keep], end[keep], {})


def thinned(fragments: Fragments, templates: list[Template], variant: Variant, kept: int, length: int) -> Fragments:
    """Leave the last `kept` of the fragments with a read over the variant, which are of the last haplotype. For
    fragments in which nothing is planted yet."""
    owners = [number for number, template in enumerate(templates) if template.chrom == variant.chrom]
    left, right = _shows(fragments, variant.pos - 1, length, 0)
    covering = np.flatnonzero(np.isin(fragments.template, owners) & (left | right))
    dropped = np.isin(np.arange(len(fragments.start)), covering[: len(covering) - kept])
    return Fragments(fragments.template[~dropped], fragments.start[~dropped], fragments.end[~dropped], {})


class Chosen(NamedTuple):
    """Numbers of the fragments with a read over a planted variant, and of those among them that carry it."""

    covering: np.ndarray
    carriers: np.ndarray


class Rule(NamedTuple):
    """Which fragments carry a tumour variant. With `one_strand` those of which the left read alone shows the site;
    `partner`: of a variant with which it is in cis or in trans."""

    acquired: Acquired
    one_strand: bool = False
    partner: Chosen | None = None


def plant(fragments: Fragments, templates: list[Template], variant: Variant, rule: Rule, length: int) -> Chosen:
    """Give the variant to exactly the fraction of the fragments with a read over it; `length` is that of a read. In cis
    with another, fragments over both carry both or none, and those over this one alone carry it at the fraction."""
    site = variant.pos - 1
    owners = [number for number, template in enumerate(templates) if template.chrom == variant.chrom]
    mine = np.isin(fragments.template, owners)
    left, right = _shows(fragments, site, length, 0)
    covering = np.flatnonzero(mine & (left | right))
    longest, is_long = max(len(variant.ref), len(variant.alt)), len(variant.alt) > LONG > len(variant.ref)
    margin = INDEL_MARGIN + longest if len(variant.ref) != len(variant.alt) and not is_long else 0
    left, right = _shows(fragments, site, length, margin)
    of_haplotype = mine if rule.acquired.haplotype is None else fragments.template == owners[rule.acquired.haplotype]
    eligible = np.flatnonzero(of_haplotype & (left & ~right if rule.one_strand else left | right))
    carriers = _carriers(rule, eligible, len(covering), Stream("carriers", variant, len(mine)))
    for number in carriers.tolist():
        _edit(fragments, templates, number, variant)
    return Chosen(covering, carriers)


def _carriers(rule: Rule, eligible: np.ndarray, covering: int, stream: Stream) -> np.ndarray:
    """Numbers of the fragments among the `eligible` that get the variant; `covering`: how many show its place."""
    fraction, partner = rule.acquired.fraction, rule.partner
    if partner is None:
        return stream.sample(eligible, int(covering * fraction + 0.5))
    if not rule.acquired.in_cis:
        return stream.sample(np.setdiff1d(eligible, partner.carriers), int(covering * fraction + 0.5))
    alone = np.setdiff1d(eligible, partner.covering)
    return np.union1d(
        np.intersect1d(eligible, partner.carriers), stream.sample(alone, int(len(alone) * fraction + 0.5))
    )


def _shows(fragments: Fragments, site: int, length: int, margin: int) -> tuple[np.ndarray, np.ndarray]:
    """Whether the left and whether the right read of each fragment covers the site, `margin` bases from its ends."""
    start, end = fragments.start, fragments.end
    low, high = np.minimum(start + length, end), np.maximum(end - length, start)
    return (start + margin <= site) & (site < low - margin), (high + margin <= site) & (site < end - margin)


def _edit(fragments: Fragments, templates: list[Template], number: int, variant: Variant) -> None:
    template, start = templates[fragments.template[number]], int(fragments.start[number])
    offset = int(template.position[start])
    bases = fragments.edited.get(number) or template.bases[offset : int(template.position[fragments.end[number]])]
    at = int(template.position[variant.pos - 1]) - offset
    fragments.edited[number] = bases[:at] + variant.alt.encode() + bases[at + len(variant.ref) :]
