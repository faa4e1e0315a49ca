"""A change of the genome in oriented coordinates (see `transcripts`), its equivalent placements, and its HGVS name.

Names follow https://hgvs-nomenclature.org (21.0): substitution before deletion, inversion, duplication, insertion and
delins; the most 3' of equivalent placements, seen from the transcript.
"""

from collections.abc import Callable
from functools import lru_cache, partial
from typing import NamedTuple

import pysam

from gms.genome.alleles import Allele, copied

_COMPLEMENT = str.maketrans("ACGTN", "TGCAN")
_WINDOW = 1_000  # bases beside a change within which it may slide
MIN_INTRON = 13  # bases; Ensembl bridges frameshifts of the assembly by shorter ones, which are not spliced (VEP)
SHORTEST = 6  # bases of a tandem duplication that is looked for as such; by chance an insertion repeats 1 or 2
DUPLICATION_HEADER = """\
##INFO=<ID=DUPLICATED,Number=1,Type=Integer,Description="Inserted bases that repeat the reference next to them,\
 of which up to 5 % may differ">
##INFO=<ID=FILLER,Number=1,Type=String,Description="The other inserted bases, between both copies; none where\
 all are further copies">
"""
MITOCHONDRIA = ("MT", "chrM", "M", "chrMT")


def reverse_complement(sequence: str) -> str:
    return sequence.translate(_COMPLEMENT)[::-1]


class Sequence:
    """Bases of a reference, by contig and oriented coordinates."""

    def __init__(self, fasta: pysam.FastaFile):
        self.fasta = fasta
        self.lengths = dict(zip(fasta.references, fasta.lengths, strict=True))
        self._forward = lru_cache(maxsize=256)(self._fetch)

    def _fetch(self, chrom: str, start: int, end: int) -> str:
        return self.fasta.fetch(chrom, max(0, start), max(0, min(end, self.lengths[chrom]))).upper()

    def bases(self, chrom: str, forward: bool, start: int, end: int) -> str:
        """Bases of an oriented interval; shorter where the contig ends."""
        return self._forward(chrom, start, end) if forward else reverse_complement(self._forward(chrom, -end, -start))


class Change(NamedTuple):
    """The bases [start, end) become `alt`; both without the bases that they share at their ends."""

    start: int
    end: int
    alt: str

    @property
    def slides(self) -> bool:
        """Whether it is a mere insertion or deletion."""
        return not self.alt or self.start == self.end


def oriented_change(allele: Allele, forward: bool) -> Change:
    """An allele (0-based) without common bases, in oriented coordinates."""
    pos, ref, alt = allele
    if len(ref) == len(alt) == 1:
        return Change(pos, pos + 1, alt) if forward else Change(-pos - 1, -pos, alt.translate(_COMPLEMENT))
    same = 0
    while same < min(len(ref), len(alt)) and ref[same] == alt[same]:
        same += 1
    pos, ref, alt = pos + same, ref[same:], alt[same:]
    same = 0
    while same < min(len(ref), len(alt)) and ref[-1 - same] == alt[-1 - same]:
        same += 1
    ref, alt = ref[: len(ref) - same], alt[: len(alt) - same]
    end = pos + len(ref)
    return Change(pos, end, alt) if forward else Change(-end, -pos, reverse_complement(alt))


def placements(change: Change, bases: Callable[[int, int], str]) -> list[Change]:
    """All equivalent placements from left to right; the last one is the HGVS placement. `bases`: oriented reference."""
    if not change.slides:
        return [change]
    start, end, alt = change
    before, deleted, after = bases(start - _WINDOW, start), bases(start, end), bases(end, end + _WINDOW)
    unit = alt or deleted
    size, step = len(unit), 0
    lefts = []
    while step < len(before) and before[-1 - step] == unit[-1 - step % size]:
        step += 1
        lefts.append(Change(start - step, end - step, _turned(alt, -step)))
    rights, step = [], 0
    while step < len(after) and after[step] == unit[step % size]:
        step += 1
        rights.append(Change(start + step, end + step, _turned(alt, step)))
    return [*reversed(lefts), change, *rights]


def _turned(alt: str, steps: int) -> str:
    """An inserted sequence after it slid by some bases."""
    steps = steps % len(alt) if alt else 0
    return alt[steps:] + alt[:steps]


