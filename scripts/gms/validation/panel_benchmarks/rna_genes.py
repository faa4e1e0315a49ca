"""Made-up genes for benchmarks of RNA: copies of genes, neighbours on one strand, genes that are always expressed.

Mobile elements lie between exons, which have bases of their own; introns have GT and AG at their ends. Positions are
0-based.
"""

import random
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from gms.annotation.changes import reverse_complement
from gms.annotation.transcripts import Transcript, to_line
from gms.validation.class_benchmarks.structural_genome import Elements, genome

LENGTH, APART = 2_400_000, 20_000  # bases of the genome; from the start of a gene to that of the next
LISTED = (("BCR", "ABL1"), ("EML4", "ALK"), ("ETV6", "RUNX1"), ("KIF5B", "RET"), ("TPM3", "NTRK1"))
EVENTS = {"MET": 21, "EGFR": 28}  # genes of the splice events, with their exons
HOUSEKEEPING = ("GAPDH", "GUSB", "OAZ1", "POLR2A")
LIKE, DIVERGENCE = 10, 0.04  # genes that are copies of others; share of bases that differ
UNTRANSLATED = 30


class Genes(NamedTuple):
    """`copies`: gene -> the gene that it is a copy of."""

    contigs: dict[str, str]
    transcripts: dict[str, Transcript]
    copies: dict[str, str]

    def lines(self) -> list[str]:
        """Transcripts as gms.annotation.transcripts reads them."""
        found = sorted(self.transcripts.values(), key=lambda one: (one.chrom, one.start))
        return [to_line(one) for one in found]

    def exons(self, gene: str) -> list[str]:
        """Bases of the exons in the direction of the gene."""
        tx = self.transcripts[gene]
        texts = [self.contigs[tx.chrom][start:end] for start, end in tx.exons]
        return texts if tx.forward else [reverse_complement(text) for text in reversed(texts)]


def made_up_genes(generator: random.Random) -> Genes:
    """Genes APART from each other, those with names of real ones at random places among them."""
    contigs = {name: list(text) for name, text in genome(generator, Elements(generator), LENGTH).items()}
    places = [(name, at) for name, text in contigs.items() for at in range(APART, len(text) - 2 * APART, APART)]
    names = [*(gene for pair in LISTED for gene in pair), *EVENTS, *HOUSEKEEPING]
    names += [f"G{number}" for number in range(len(places) - len(names))]
    generator.shuffle(names)
    found = {gene: _transcript(generator, gene, *place) for gene, place in zip(names, places, strict=True)}
    for transcript in found.values():
        for start, end in transcript.exons:
            contigs[transcript.chrom][start:end] = generator.choices("ACGT", k=end - start)
    plain = [gene for gene in names if gene.startswith("G") and gene[1:].isdigit()]
    copies = {}
    for copy, source in zip(plain[:LIKE], plain[LIKE : 2 * LIKE], strict=True):
        copies[copy] = source
        found[copy] = _with_exons_of(found[copy], found[source])
        _copy_bases(generator, contigs, found[copy], found[source])
    for transcript in found.values():
        _splice_sites(contigs[transcript.chrom], transcript)
    return Genes({name: "".join(bases) for name, bases in contigs.items()}, found, copies)


def _transcript(generator: random.Random, gene: str, contig: str, start: int) -> Transcript:
    number = EVENTS.get(gene) or generator.randrange(4, 11)
    exons, at = [], start
    for _ in range(number):
        length = generator.randrange(80, 240)
        exons.append((at, at + length))
        at += length + generator.randrange(200, 450 if number > 12 else 1_200)
    return _made(gene, contig, generator.random() < 0.5, tuple(exons))


def _made(gene: str, contig: str, forward: bool, exons: tuple[tuple[int, int], ...]) -> Transcript:
    coding = exons[0][0] + UNTRANSLATED, exons[-1][1] - UNTRANSLATED
    return Transcript(f"T{gene}", gene, f"E{gene}", contig, forward, "protein_coding", 0, False, "", exons, coding, 0)


def _with_exons_of(copy: Transcript, source: Transcript) -> Transcript:
    shift = copy.start - source.start
    exons = tuple((start + shift, end + shift) for start, end in source.exons)
    return _made(copy.gene, copy.chrom, source.forward, exons)


def _copy_bases(generator: random.Random, contigs: Mapping[str, list[str]], copy: Transcript, source: Transcript):
    for (start, end), (low, high) in zip(copy.exons, source.exons, strict=True):
        bases = contigs[source.chrom][low:high]
        changed = [generator.choice("ACGT") if generator.random() < DIVERGENCE * 4 / 3 else base for base in bases]
        contigs[copy.chrom][start:end] = changed


def _splice_sites(bases: list[str], transcript: Transcript) -> None:
    donor, acceptor = ("GT", "AG") if transcript.forward else ("CT", "AC")
    for (_, start), (end, _) in zip(transcript.exons, transcript.exons[1:], strict=False):
        bases[start : start + 2], bases[end - 2 : end] = donor, acceptor


def gff3(genes: Genes) -> Iterator[str]:
    """The gene models as Ensembl writes them."""
    yield "##gff-version 3\n"
    for tx in genes.transcripts.values():
        place = f"{tx.chrom}\tmade_up", f".\t{'+' if tx.forward else '-'}\t"
        whole = f"{tx.start + 1}\t{tx.end}\t{place[1]}.\t"
        yield f"{place[0]}\tgene\t{whole}ID=gene:{tx.gene_id};Name={tx.gene};biotype=protein_coding\n"
        notes = f"ID=transcript:{tx.id};Parent=gene:{tx.gene_id};biotype=protein_coding;tag=MANE_Select"
        yield f"{place[0]}\tmRNA\t{whole}{notes}\n"
        for start, end in tx.exons:
            yield f"{place[0]}\texon\t{start + 1}\t{end}\t{place[1]}.\tParent=transcript:{tx.id}\n"
        for start, end, phase in _coding(tx):
            notes = f"ID=CDS:{tx.id};Parent=transcript:{tx.id}"
            yield f"{place[0]}\tCDS\t{start + 1}\t{end}\t{place[1]}{phase}\t{notes}\n"


def _coding(tx: Transcript) -> Iterator[tuple[int, int, int]]:
    """Coding parts of exons with their phase."""
    before = 0
    for start, end in tx.exons if tx.forward else reversed(tx.exons):
        low, high = max(start, tx.cds[0]), min(end, tx.cds[1])
        if low < high:
            yield low, high, -before % 3
            before += high - low
