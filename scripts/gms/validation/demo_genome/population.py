"""Variants of the synthetic population, and the people drawn from it."""

from collections.abc import Iterable
from typing import NamedTuple

from gms.validation.demo_genome.catalogue import GAPS, REPEAT
from gms.validation.demo_genome.genome import Genome, random_dna
from gms.validation.demo_genome.islands import ISLANDS, UNIPARENTAL, common
from gms.validation.demo_genome.knowledge import CLINVAR, FREQUENCIES, HOTSPOT_CODONS
from gms.validation.demo_genome.sequence import left_align
from gms.validation.demo_genome.stream import Stream
from gms.validation.demo_genome.variants import Variant, effect, resolve

SPACING = 400
CLEARANCE = 40
"""Bases kept free of background variants around planted and hotspot positions, so that each is seen alone."""
PAR_BEGINS = GAPS["chrX"][1]  # 0-based; from there on a man's Y has what his X has
CARRIED = 1_200
"""Background variants that people carry have at least this frequency (1/10,000), far above every policy's limit."""


class Frequent(NamedTuple):
    """A population allele; `frequency` in 1/10,000; `background` alleles are what people carry besides planted ones."""

    variant: Variant
    frequency: int
    background: bool = True


def make_population(genome: Genome, planted: Iterable[Variant]) -> list[Frequent]:
    """Background variants about every 400 bases and the planted variants with a known frequency, in genome order."""
    taken = {(v.chrom, p) for v in planted for p in range(v.pos - CLEARANCE, v.pos + len(v.ref) + CLEARANCE)}
    for symbol, first, last in HOTSPOT_CODONS:
        transcript = genome.transcripts[symbol]
        ends = sorted((transcript.genomic(3 * first - 2), transcript.genomic(3 * last)))
        taken |= {(transcript.chrom, p) for p in range(ends[0] - CLEARANCE, ends[1] + CLEARANCE)}
    found = [known for chrom in genome.sequences for known in _background(genome, chrom, taken)]
    found += [Frequent(resolve(genome, gene, change), frequency, False) for gene, change, frequency in FREQUENCIES]
    order = list(genome.sequences)
    return sorted(found, key=lambda f: (order.index(f.variant.chrom), f.variant.pos, f.variant.alt))


def planted_elsewhere(genome: Genome) -> list[Variant]:
    """Alleles of the reference files that no case carries, which the background must not touch either."""
    return [resolve(genome, record.gene, record.change) for record in CLINVAR]


def _background(genome: Genome, chrom: str, taken: set) -> Iterable[Frequent]:
    stream, sequence = Stream("population", chrom), genome.sequences[chrom]
    if chrom in ISLANDS:
        yield from (Frequent(Variant(*allele), frequency) for allele, frequency in common(chrom, sequence))
        return
    difficult = [(start, end) for name, start, end, _ in genome.mask if name == chrom]
    difficult += [REPEAT[1:2] * 2] if chrom == REPEAT[0] else []
    at = SPACING // 2
    while (at := at + CLEARANCE + stream.one(2 * (SPACING - CLEARANCE))) < len(sequence) - SPACING // 2:
        if sequence[at] == "N":
            continue
        variant, frequency = _allele(stream, chrom, sequence, at), _frequency(stream)
        masked = any(start - 200 <= at < end + 200 for start, end in difficult)
        if not masked and (chrom, at + 1) not in taken and _harmless(genome, variant):
            yield Frequent(variant, frequency)


def _allele(stream: Stream, chrom: str, sequence: str, at: int) -> Variant:
    """A transition or a transversion, as often each; one in ten is an insertion or a deletion of 1-6 bases."""
    base, number = sequence[at], stream.one(20)
    if number == 0:
        ref, alt = "", random_dna(stream, stream.between(1, 6))
    elif number == 1:
        ref, alt = sequence[at : at + stream.between(1, 6)], ""
    else:
        ref, alt = base, stream.pick({"A": "GGCT", "G": "AACT", "C": "TTAG", "T": "CCAG"}[base])
    start, ref, alt = left_align(sequence, at, ref, alt)
    return Variant(chrom, start + 1, ref, alt)