def named(change: Change, bases: Callable[[int, int], str], place: Callable[[int], str]) -> str:
    """HGVS description of a change at its 3' placement, without its prefix, such as 76A>C or 76_77insG."""
    start, end, alt = change
    reference = bases(start, end)
    if len(reference) == len(alt) == 1:
        return f"{place(start)}{reference}>{alt}"
    if not alt:
        return f"{_range(start, end, place)}del"
    if reference:
        inverted = len(alt) > 1 and alt == reverse_complement(reference)
        return f"{_range(start, end, place)}{'inv' if inverted else f'delins{alt}'}"
    if bases(start - len(alt), start) == alt:
        return f"{_range(start - len(alt), start, place)}dup"
    return f"{place(start - 1)}_{place(start)}ins{alt}"


def duplicated(change: Change, bases: Callable[[int, int], str]) -> tuple[int, str] | None:
    """Of an insertion of SHORTEST bases or more: how many of its bases repeat the reference next to it, as in a tandem
    duplication, and the filler, which is between both copies. None where fewer than SHORTEST do. Either copy may be the
    one that differs in a base: it is seen where the insertion is placed behind the reference's, or before it."""
    if change.start != change.end or len(change.alt) < SHORTEST:
        return None
    places, size = placements(change, bases), len(change.alt)
    first, last = places[0], places[-1]
    behind = copied(last.alt[::-1], bases(last.start - size, last.start)[::-1])
    before = copied(first.alt, bases(first.start, first.start + size))
    same, filler = max((behind, last.alt[: size - behind]), (before, first.alt[before:]), key=lambda found: found[0])
    copies = (n for n in range(same, SHORTEST - 1, -1) if size % n == 0 and last.alt == last.alt[:n] * (size // n))
    whole = next(copies, None)
    if whole:
        return whole, ""
    return (same, filler) if same >= SHORTEST else None


def duplication_fields(chrom: str, allele: Allele, sequence: Sequence) -> str:
    """INFO text, with its ';', of an insertion that repeats the reference next to it."""
    if len(allele.alt) - len(allele.ref) < SHORTEST:
        return ""
    found = duplicated(oriented_change(allele, True), partial(sequence.bases, chrom, True))
    return "" if found is None else f";DUPLICATED={found[0]}" + (f";FILLER={found[1]}" if found[1] else "")


def split_change(change: Change, bases: Callable[[int, int], str]) -> list[Change]:
    """A change of as many bases as there were, whose parts are so far apart that they are in two exons, as one for each
    part; else the change alone. Joined alleles of one codon that an intron splits are such."""
    start, end, alt = change
    if end - start != len(alt) or len(alt) <= MIN_INTRON:
        return [change]
    differing = [n for n, (old, new) in enumerate(zip(bases(start, end), alt, strict=True)) if old != new]
    gaps = [n for n in range(1, len(differing)) if differing[n] - differing[n - 1] > MIN_INTRON]
    runs = [differing[i:j] for i, j in zip([0, *gaps], [*gaps, len(differing)], strict=True)]
    return [Change(start + run[0], start + run[-1] + 1, alt[run[0] : run[-1] + 1]) for run in runs]


def described(change: Change, bases: Callable[[int, int], str], place: Callable[[int], str]) -> str:
    """`named`; of an allele in several parts their names in brackets: [31G>A;32A>G]."""
    names = [named(part, bases, place) for part in split_change(change, bases)]
    return names[0] if len(names) == 1 else f"[{';'.join(names)}]"


def _range(start: int, end: int, place: Callable[[int], str]) -> str:
    return place(start) if end - start == 1 else f"{place(start)}_{place(end - 1)}"


def genomic_name(chrom: str, allele: Allele, sequence: Sequence, accession: str) -> str:
    """HGVS name on the contig: with its RefSeq accession where it is known, else with the contig's own name."""
    kind = "m" if chrom in MITOCHONDRIA else "g"
    if allele.is_snv:
        return f"{accession or chrom}:{kind}.{allele.pos + 1}{allele.ref}>{allele.alt}"

    bases = partial(sequence.bases, chrom, True)
    change = placements(oriented_change(allele, True), bases)[-1]
    return f"{accession or chrom}:{kind}.{described(change, bases, lambda position: str(position + 1))}"
