"""What an allele does to one transcript, in Sequence Ontology terms and HGVS names.

An insertion or deletion that can be placed in several ways is named at its most 3' place and judged by what it does to
the transcript: where one of its placements leaves the start codon or a splice site whole, that is how it is read.
Regions of splicing are those of Ensembl's VEP: two bases of the intron, and 3 bases of the exon to 8 of the intron.
"""

from collections.abc import Iterator
from typing import NamedTuple

from gms.annotation.changes import (
    MIN_INTRON,
    MITOCHONDRIA,
    Change,
    Sequence,
    described,
    oriented_change,
    placements,
    split_change,
)
from gms.annotation.coding import coding_effect
from gms.annotation.proteins import UNKNOWN_CHANGE
from gms.annotation.transcripts import Model
from gms.genome.alleles import Allele

# Terms from the most to the least severe, with their impact: Ensembl's VEP, calculated variant consequences.
IMPACTS = {
    "transcript_ablation": "HIGH",
    "splice_acceptor_variant": "HIGH",
    "splice_donor_variant": "HIGH",
    "stop_gained": "HIGH",
    "frameshift_variant": "HIGH",
    "stop_lost": "HIGH",
    "start_lost": "HIGH",
    "disruptive_inframe_insertion": "MODERATE",
    "conservative_inframe_insertion": "MODERATE",
    "disruptive_inframe_deletion": "MODERATE",
    "conservative_inframe_deletion": "MODERATE",
    "missense_variant": "MODERATE",
    "protein_altering_variant": "MODERATE",
    "splice_region_variant": "LOW",
    "start_retained_variant": "LOW",
    "stop_retained_variant": "LOW",
    "synonymous_variant": "LOW",
    "coding_sequence_variant": "MODIFIER",
    "5_prime_UTR_variant": "MODIFIER",
    "3_prime_UTR_variant": "MODIFIER",
    "non_coding_transcript_exon_variant": "MODIFIER",
    "intron_variant": "MODIFIER",
    "upstream_gene_variant": "MODIFIER",
    "downstream_gene_variant": "MODIFIER",
}
SEVERITY = {term: number for number, term in enumerate(IMPACTS)}
_EXON_FLANK, _INTRON_FLANK = 3, 8


class Effect(NamedTuple):
    """`terms` from the most severe; `protein`: HGVS or ''; `at`: the placement that was judged."""

    terms: tuple[str, ...]
    protein: str
    at: Change

    @property
    def impact(self) -> str:
        return IMPACTS[self.terms[0]]


def effect_on(model: Model, allele: Allele, sequence: Sequence) -> Effect:
    """Effect of an allele (0-based on the contig) within `NEAR` bases of a transcript."""
    change, bases = oriented_change(allele, model.transcript.forward), _bases(model, sequence)
    parts = split_change(change, bases)
    if len(parts) > 1:
        return _effect_of_parts(model, parts, sequence)
    if change.slides:
        change = _judged_placement(model, placements(change, bases))
    return _effect(model, change, sequence)


def _effect(model: Model, change: Change, sequence: Sequence) -> Effect:
    if _is_behind(model, change):
        return Effect(("downstream_gene_variant",), "", change)
    if change.end <= model.start:
        return Effect(("upstream_gene_variant",), "", change)
    if change.start <= model.start and change.end >= model.end:
        return Effect(("transcript_ablation",), "", change)
    # What lies outside of the transcript is not its own.
    change = Change(max(change.start, model.start), min(change.end, model.end), change.alt)
    if not model.coding:
        exonic = any(_overlaps(change, *exon) for exon in model.exons)
        return Effect(("non_coding_transcript_exon_variant" if exonic else "intron_variant",), "", change)
    return _coding_transcript(model, change, sequence)


def _effect_of_parts(model: Model, parts: list[Change], sequence: Sequence) -> Effect:
    """Of a joined allele in several exons: read together in a transcript that has all in exons, else each by itself."""
    effects = [_effect(model, part, sequence) for part in parts]
    terms = {term for effect in effects for term in effect.terms}
    proteins = {effect.protein for effect in effects if effect.protein}
    protein = UNKNOWN_CHANGE if UNKNOWN_CHANGE in proteins else "".join(sorted(proteins)[:1])
    if model.coding and None not in [model.exon_of(part.start, part.end) for part in parts]:
        mitochondrial = model.transcript.chrom in MITOCHONDRIA
        found, protein = coding_effect(model, [_spliced(model, part) for part in parts], sequence, mitochondrial)
        terms = {*found, *terms.intersection(("splice_region_variant",))}
    beside = {"upstream_gene_variant", "downstream_gene_variant"}
    ordered = sorted(terms - beside or terms, key=SEVERITY.__getitem__)
    return Effect(tuple(ordered), protein, parts[0])


def coding_name(model: Model, allele: Allele, sequence: Sequence) -> str:
    """HGVS c. (n. of a transcript without CDS), at the most 3' placement; '' outside of a transcript without CDS."""
    change, bases = oriented_change(allele, model.transcript.forward), _bases(model, sequence)
    if change.slides:
        change = placements(change, bases)[-1]
    if model.coding:
        return f"c.{described(change, bases, model.place)}"
    first = change.start
    if change.start == change.end and bases(first - len(change.alt), first) == change.alt:  # named by what is doubled
        first -= len(change.alt)
    inside = model.start <= first < change.end <= model.end or model.start < first == change.end < model.end
    return f"n.{described(change, bases, model.place)}" if inside else ""


