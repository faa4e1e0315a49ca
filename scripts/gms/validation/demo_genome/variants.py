"""Variants of the miniature genome, from their coding names to left-aligned alleles with their consequence."""

import itertools
import re
from typing import NamedTuple

from gms.validation.demo_genome.genome import Genome
from gms.validation.demo_genome.sequence import CODE, left_align, translate
from gms.validation.demo_genome.transcripts import Transcript

NAME = re.compile(r"c\.(-?\d+)([+-]\d+)?(?:_(-?\d+))?(?:([ACGT])>([ACGT])|(del|dup)?(?:ins([ACGT]+))?)$")


OTHER = dict(zip("ACGT", "GTAC", strict=True))


class Variant(NamedTuple):
    """One allele: 1-based position, left-aligned, as in a VCF."""

    chrom: str
    pos: int
    ref: str
    alt: str

    def __str__(self) -> str:
        return ":".join(map(str, self))


class Effect(NamedTuple):
    """SO term and protein change (such as V600E; empty outside of codons and for indels)."""

    consequence: str
    protein: str


def resolve(genome: Genome, symbol: str, change: str) -> Variant:
    """The allele of a change.

    `c.1799T>A`, `c.860_863dup`, `c.1798_1799delinsAA`, `c.1860+15>` (any base), `exon3+60>` (60 bases after the third
    coding exon), or `missense:300` (also synonymous, stop_gained): the first single-base change with that effect from
    residue 300 on. Of an RNA gene `n.71>` (any base).
    """
    if symbol in genome.rna_genes:
        gene = genome.rna_genes[symbol]
        at = gene.start + int(re.match(r"n\.(\d+)>$", change)[1]) - 1
        base = genome.sequences[gene.chrom][at]
        return Variant(gene.chrom, at + 1, base, OTHER[base])
    transcript = genome.transcripts[symbol]
    sequence = genome.sequences[transcript.chrom]
    if ":" in change:
        change = _named(transcript.coding_sequence(sequence), change)
    elif change.endswith(">"):
        change = _any_base(
            transcript, sequence, re.sub(r"^exon(\d+)", lambda m: f"c.{_exon_end(transcript, int(m[1]))}", change)
        )
    match = NAME.match(change)
    if not match:
        raise ValueError(f"{symbol} {change}: not a form this module knows")
    start, ref, alt = left_align(sequence, *_alleles(transcript, sequence, match))
    return Variant(transcript.chrom, start + 1, ref, alt)


def _named(coding: str, wish: str) -> str:
    """c. name of the first single-base change with the wished effect at the residue or, if it has none, after it."""
    kind, residue = wish.split(":")
    wished = "stop_gained" if kind == "stop_gained" else f"{kind}_variant"
    for at in range(3 * (int(residue) - 1), len(coding) - 3, 3):
        codon = coding[at : at + 3]
        for i, base in itertools.product((2, 0, 1), "TCGA"):
            changed = codon[:i] + base + codon[i + 1 :]
            if base != codon[i] and _codon_effect(codon, changed) == wished:
                return f"c.{at + i + 1}{codon[i]}>{base}"
    raise ValueError(f"no {kind} by one base from residue {residue} on")


def _codon_effect(codon: str, changed: str) -> str:
    before, after = CODE[codon], CODE[changed]
    if before == after:
        return "synonymous_variant"
    return "stop_gained" if after == "*" else "missense_variant"


def _exon_end(transcript: Transcript, number: int) -> int:
    """c. position of the last base of a coding exon, numbered from 1 in the direction of the transcript."""
    start, end = transcript.coding_exons[number - 1 if transcript.strand == "+" else -number]
    return transcript.coding_number[end - 1 if transcript.strand == "+" else start]


def _any_base(transcript: Transcript, sequence: str, change: str) -> str:
    coding, offset = re.match(r"c\.(-?\d+)([+-]\d+)?>", change).groups()
    base = transcript.on_strand(sequence[transcript.genomic(int(coding), int(offset or 0))])
    return f"{change[:-1]}{base}>{OTHER[base]}"


def _alleles(transcript: Transcript, sequence: str, match: re.Match) -> tuple[int, str, str]:
    """0-based start, reference and alternative on the forward strand; either may be empty."""
    first, offset, last, ref, alt, kind, inserted = match.groups()
    one = transcript.genomic(int(first), int(offset or 0))
    other = transcript.genomic(int(last)) if last else one
    start, end = min(one, other), max(one, other) + 1
    there = sequence[start:end]
    if ref:
        if transcript.on_strand(there) != ref:
            raise ValueError(f"{transcript.symbol} {match.group()}: the genome has {transcript.on_strand(there)}")
        return start, there, transcript.on_strand(alt)
    if kind == "del":
        return start, there, transcript.on_strand(inserted or "")
    if kind == "dup":
        return start, "", there
    return start + 1, "", transcript.on_strand(inserted)


def effect(genome: Genome, symbol: str, variant: Variant) -> Effect:
    """What the allele does to the gene, from the gene model alone."""
    if symbol in genome.rna_genes:
        return Effect("non_coding_transcript_exon_variant", "")
    transcript = genome.transcripts[symbol]
    start = variant.pos - 1
    if len(variant.ref) != len(variant.alt):
        shift = len(variant.alt) - len(variant.ref)
        kind = "frameshift_variant" if shift % 3 else ("inframe_insertion" if shift > 0 else "inframe_deletion")
        return Effect(kind if start + 1 in transcript.coding_number else "intron_variant", "")
    if start in transcript.coding_number:
        return _coding_effect(genome, transcript, variant)
    if not transcript.start <= start < transcript.end:
        return Effect("upstream_gene_variant", "")
    edges = {s + d for s, _ in transcript.exons for d in (-1, -2)} | {
        e + d for _, e in transcript.exons for d in (0, 1)
    }
    return Effect("splice_donor_variant" if start in edges else "intron_variant", "")


def _coding_effect(genome: Genome, transcript: Transcript, variant: Variant) -> Effect:
    """Of an allele as long as what it replaces; the protein change only within a codon."""
    coding = transcript.coding_sequence(genome.sequences[variant.chrom])
    at = min(transcript.coding_number[variant.pos - 1 + n] for n in (0, len(variant.ref) - 1)) - 1
    changed = coding[:at] + transcript.on_strand(variant.alt) + coding[at + len(variant.ref) :]
    first, last = at // 3, (at + len(variant.ref) - 1) // 3
    if first != last:
        return Effect("missense_variant", "")
    codon, after = coding[3 * first : 3 * first + 3], changed[3 * first : 3 * first + 3]
    return Effect(_codon_effect(codon, after), f"{translate(codon)}{first + 1}{translate(after)}")
