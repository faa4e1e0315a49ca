"""Transcripts on the genome: coordinates of coding positions, and their Ensembl-style GFF3 lines."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from gms.validation.demo_genome.sequence import reverse_complement


@dataclass(frozen=True)
class Transcript:
    """One protein-coding transcript. Exons and the coding interval are 0-based half-open, exons in genome order."""

    symbol: str
    gene_id: str
    transcript_id: str
    chrom: str
    strand: str
    exons: tuple[tuple[int, int], ...]
    coding: tuple[int, int]

    @property
    def start(self) -> int:
        return self.exons[0][0]

    @property
    def end(self) -> int:
        return self.exons[-1][1]

    @cached_property
    def coding_exons(self) -> tuple[tuple[int, int], ...]:
        """The coding part of each exon that has one, in genome order."""
        low, high = self.coding
        return tuple((max(s, low), min(e, high)) for s, e in self.exons if s < high and e > low)

    @cached_property
    def coding_positions(self) -> tuple[int, ...]:
        """0-based genome position of c.1, c.2, … in that order."""
        positions = [p for s, e in self.coding_exons for p in range(s, e)]
        return tuple(positions if self.strand == "+" else positions[::-1])

    @cached_property
    def coding_number(self) -> dict[int, int]:
        """The c. number of each coding genome position."""
        return {position: i + 1 for i, position in enumerate(self.coding_positions)}

    def genomic(self, coding: int, offset: int = 0) -> int:
        """0-based genome position of c.`coding`+`offset`; a negative `coding` counts upstream from the ATG."""
        direction = 1 if self.strand == "+" else -1
        if coding < 0:
            return self.coding_positions[0] + direction * coding
        return self.coding_positions[coding - 1] + direction * offset

    def coding_sequence(self, sequence: str) -> str:
        """The coding DNA, from the sequence of the chromosome."""
        spliced = "".join(sequence[s:e] for s, e in self.coding_exons)
        return spliced if self.strand == "+" else reverse_complement(spliced)

    def on_strand(self, bases: str) -> str:
        """Bases of the transcript as they read on the forward strand of the genome, or the other way round."""
        return bases if self.strand == "+" else reverse_complement(bases)


def gff_lines(transcript: Transcript) -> Iterator[tuple[int, int, str]]:
    """(start, rank, line) of each feature, for sorting: parents come before their parts."""
    gene, name = f"gene:{transcript.gene_id}", f"transcript:{transcript.transcript_id}"
    span = (transcript.start, transcript.end)
    label = f"Name={transcript.symbol};biotype=protein_coding;gene_id={transcript.gene_id}"
    yield _feature(transcript, "gene", span, 0, f"ID={gene};{label};description=synthetic")
    tags = f"tag=Ensembl_canonical,MANE_Select;transcript_id={transcript.transcript_id};version=1"
    yield _feature(
        transcript,
        "mRNA",
        span,
        1,
        f"ID={name};Parent={gene};Name={transcript.symbol}-201;biotype=protein_coding;{tags}",
    )
    for exon in transcript.exons:
        yield _feature(transcript, "exon", exon, 2, f"Parent={name}")
    for kind, part in _untranslated(transcript):
        yield _feature(transcript, kind, part, 3, f"Parent={name}")
    number = {
        part: transcript.coding_number[part[0] if transcript.strand == "+" else part[1] - 1]
        for part in transcript.coding_exons
    }
    for part, first in number.items():
        protein = f"ID=CDS:{transcript.transcript_id}P;Parent={name};protein_id={transcript.transcript_id}P"
        yield _feature(transcript, "CDS", part, 4, protein, phase=str((1 - first) % 3))


def _untranslated(transcript: Transcript) -> Iterator[tuple[str, tuple[int, int]]]:
    before, after = ("five", "three") if transcript.strand == "+" else ("three", "five")
    low, high = transcript.coding
    for start, end in transcript.exons:
        if start < low:
            yield f"{before}_prime_UTR", (start, min(end, low))
        if end > high:
            yield f"{after}_prime_UTR", (max(start, high), end)


def _feature(
    transcript: Transcript, kind: str, span: tuple[int, int], rank: int, attributes: str, phase: str = "."
) -> tuple:
    columns = (transcript.chrom, "GMSmini", kind, span[0] + 1, span[1], ".", transcript.strand, phase, attributes)
    return span[0], rank, "\t".join(map(str, columns))


class RnaGene(NamedTuple):
    """A gene of one exon, on the forward strand, 0-based half-open."""

    symbol: str
    gene_id: str
    transcript_id: str
    chrom: str
    start: int
    end: int


def rna_lines(gene: RnaGene) -> Iterator[tuple[int, int, str]]:
    """(start, rank, line) of each feature, as of `gff_lines`."""
    ids = f"ID=gene:{gene.gene_id}", f"ID=transcript:{gene.transcript_id};Parent=gene:{gene.gene_id}"
    notes = f"Name={gene.symbol};biotype=lncRNA"
    features = (
        ("ncRNA_gene", f"{ids[0]};{notes};gene_id={gene.gene_id};description=synthetic"),
        ("lnc_RNA", f"{ids[1]};{notes};tag=Ensembl_canonical;transcript_id={gene.transcript_id};version=1"),
        ("exon", f"Parent=transcript:{gene.transcript_id}"),
    )
    for rank, (kind, attributes) in enumerate(features):
        columns = (gene.chrom, "GMSmini", kind, gene.start + 1, gene.end, ".", "+", ".", attributes)
        yield gene.start, rank, "\t".join(map(str, columns))
