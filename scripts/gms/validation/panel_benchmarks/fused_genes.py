"""Made-up genes on a made-up or real genome, fusions of them, and the molecules that a panel catches.

Each gene has 4 exons; introns between them are targets, of every third 3' gene the exons alone. One more gene has two
exons doubled, and one comes beside segments of IGH, which are targets. Positions are 0-based.
"""

import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pysam

from gms.annotation.changes import reverse_complement
from gms.annotation.transcripts import Transcript, Transcripts, to_line
from gms.fusions.parts import End
from gms.validation.class_benchmarks.simulated import TRANSITION, Molecule
from gms.validation.class_benchmarks.structural_genome import Elements, genome

FUSIONS = 10
LENGTH, APART = 1_000_000, 30_000  # bases of a made-up genome; of a gene with what is between it and the next
EXON, INTRON, FLANK = 150, 800, 400
AROUND, FRAGMENT = 450, 420  # bases of a junction's molecule on both sides of it; of a fragment, mean
SEGMENT, BEFORE = 300, 8_000  # bases of a segment of IGH; of a gene to the junction beside it
WORD = 30  # bases, which a read shows to be repeated
CHIMERAS = 2_000  # fragments, of which one is joined from two by chance
KEPT = ("coding", "coding", "coding", "unlisted")


class Planted(NamedTuple):
    """A fusion: `ends` 5' gene first; its name with exons; whether both junctions are there, the bases in between."""

    ends: tuple[End, End]
    name: str
    reciprocal: bool
    filler: str


class Panel(NamedTuple):
    """`targets`: 0-based half-open stretches with their contig."""

    contigs: dict[str, str]
    transcripts: Transcripts
    limits: dict[tuple[str, str], int]
    planted: list[Planted]
    targets: list[tuple[str, int, int]]


