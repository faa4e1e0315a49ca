"""Alleles in their one spelling: trimmed, left-aligned, one change each. Positions are 0-based.

An allele is (pos, ref, alt). Left alignment follows Tan, Abecasis and Kang 2015 (doi:10.1093/bioinformatics/btv112).
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

CIGAR_STEP = re.compile(r"([1-9]\d*)([MX=ID])")
FIRST_STEP_IS_INDEL = re.compile(r"\d+[ID]")
MAX_DIFFERENT, ALIKE = 0.05, 8  # of the bases of a copy; bases at its end that must be the same


class Allele(NamedTuple):
    """One change of the reference: `ref` at 0-based `pos` becomes `alt`; indels carry one anchor base."""

    pos: int
    ref: str
    alt: str

    @property
    def is_snv(self) -> bool:
        return len(self.ref) == len(self.alt) == 1


def primitives(pos: int, ref: str, alt: str, cigar: str | None) -> Iterator[Allele]:
    """Split a haplotype allele into single changes along its CIGAR (=, M, X, I, D of `alt` against `ref`).

    Without a CIGAR, or with one that gives an indel no base before it, an allele is trimmed and split base by base, the
    difference in length put after its first base. Changes are not yet left-aligned.
    """
    if cigar is None or FIRST_STEP_IS_INDEL.match(cigar):
        pos, ref, alt = trim(Allele(pos, ref, alt))
        cigar = aligned_at_ends(len(ref), len(alt))
    r = a = 0
    for length, operation in ((int(n), op) for n, op in CIGAR_STEP.findall(cigar)):
        if operation in "MX=":
            for i in range(length):
                if ref[r + i] != alt[a + i]:
                    yield Allele(pos + r + i, ref[r + i], alt[a + i])
            r, a = r + length, a + length
        elif operation == "D":
            yield Allele(pos + r - 1, ref[r - 1 : r + length], ref[r - 1])
            r += length
        else:
            yield Allele(pos + r - 1, ref[r - 1], ref[r - 1] + alt[a : a + length])
            a += length


def aligned_at_ends(ref: int, alt: int) -> str:
    """CIGAR of two lengths whose difference follows the first base."""
    return f"1M{ref - alt}D{alt - 1}M" if ref > alt else f"1M{alt - ref}I{ref - 1}M"


def trim(allele: Allele) -> Allele:
    """Without the bases that both alleles end or start with, one kept."""
    pos, ref, alt = allele
    while len(ref) > 1 and len(alt) > 1 and ref[-1] == alt[-1]:
        ref, alt = ref[:-1], alt[:-1]
    while len(ref) > 1 and len(alt) > 1 and ref[0] == alt[0]:
        pos, ref, alt = pos + 1, ref[1:], alt[1:]
    return Allele(pos, ref, alt)


def left_align(allele: Allele, sequence: str, offset: int = 0) -> Allele:
    """Trim and move an indel as far left as the reference allows.

    `sequence` is the contig from its 0-based position `offset`. SNVs come back unchanged. An allele that would need
    bases before `sequence` stops there.
    """
    pos, ref, alt = allele
    while ref[-1] == alt[-1] and (len(ref) > 1 or len(alt) > 1):
        if len(ref) == 1 or len(alt) == 1:
            if pos == offset:
                break
            pos -= 1
            before = sequence[pos - offset]
            ref, alt = before + ref, before + alt
        ref, alt = ref[:-1], alt[:-1]
    return trim(Allele(pos, ref, alt))


def span(allele: Allele, sequence: str, offset: int = 0) -> tuple[int, int]:
    """0-based half-open reference interval within which an indel can be placed and read the same.

    For an SNV that is its base. For a left-aligned indel it runs from the anchor to the last equivalent placement.
    """
    pos, ref, alt = allele
    end = pos + len(ref)
    unit = ref[1:] if len(ref) > len(alt) else alt[1:]
    if len(ref) == len(alt) or is_delins(ref, alt):
        return pos, end
    step = 0
    while end - offset < len(sequence) and sequence[end - offset] == unit[step % len(unit)]:
        end, step = end + 1, step + 1
    return pos, end


def is_delins(ref: str, alt: str) -> bool:
    """Whether a trimmed allele replaces bases by another number of them (HGVS delins): the alleles of an insertion or
    deletion alone have their first base, and nothing else, in common."""
    return len(ref) != len(alt) and (min(len(ref), len(alt)) > 1 or ref[0] != alt[0])


def repeat_length(allele: Allele, sequence: str, offset: int = 0) -> int:
    """Bases of the reference over which the inserted or deleted unit repeats; 0 where bases are replaced."""
    if len(allele.ref) == len(allele.alt) or is_delins(allele.ref, allele.alt):
        return 0
    start, end = span(allele, sequence, offset)
    return end - start - 1


def copied(text: str, other: str) -> int:
    """Bases of two sequences, from their start, that are copies of each other: one or MAX_DIFFERENT differ at most, and
    none of the last ALIKE."""
    longest = different = 0
    for number, (one, two) in enumerate(zip(text, other, strict=False), 1):
        different += one != two
        end = slice(max(0, number - ALIKE), number)
        if different <= max(1, MAX_DIFFERENT * number) and text[end] == other[end]:
            longest = number
    return longest


def copy_span(allele: Allele, sequence: str, offset: int = 0) -> tuple[int, int]:
    """The same as span; of an insertion together with the bases on both sides that it is a copy of: where the copies of
    a duplication differ in a base, it can be placed on one side of that only."""
    start, end = span(allele, sequence, offset)
    if len(allele.ref) > 1 or len(allele.alt) < 1 / MAX_DIFFERENT:
        return start, end
    twice, at = 2 * allele.alt[1:], allele.pos + 1 - offset
    before = copied(twice[::-1], sequence[max(0, at - len(twice)) : at][::-1])
    behind = copied(twice, sequence[at : at + len(twice)])
    return min(start, allele.pos - before), max(end, allele.pos + 1 + behind)


def changed_bases(allele: Allele) -> range:
    """Reference positions that an allele replaces; of an insertion the base after it. A first base that both alleles
    have is an anchor."""
    start = allele.pos + (allele.ref[0] == allele.alt[0])
    return range(start, max(start + 1, allele.pos + len(allele.ref)))


def placed_bases(allele: Allele, repeat: int) -> range:
    """The same in any placement of an indel. `repeat`: reference bases over which its unit repeats (INFO/RPT)."""
    changed = changed_bases(allele)
    return range(changed.start, max(changed.stop, allele.pos + 1 + repeat))


def touched_bases(allele: Allele, repeat: int = 0) -> range:
    """The bases that an allele replaces; of an insertion the two that it separates; in any placement of an indel."""
    changed = placed_bases(allele, repeat)
    return range(allele.pos, changed.stop) if len(allele.ref) == 1 < len(allele.alt) else changed


def changed(allele: Allele) -> tuple[int, int]:
    """Reference bases that an allele replaces, as it is spelled: an indel keeps its anchor, an insertion has none."""
    return allele.pos + (not allele.is_snv), allele.pos + len(allele.ref)


def compatible(alleles: Iterable[Allele]) -> bool:
    """Whether one molecule can carry all alleles: they change different bases, and insert at different places."""
    intervals = sorted(map(changed, alleles))
    return all(a[1] <= b[0] and a != b for a, b in zip(intervals, intervals[1:], strict=False))


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


def shortened(bases: str) -> str:
    """Bases of an allele for a reader, the middle of a long one left out: 'CTCCCATTTG…CGTAG (43 bases)'."""
    return bases if len(bases) <= 20 else f"{bases[:10]}…{bases[-5:]} ({len(bases)} bases)"
