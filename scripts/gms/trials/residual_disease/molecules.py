"""Molecules at loci, counted from reads: overlapping mates once, copies of a molecule once.

Without UMIs a molecule is a fragment (its name) that is not marked as duplicate. With UMIs in the read names or in RX,
it is a family: fragments with the same start, length and UMI, where a UMI of few reads that differs in one base from
one of at least twice as many is the same (directional, Smith 2017, Genome Res 27:491). A family counts if nine tenths
of its fragments agree. A pair of UMIs seen from both strands is a duplex molecule, counted apart.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pysam

from gms.trials.residual_disease.loci import Locus

MAPPING_QUALITY, BASE_QUALITY = 20, 20  # phred
END = 5  # bases: a base so near to an end of its read does not count (damage, misaligned ends)
AGREE = 0.9  # share of a family's fragments
_SKIPPED = pysam.FUNMAP | pysam.FSECONDARY | pysam.FSUPPLEMENTARY | pysam.FQCFAIL


class Counts(NamedTuple):
    """Molecules at a locus: with the alternative base, with the reference base, with others; mates or families that
    contradict themselves; `duplex_*`: those of ref and alt that both strands show."""

    alt: int = 0
    ref: int = 0
    other: int = 0
    discordant: int = 0
    duplex_alt: int = 0
    duplex_ref: int = 0

    @property
    def depth(self) -> int:
        """Molecules that tell alt or ref."""
        return self.alt + self.ref


class Fragment(NamedTuple):
    """One fragment at a locus: start and length on the genome, UMI ('' without), strand of its first read, base."""

    start: int
    length: int
    umi: str
    forward: bool
    base: str


def count_locus(reads: pysam.AlignmentFile, locus: Locus, umi: str = "") -> Counts:
    """Molecules of one locus. `umi`: '' for none, 'name' (last part of the read name) or 'tag' (RX)."""
    if locus.chrom not in reads.references:
        return Counts()
    bases: dict[str, set[str]] = defaultdict(set)
    first: dict[str, pysam.AlignedSegment] = {}
    for read in reads.fetch(locus.chrom, locus.start, locus.start + 1):
        base = _base(read, locus.start, bool(umi))
        if base:
            bases[read.query_name].add(base)
            first.setdefault(read.query_name, read)
    fragments = [_fragment(first[name], found, umi) for name, found in bases.items()]
    return _counts(fragments, locus) if not umi else _count_families(fragments, locus)


def _base(read: pysam.AlignedSegment, position: int, keep_duplicates: bool) -> str:
    """The base that a read shows with confidence, '' for none."""
    if read.flag & _SKIPPED or read.mapping_quality < MAPPING_QUALITY:
        return ""
    if read.is_duplicate and not keep_duplicates:
        return ""
    place = _place(read, position)
    if place is None or place < END or place >= read.query_length - END:
        return ""
    if read.query_qualities is None or read.query_qualities[place] < BASE_QUALITY:
        return ""
    return read.query_sequence[place]


def _place(read: pysam.AlignedSegment, position: int) -> int | None:
    """Index in the read of a position (0-based) of the genome; None where the read has a gap there."""
    query, genome = 0, read.reference_start
    for operation, length in read.cigartuples:
        if operation in (0, 7, 8):
            if position < genome + length:
                return query + position - genome if position >= genome else None
            query, genome = query + length, genome + length
        elif operation in (1, 4):
            query += length
        elif operation in (2, 3):
            genome += length
    return None


def _fragment(read: pysam.AlignedSegment, bases: set[str], umi: str) -> Fragment:
    start = min(read.reference_start, read.next_reference_start) if read.is_paired else read.reference_start
    length = abs(read.template_length) or read.query_length
    forward = read.is_reverse != read.is_read1 if read.is_paired else not read.is_reverse
    barcode = _umi(read, umi) if umi else ""
    return Fragment(start, length, barcode, forward, bases.pop() if len(bases) == 1 else "")


def _umi(read: pysam.AlignedSegment, how: str) -> str:
    """The UMI; '+' and '_' between the two of a pair are read as '-'."""
    text = read.get_tag("RX") if how == "tag" and read.has_tag("RX") else read.query_name.rpartition(":")[2]
    return str(text).replace("+", "-").replace("_", "-")


def _counts(fragments: Iterable[Fragment], locus: Locus) -> Counts:
    """Each fragment is a molecule."""
    found = Counter(_kind(fragment.base, locus) for fragment in fragments)
    return Counts(found["alt"], found["ref"], found["other"], found["discordant"])


def _kind(base: str, locus: Locus) -> str:
    return {locus.alt: "alt", locus.ref: "ref", "": "discordant"}.get(base, "other")


def _count_families(fragments: Iterable[Fragment], locus: Locus) -> Counts:
    """Each family is a molecule."""
    kinds: Counter[str] = Counter()
    for family in families(fragments):
        bases = Counter(fragment.base for fragment in family)
        base, number = bases.most_common(1)[0]
        kind = _kind(base if number >= AGREE * len(family) else "", locus)
        kinds[kind] += 1
        kinds[f"duplex_{kind}"] += len({fragment.forward for fragment in family}) == 2
    return Counts(*(kinds[name] for name in ("alt", "ref", "other", "discordant", "duplex_alt", "duplex_ref")))


def families(fragments: Iterable[Fragment]) -> Iterator[list[Fragment]]:
    """Fragments of each molecule."""
    places: dict[tuple[int, int], dict[str, list[Fragment]]] = defaultdict(lambda: defaultdict(list))
    for fragment in fragments:
        places[fragment.start, fragment.length][_one_way(fragment)].append(fragment)
    for by_umi in places.values():
        for names in _joined({umi: len(found) for umi, found in by_umi.items()}):
            yield [fragment for name in names for fragment in by_umi[name]]


def _one_way(fragment: Fragment) -> str:
    """The UMI as the forward strand has it: the pair A-B of one strand is B-A of the other."""
    one, dash, other = fragment.umi.partition("-")
    return f"{other}-{one}" if dash and not fragment.forward else fragment.umi


def _joined(sizes: dict[str, int]) -> Iterator[list[str]]:
    """UMIs that are the same but for an error of sequencing, the largest first."""
    left = sorted(sizes, key=lambda umi: (-sizes[umi], umi))
    while left:
        group, queue = [], [left.pop(0)]
        while queue:
            centre = queue.pop()
            group.append(centre)
            near = [umi for umi in left if sizes[centre] >= 2 * sizes[umi] - 1 and _differ_once(umi, centre)]
            queue += near
            left = [umi for umi in left if umi not in near]
        yield group


def _differ_once(one: str, other: str) -> bool:
    return len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) == 1