def real_bases(fasta: Path) -> dict[str, str]:
    """Two contigs, halves of the first LENGTH known bases of a file."""
    with pysam.FastaFile(str(fasta)) as file:
        text = max((file.fetch(name) for name in file.references), key=len).upper().strip("N").replace("N", "A")
    return {"chr1": text[: LENGTH // 2], "chr2": text[LENGTH // 2 : LENGTH]}


def made_up_panel(generator: random.Random, contigs: dict[str, str] | None) -> Panel:
    """Genes, and FUSIONS fusions of two of them each: half of them reciprocal, of three in four listed. Also listed: a
    gene with doubled exons and one beside a locus."""
    contigs = contigs or genome(generator, Elements(generator), LENGTH)
    genes = _genes(generator, contigs)
    generator.shuffle(genes)
    number = next((at for at in reversed(range(len(genes))) if not repeated(contigs, genes[at])), -1)
    genes[number], genes[-1] = genes[-1], _segment(genes[number])
    limits, planted, targets = {}, [], []
    for number in range(FUSIONS):
        five, three = genes[2 * number : 2 * number + 2]
        planted.append(_fusion(generator, five, three))
        targets += _targets(five, True) + _targets(three, number % 3 != 2)
        if generator.choice(KEPT) != "unlisted":
            limits[five.gene, three.gene] = 3
    doubled, beside, *segments = genes[2 * FUSIONS :]
    planted += [_doubled(generator, doubled), _beside(generator, segments[0], beside)]
    targets += [*_targets(doubled, True), *_targets(segments[0], True)]
    limits |= {(doubled.gene, doubled.gene): 6, ("IGH", beside.gene): 4}
    lines = [to_line(gene) for gene in sorted(genes, key=lambda gene: (gene.chrom, gene.start))]
    return Panel(contigs, Transcripts(lines), limits, planted, targets)


def _genes(generator: random.Random, contigs: Mapping[str, str]) -> list[Transcript]:
    places = [(name, at) for name, text in contigs.items() for at in range(APART, len(text) - APART, APART)]
    found = []
    for number, (contig, at) in enumerate(generator.sample(places, 2 * FUSIONS + 3)):
        start = at + generator.randrange(APART // 2)
        exons = tuple((one, one + EXON) for one in range(start, start + 4 * (EXON + INTRON), EXON + INTRON))
        facts = (f"T{number}", f"GENE{number}", f"E{number}", contig, generator.random() < 0.5, "protein_coding")
        found.append(Transcript(*facts, 0, False, "", exons, (exons[0][0] + 50, exons[-1][1] - 50), 0))
    return found


def _fusion(generator: random.Random, five: Transcript, three: Transcript) -> Planted:
    """A junction of an intron of either, not in the first and last 50 bases of it."""
    ends, exons = [], []
    for gene, first in ((five, True), (three, False)):
        intron = generator.randrange(3)
        cut = gene.exons[intron][1] + generator.randrange(50, INTRON - 50)
        ends.append(End(gene.chrom, cut, "3" if gene.forward == first else "5"))
        before = intron + 1 if gene.forward else 3 - intron
        exons.append(before if first else before + 1)
    name = f"{five.gene}(exon_{exons[0]})::{three.gene}(exon_{exons[1]})"
    filler = "".join(generator.choices("ACGT", k=generator.choice([0, 0, 0, 2, 5, 8])))
    return Planted((ends[0], ends[1]), name, generator.random() < 0.5, filler)


def _doubled(generator: random.Random, gene: Transcript) -> Planted:
    """Exons 2 and 3 twice: the end of the second copy is joined to the begin of the first."""
    first, last = (gene.exons[at][1] + generator.randrange(50, INTRON - 50) for at in (0, 2))
    later, sooner = End(gene.chrom, last, "3"), End(gene.chrom, first, "5")
    ends = (later, sooner) if gene.forward else (sooner, later)
    return Planted(ends, f"{gene.gene}(exon_3)::{gene.gene}(exon_2)", False, "")


def repeated(contigs: Mapping[str, str], gene: Transcript) -> int:
    """Words of the bases that would be a segment of IGH, and of AROUND on both sides, that are elsewhere as well: no
    short read shows where a junction within a young mobile element is, and segments are no such element."""
    text = contigs[gene.chrom][gene.start - AROUND : gene.start + SEGMENT + AROUND]
    words = [text[at : at + WORD] for at in range(0, len(text) - WORD, WORD)]
    every = [*contigs.values()]
    return sum(sum(one.count(word) + one.count(reverse_complement(word)) for one in every) > 1 for word in words)


def _segment(gene: Transcript) -> Transcript:
    """A segment of IGH in place of a gene."""
    start = gene.start
    return gene._replace(gene="IGHJ1", biotype="IG_J_gene", exons=((start, start + SEGMENT),), cds=None)


def _beside(generator: random.Random, segment: Transcript, gene: Transcript) -> Planted:
    """The end of a segment is joined to a place before a gene."""
    ours = End(segment.chrom, segment.start + generator.randrange(100, SEGMENT - 100), "3")
    theirs = End(gene.chrom, gene.start - BEFORE, "5") if gene.forward else End(gene.chrom, gene.end + BEFORE, "3")
    return Planted((ours, theirs), f"IGH::{gene.gene}", generator.random() < 0.5, "")


def _targets(gene: Transcript, introns: bool) -> list[tuple[str, int, int]]:
    return [(gene.chrom, gene.start, gene.end)] if introns else [(gene.chrom, *exon) for exon in gene.exons]


def molecules(panel: Panel, fraction: float, depth: float, generator: random.Random) -> Iterator[Molecule]:
    """What is caught, with a single-base variant of one haplotype every 1,000 bases; at `fraction` of the molecules of
    one haplotype the fusions, where one of their ends is a target."""
    fused = panel.planted if fraction else []
    for contig, start, end in panel.targets:
        low, high = start - FLANK, end + FLANK
        cuts = [one.cut for two in fused for one in two.ends if one.contig == contig and low < one.cut < high]
        text, share = panel.contigs[contig], 0.5 - fraction if cuts else 0.5
        yield from _molecules(_with_variants(generator, text, start, end)[low:high], depth / 2)
        yield from _molecules(text[low:high], depth * share)
        for cut in cuts:
            yield from _molecules(text[low : cut - AROUND], depth * fraction)
            yield from _molecules(text[cut + AROUND : high], depth * fraction)
    for two in fused:
        for text in _joined(panel, two):
            yield from _molecules(text, depth * fraction)
    yield from _chimeras(panel, depth, generator)


def _molecules(text: str, depth: float) -> Iterator[Molecule]:
    """A molecule at `depth` in its middle: no fragment begins in the last FRAGMENT bases of it."""
    if depth and len(text) > FRAGMENT + 200:
        yield Molecule(text, depth * (len(text) - FRAGMENT) / len(text))


def _with_variants(generator: random.Random, text: str, start: int, end: int) -> str:
    bases = list(text[start - FLANK : end + FLANK])
    for at in generator.sample(range(len(bases)), len(bases) // 1_000):
        bases[at] = TRANSITION.get(bases[at], bases[at])
    return text[: start - FLANK] + "".join(bases) + text[end + FLANK :]


def _joined(panel: Panel, fused: Planted) -> Iterator[str]:
    """AROUND bases on both sides of each junction."""
    pairs = [fused.ends]
    if fused.reciprocal:
        pairs.append(tuple(end._replace(side="5" if end.side == "3" else "3") for end in fused.ends))
    for first, second in pairs:
        ours, theirs = (_kept(panel.contigs[end.contig], end) for end in (first, second))
        ours = ours if first.side == "3" else reverse_complement(ours)
        theirs = theirs if second.side == "5" else reverse_complement(theirs)
        yield ours + fused.filler + theirs


def _kept(text: str, end: End) -> str:
    return text[end.cut - AROUND : end.cut] if end.side == "3" else text[end.cut : end.cut + AROUND]


def _chimeras(panel: Panel, depth: float, generator: random.Random) -> Iterator[Molecule]:
    """Fragments that were joined from two of the targets by chance, each once."""
    bases = sum(end - start for _, start, end in panel.targets)
    joined = []
    for _ in range(round(bases * depth / 300 / CHIMERAS)):
        for contig, start, end in generator.choices(panel.targets, k=2):
            at = generator.randrange(start, end)
            half = panel.contigs[contig][at : at + 250]
            joined.append(half if generator.random() < 0.5 else reverse_complement(half))
    yield from (Molecule(first + second, 1.0) for first, second in zip(joined[::2], joined[1::2], strict=True))
