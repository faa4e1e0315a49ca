"""Fragments of RNA of made-up genes: of normal tissue with all that looks like a fusion, and of planted events."""

import gzip
import random
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from gms.annotation.changes import reverse_complement
from gms.validation.panel_benchmarks.rna_genes import EVENTS, HOUSEKEEPING, LISTED, Genes

READ, MEAN, DEVIATION, LEAST = 100, 220, 45, 110  # bases of a read; of fragments
ERRORS = 0.002
USUAL, SPREAD, HIGH = 300, 1.0, 6_000  # fragments of a gene: median, deviation of the logarithm; of housekeeping genes
CHIMERAS = 400  # fragments, of which one is joined from two when the library is made
HOT, EVENTS_OF_NORMALS, FRAGMENTS_OF_NORMALS = 12, 10, 12
UNSPLICED = 0.05
FUSIONS = 10
SKIPPED = {"MET": (14, 14), "EGFR": (2, 7)}


class Planted(NamedTuple):
    """A fusion: genes and the exons next to the junction, 1-based."""

    five: str
    three: str
    exons: tuple[int, int]

    @property
    def name(self) -> str:
        return f"{self.five}(exon_{self.exons[0]})::{self.three}(exon_{self.exons[1]})"


def planted(genes: Genes, generator: random.Random) -> list[Planted]:
    """FUSIONS in-frame fusions, half of them of pairs on the list of expected ones; fewer where no exons fit."""
    plain = [gene for gene in sorted(genes.transcripts) if gene[1:].isdigit() and gene not in genes.copies]
    plain = [gene for gene in plain if gene not in genes.copies.values()]
    chosen = generator.sample(plain, 2 * (FUSIONS - len(LISTED)))
    pairs = [*LISTED, *zip(chosen[::2], chosen[1::2], strict=True)]
    return [Planted(*pair, generator.choice(exons)) for pair in pairs if (exons := _in_frame(genes, *pair))]


def _in_frame(genes: Genes, five: str, three: str) -> list[tuple[int, int]]:
    """Exons that splicing may join without a shift; without those of the least coding bases."""
    ends = {}
    for gene in (five, three):
        lengths = [len(text) for text in genes.exons(gene)]
        ends[gene] = [sum(lengths[:number]) for number in range(len(lengths) + 1)]
    found = [
        (one, other + 1)
        for one in range(1, len(ends[five]) - 1)
        for other in range(1, len(ends[three]) - 1)
        if (ends[five][one] - ends[three][other]) % 3 == 0
    ]
    return found


def fusion_fragments(genes: Genes, fusion: Planted, number: int, generator: random.Random) -> Iterator[str]:
    """`number` fragments with the junction, and others of the same transcript."""
    before = "".join(genes.exons(fusion.five)[: fusion.exons[0]])
    after = "".join(genes.exons(fusion.three)[fusion.exons[1] - 1 :])
    yield from across(before, after, number, generator)
    yield from (_fragment(before + after, generator) for _ in range(number))


def across(before: str, after: str, number: int, generator: random.Random) -> Iterator[str]:
    """Fragments that have the border of two texts, anywhere in them."""
    text = before + after
    for _ in range(number):
        length = min(_length(generator), len(text))
        low, high = max(0, len(before) - length + 1), min(len(before) - 1, len(text) - length)
        start = generator.randint(min(low, high), max(low, high))
        yield text[start : start + length]


def normal_fragments(genes: Genes, generator: random.Random) -> Iterator[str]:
    """Fragments of all genes, unspliced ones among them, and what looks like fusions in normal tissue."""
    weights = {gene: _expressed(gene, generator) for gene in sorted(genes.transcripts)}
    for gene, number in weights.items():
        text, whole = "".join(genes.exons(gene)), _whole(genes, gene)
        for _ in range(number):
            yield _fragment(whole if generator.random() < UNSPLICED else text, generator)
    yield from _read_through(genes, generator)
    yield from _chimeras(genes, weights, generator)
    yield from _to_nowhere(genes, generator)
    yield from _circles(genes, generator)


def _expressed(gene: str, generator: random.Random) -> int:
    if gene in HOUSEKEEPING:
        return HIGH
    if gene in EVENTS:  # see skipping_fragments
        return 0
    return max(20, round(USUAL * generator.lognormvariate(0, SPREAD)))