def _frequency(stream: Stream) -> int:
    return stream.pick(
        (lambda: stream.between(CARRIED, 5_000), lambda: stream.between(100, 900), lambda: stream.between(1, 90))
    )()


def _harmless(genome: Genome, variant: Variant) -> bool:
    """Not in a splice region, not an indel in an exon, silent in a codon; not in repeats (stutter)."""
    around = genome.sequences[variant.chrom][variant.pos - 6 : variant.pos + 5]
    if any(base * 5 in around for base in "ACGT"):
        return False
    for transcript in genome.transcripts.values():
        if transcript.chrom == variant.chrom and transcript.start - 20 <= variant.pos <= transcript.end + 20:
            if variant.pos - 1 in transcript.coding_number:
                return (
                    len(variant.ref) == len(variant.alt)
                    and effect(genome, transcript.symbol, variant).consequence == "synonymous_variant"
                )
            return all(abs(variant.pos - edge) > 20 for exon in transcript.exons for edge in exon)
    return True


class Person(NamedTuple):
    """Two haplotypes per chromosome, each a tuple of variants in order; None for a copy the person does not have. The
    second X of a man is the pseudo-autosomal region of his Y."""

    haplotypes: dict[str, tuple[tuple[Variant, ...] | None, tuple[Variant, ...] | None]]

    @property
    def is_male(self) -> bool:
        return self.haplotypes["chrY"][0] is not None


def copies(chrom: str, sex: str) -> int:
    """Copies of a chromosome in a person of that sex."""
    if chrom == "chrY":
        return 1 if sex == "male" else 0
    return 1 if chrom == "chrX" and sex == "male" else 2


def founder(population: list[Frequent], chroms: Iterable[str], name: str, sex: str) -> Person:
    """A person whose haplotypes are drawn from the population."""
    drawn = {}
    for chrom in chroms:
        carried = [f for f in population if f.variant.chrom == chrom and f.background and f.frequency >= CARRIED]
        haplotypes = []
        for number in range(2):
            dice = Stream("founder", name, chrom, number).below(10_000, len(carried)).tolist()
            chosen = tuple(f.variant for f, d in zip(carried, dice, strict=True) if d < f.frequency)
            whole = number < copies(chrom, sex)
            haplotypes.append(chosen if whole else _paired(chosen) if chrom == "chrX" else None)
        drawn[chrom] = tuple(haplotypes)
    return Person(drawn)


def _paired(variants: tuple[Variant, ...]) -> tuple[Variant, ...]:
    """Those in the pseudo-autosomal region."""
    return tuple(variant for variant in variants if variant.pos > PAR_BEGINS)


def child(mother: Person, father: Person, sex: str) -> Person:
    """A child: haplotypes 0 and 1 are haplotype 0 of the mother and of the father; a son has
    the father's Y, with its pseudo-autosomal region, in place of his X."""
    inherited = {}
    for chrom in mother.haplotypes:
        maternal, paternal = mother.haplotypes[chrom][0], father.haplotypes[chrom][0]
        if chrom == "chrY":
            maternal, paternal = (paternal if sex == "male" else None), None
        elif chrom == "chrX" and sex == "male":
            paternal = father.haplotypes[chrom][1]
        inherited[chrom] = (maternal, paternal)
    return Person(inherited)


def with_planted(person: Person, planted: Iterable[tuple[Variant, str]]) -> Person:
    """The person with germline variants on the given haplotypes ("0", "1" or "01")."""
    haplotypes = dict(person.haplotypes)
    for variant, which in planted:
        pair = list(haplotypes[variant.chrom])
        for number in map(int, which):
            pair[number] = tuple(sorted({*pair[number], variant}, key=lambda v: v.pos))
        haplotypes[variant.chrom] = tuple(pair)
    return Person(haplotypes)


def with_isodisomy(person: Person) -> Person:
    """The person with both copies of a chromosome from one of its mother's."""
    (maternal, _) = person.haplotypes[UNIPARENTAL]
    return Person(person.haplotypes | {UNIPARENTAL: (maternal, maternal)})