def pieces(model: Model, change: Change) -> tuple[str, str]:
    """Exon n/m and intron n/m that hold the first changed base; '' where none does."""
    index, inside = model.exon_at(change.start)
    total = len(model.exons)
    if inside:
        return f"{index + 1}/{total}", ""
    return "", f"{index + 1}/{total - 1}" if 0 <= index < total - 1 else ""


def _is_behind(model: Model, change: Change) -> bool:
    """Whether a change lies behind the last base. An insertion right there does not where the poly(A) tail completes
    the stop codon: it parts the two (Anderson 1981, doi:10.1038/290457a0)."""
    if change.start != change.end or change.start != model.end:
        return change.start >= model.end
    is_parted = model.coding and model.transcript.chrom in MITOCHONDRIA and model.code_end == model.lengths[-1]
    return not is_parted or (model.code_end - model.code_start - model.transcript.phase) % 3 == 0


def _bases(model: Model, sequence: Sequence):
    chrom, forward = model.transcript.chrom, model.transcript.forward
    return lambda start, end: sequence.bases(chrom, forward, start, end)


def _overlaps(change: Change, start: int, end: int) -> bool:
    """Whether a base of [start, end) is changed; an insertion must lie between two of its bases or at its ends."""
    if change.start == change.end:
        return start <= change.start <= end
    return change.start < end and change.end > start


def _judged_placement(model: Model, places: list[Change]) -> Change:
    """The placement that harms least: splice sites whole before others, then the start codon, then exon before intron.
    Of equal ones the most 3'."""
    if len(places) == 1 or not _near_border(model, places):
        return places[-1]

    def harm(numbered: tuple[int, Change]) -> tuple[bool, bool, bool, int]:
        number, change = numbered
        exonic = model.exon_of(change.start, change.end) is not None and not _is_behind(model, change)
        return any(_splice_sites(model, change)), _touches_start(model, change), not exonic, -number

    return min(enumerate(places), key=harm)[1]


def _near_border(model: Model, places: list[Change]) -> bool:
    """Whether the placements reach over the end of an exon, a splice site or the start codon."""
    first, last = places[0].start, places[-1].end
    here, inside = model.exon_at(first - 2)
    after, still = model.exon_at(last + 2)
    return (here, inside) != (after, still) or inside and model.coding and _start_near(model, first, last)


def _start_near(model: Model, first: int, last: int) -> bool:
    start = model.spliced(first - 2)
    return start <= model.code_start + 3 and model.code_start <= start + last - first + 4


def _touches_start(model: Model, change: Change) -> bool:
    """Whether a change replaces bases of the start codon or lies between them."""
    index = model.exon_of(change.start, change.end)
    if not model.coding:
        return False
    if index is None:
        return change.start < change.end and _removes_start(model, change)
    start = model.lengths[index] + change.start - model.exons[index][0]
    end = start + change.end - change.start
    low, high = model.code_start, model.code_start + 3
    return low < start < high if start == end else start < high and end > low


def _splice_sites(model: Model, change: Change) -> Iterator[str]:
    """Terms of the splice sites of which a base is changed, or that an insertion parts."""
    for left, right in model.introns_at(change.start - _EXON_FLANK, change.end + _EXON_FLANK):
        if right - left < MIN_INTRON:
            continue
        for term, start in (("splice_acceptor_variant", right - 2), ("splice_donor_variant", left)):
            if change.start == change.end == start + 1 or change.start < start + 2 and change.end > start:
                yield term


def _in_splice_region(model: Model, change: Change) -> bool:
    for left, right in model.introns_at(change.start - _EXON_FLANK, change.end + _EXON_FLANK):
        if right - left < MIN_INTRON:
            continue
        for start, end in ((left - _EXON_FLANK, left + _INTRON_FLANK), (right - _INTRON_FLANK, right + _EXON_FLANK)):
            if start < change.start < end if change.start == change.end else _overlaps(change, start, end):
                return True
    return False


def _coding_transcript(model: Model, change: Change, sequence: Sequence) -> Effect:
    terms, protein = list(_splice_sites(model, change)), ""
    index = model.exon_of(change.start, change.end)
    if terms:
        protein = UNKNOWN_CHANGE
        terms += ["coding_sequence_variant"] if _removes_code(model, change) else []
        terms += ["start_lost"] if _removes_start(model, change) else []
    elif index is not None:
        mitochondrial = model.transcript.chrom in MITOCHONDRIA
        found, protein = coding_effect(model, [_spliced(model, change)], sequence, mitochondrial)
        terms += found
    else:
        terms.append("intron_variant")
    if not any(term.startswith("splice_") for term in terms) and _in_splice_region(model, change):
        terms.append("splice_region_variant")
    if index is None and "intron_variant" not in terms:
        terms.append("intron_variant")
    return Effect(tuple(sorted(dict.fromkeys(terms), key=SEVERITY.__getitem__)), protein, change)


def _spliced(model: Model, change: Change) -> Change:
    """A change within an exon, in mRNA coordinates."""
    index = model.exon_of(change.start, change.end)
    start = model.lengths[index] + change.start - model.exons[index][0]
    return Change(start, start + change.end - change.start, change.alt)


def _removes_code(model: Model, change: Change) -> bool:
    return any(change.start < end and change.end > start for start, end in model.coding_parts())


def _removes_start(model: Model, change: Change) -> bool:
    first = next(model.coding_parts())[0]
    return not model.missing and change.start < first + 3 and change.end > first