def _whole(genes: Genes, gene: str) -> str:
    tx = genes.transcripts[gene]
    text = genes.contigs[tx.chrom][tx.start : tx.end]
    return text if tx.forward else reverse_complement(text)


def _read_through(genes: Genes, generator: random.Random) -> Iterator[str]:
    """The last exon but one of a gene spliced to the second one of its neighbour, on one strand."""
    ordered = sorted(genes.transcripts.values(), key=lambda tx: (tx.chrom, tx.start))
    pairs = [
        (one, other) if one.forward else (other, one)
        for one, other in zip(ordered, ordered[1:], strict=False)
        if one.chrom == other.chrom and one.forward == other.forward
    ]
    for one, other in generator.sample(pairs, EVENTS_OF_NORMALS):
        before, after = genes.exons(one.gene)[:-1], genes.exons(other.gene)[1:]
        yield from across("".join(before), "".join(after), FRAGMENTS_OF_NORMALS, generator)


def _chimeras(genes: Genes, weights: dict[str, int], generator: random.Random) -> Iterator[str]:
    """Fragments joined from two by chance, some of them several times at one place (a template that was switched at a
    few like bases), of genes by their expression."""
    names, numbers = list(weights), list(weights.values())
    for number in range(sum(numbers) // CHIMERAS + HOT):
        texts = ["".join(genes.exons(gene)) for gene in generator.choices(names, numbers, k=2)]
        cuts = [generator.randrange(60, len(text) - 60) for text in texts]
        after = texts[1][cuts[1] :]
        if number % 3 == 0:
            after = reverse_complement(texts[1][: cuts[1]])
        copies = generator.randrange(3, 8) if number < HOT else 1
        yield from across(texts[0][: cuts[0]], after, copies, generator)


def _to_nowhere(genes: Genes, generator: random.Random) -> Iterator[str]:
    """Exons spliced to a place between genes."""
    for gene in generator.sample(sorted(genes.transcripts), EVENTS_OF_NORMALS):
        contig = generator.choice(sorted(genes.contigs))
        at = generator.randrange(1_000, len(genes.contigs[contig]) - 1_000)
        before = "".join(genes.exons(gene)[:2])
        yield from across(before, genes.contigs[contig][at : at + 300], FRAGMENTS_OF_NORMALS, generator)


def _circles(genes: Genes, generator: random.Random) -> Iterator[str]:
    """The end of an exon spliced to the start of the one before it: circular RNA."""
    for gene in generator.sample(sorted(genes.transcripts), EVENTS_OF_NORMALS):
        text = "".join(genes.exons(gene)[1:3])
        yield from across(text, text, FRAGMENTS_OF_NORMALS, generator)


def skipping_fragments(genes: Genes, share: float, generator: random.Random) -> Iterator[str]:
    """Transcripts of the genes of listed splice events, at `share` of them without the exons."""
    for gene, (first, last) in SKIPPED.items():
        exons = genes.exons(gene)
        texts = "".join(exons), "".join(exons[: first - 1] + exons[last:])
        for _ in range(2_000):
            yield _fragment(texts[generator.random() < share], generator)


def _fragment(text: str, generator: random.Random) -> str:
    length = min(_length(generator), len(text))
    start = generator.randrange(len(text) - length + 1)
    return text[start : start + length]


def _length(generator: random.Random) -> int:
    return max(LEAST, round(generator.gauss(MEAN, DEVIATION)))


def write_reads(folder: Path, fragments: Iterable[str], generator: random.Random) -> tuple[str, str]:
    """FASTQ files of both mates, either mate first, with ERRORS."""
    paths = [folder / f"reads_{mate}.fastq.gz" for mate in (1, 2)]
    with gzip.open(paths[0], "wt", compresslevel=1) as one, gzip.open(paths[1], "wt", compresslevel=1) as two:
        for number, text in enumerate(fragments):
            mates = [text[:READ], reverse_complement(text)[:READ]]
            if generator.random() < 0.5:
                mates.reverse()
            for file, mate in zip((one, two), mates, strict=True):
                file.write(f"@r{number}\n{_with_errors(mate, generator)}\n+\n{'I' * len(mate)}\n")
    return str(paths[0]), str(paths[1])


def _with_errors(text: str, generator: random.Random) -> str:
    if generator.random() > ERRORS * len(text):
        return text
    at = generator.randrange(len(text))
    return text[:at] + generator.choice("ACGT") + text[at + 1 :]
