"""A simulated tumour of a gene panel, for its time: random genome, genes, targets, normals and reads.

Fragments of 280 +- 60 bases are caught around targets, a fifth are duplicates, 1 base in 300 is wrong. Inherited
single-base variants every 1,000 bases, an acquired variant in every fourth target (5 to 40 %, every third a deletion of
three bases), one gene of eight copies.
"""

import gzip
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from gms.annotation.changes import reverse_complement
from gms.validation.class_benchmarks.simulated import TRANSITION, random_bases
from gms.validation.demo_genome.transcripts import Transcript, gff_lines
from gms.variants.panel_copies.reference import OFF_TARGET, Reference, Window, write_reference

ASSAY = "panel_solid"
EXON, OF_A_GENE, BESIDE, FLANK = 201, 9, 25, 600  # coding bases, targets of a gene, bases of a target beside its exon
READ, FRAGMENT, SPREAD, ERRORS, DUPLICATES = 150, 280, 60, 1 / 300, 0.2
FRACTIONS = (0.05, 0.1, 0.2, 0.4)
NORMALS, AMPLIFIED, OFF_TARGET_DEPTH = 8, 4, 0.2
QUALITY = "F" * READ


class Target(NamedTuple):
    """0-based half-open; `gene`: its number."""

    contig: str
    start: int
    end: int
    gene: int


def make_set(folder: Path, bases: int, depth: float, seed: int) -> None:
    """Write reference.fa, genes.gff3, targets.bed, reads_R1.fastq.gz, reads_R2.fastq.gz, normals.tsv (the workflow's
    reference of copy number) and normals.cnn (the same as CNVkit has it). `bases` of targets, read `depth` times."""
    generator = random.Random(seed)
    length = max(1_500_000, 12 * bases)
    contigs = {name: random_bases(generator, length) for name in ("chr1", "chr2")}
    targets = list(places(contigs, bases // (EXON + 2 * BESIDE)))
    (folder / "reference.fa").write_text("".join(f">{name}\n{text}\n" for name, text in contigs.items()))
    rows = (f"{one.contig}\t{one.start}\t{one.end}\tG{one.gene}\n" for one in targets)
    (folder / "targets.bed").write_text("".join(rows))
    (folder / "genes.gff3").write_text("##gff-version 3\n" + "".join(f"{line}\n" for line in gene_lines(targets)))
    write_normals(folder, targets, depth, np.random.default_rng(seed))
    write_reads(folder, contigs, targets, depth, generator)


def places(contigs: dict[str, str], number: int) -> Iterator[Target]:
    """Targets, evenly over the genome; those of a gene are on one contig."""
    size = EXON + 2 * BESIDE
    step = (sum(map(len, contigs.values())) - 4 * FLANK * len(contigs)) // number
    gene = 0
    for contig, text in contigs.items():
        starts = range(2 * FLANK, len(text) - 2 * FLANK - size, step)
        for first in range(0, len(starts) - len(starts) % OF_A_GENE, OF_A_GENE):
            gene += 1
            yield from (Target(contig, at, at + size, gene) for at in starts[first : first + OF_A_GENE])


def gene_lines(targets: Sequence[Target]) -> Iterator[str]:
    """GFF3 of genes whose exons are the targets."""
    for gene in dict.fromkeys(one.gene for one in targets):
        own = [one for one in targets if one.gene == gene]
        exons = tuple((one.start + BESIDE, one.end - BESIDE) for one in own)
        facts = (f"G{gene}", f"ENSG{gene:011}", f"ENST{gene:011}", own[0].contig, "+-"[gene % 2])
        yield from (line for *_, line in sorted(gff_lines(Transcript(*facts, exons, (exons[0][0], exons[-1][1])))))


def write_normals(folder: Path, targets: Sequence[Target], depth: float, generator: np.random.Generator) -> None:
    """The pool of normals, as the workflow and as CNVkit have it."""
    from gms.variants.panel_copies import cnvkit  # seconds to load

    named = [(one.contig, one.start, one.end, f"G{one.gene}") for one in targets]
    windows = cnvkit.make_windows(named, folder / "reference.fa")
    usual = np.array([OFF_TARGET_DEPTH if one.gene == OFF_TARGET else depth for one in windows])
    usual *= generator.lognormal(0, 0.2, len(windows))
    normals = [list(usual * generator.lognormal(0, 0.05, len(windows))) for _ in range(NORMALS)]
    rows = cnvkit.pooled(windows, normals, folder / "reference.fa")
    facts = {"assay": ASSAY, "version": "made up", "made": "2026-01-01", "members": [], "reads_sha256": []}
    facts |= {"targets_sha256": "", "normals": NORMALS, "sexes": [], "quality": []}
    write_reference(folder / "normals.tsv", Reference(facts, tuple(rows)))
    lines = ("\t".join(map(str, row[:-1])) + "\n" for row in rows)
    header = "\t".join(["chromosome", *Window._fields[1:-1]])
    (folder / "normals.cnn").write_text(f"{header}\n{''.join(lines)}")


def write_reads(
    folder: Path, contigs: dict[str, str], targets: Sequence[Target], depth: float, generator: random.Random
) -> None:
    """FASTQ files in the order of a sequencer, which is none."""
    fragments = [
        one for number, target in enumerate(targets) for one in caught(contigs, number, target, depth, generator)
    ]
    fragments += generator.choices(fragments, k=round(len(fragments) * DUPLICATES))
    generator.shuffle(fragments)
    with (
        gzip.open(folder / "reads_R1.fastq.gz", "wt", 1) as first,
        gzip.open(folder / "reads_R2.fastq.gz", "wt", 1) as second,
    ):
        for number, text in enumerate(fragments):
            mates = text[:READ], reverse_complement(text[-READ:])
            for mate, out in zip(mates if number % 2 else mates[::-1], (first, second), strict=True):
                out.write(f"@r{number}\n{with_errors(mate, generator)}\n+\n{QUALITY[: len(mate)]}\n")


def caught(
    contigs: dict[str, str], number: int, target: Target, depth: float, generator: random.Random
) -> Iterator[str]:
    """Fragments that overlap a target, of both haplotypes and of the cells with an acquired variant."""
    low, size = target.start - FLANK, target.end - target.start
    reference = contigs[target.contig][low : target.end + FLANK]
    haplotype = with_variants(reference, generator)
    fraction = FRACTIONS[number // 4 % len(FRACTIONS)] if number % 4 == 0 else 0.0
    texts, weights = (reference, haplotype, acquired(reference, number)), (0.5 - fraction, 0.5, fraction)
    # Both mates of a fragment are read: about 2 x READ bases over size + FRAGMENT starts.
    wanted = depth * (AMPLIFIED if target.gene == 1 else 1) * (size + FRAGMENT) / min(FRAGMENT, 2 * READ)
    for text in generator.choices(texts, weights, k=round(wanted)):
        length = max(READ, round(generator.gauss(FRAGMENT, SPREAD)))
        start = generator.randrange(FLANK - length + 1, FLANK + size)
        yield text[max(0, start) : max(0, start) + length]


def with_variants(text: str, generator: random.Random) -> str:
    """A haplotype with a single-base variant every 1,000 bases."""
    bases = list(text)
    for at in generator.sample(range(len(bases)), max(1, len(bases) // 1_000)):
        bases[at] = TRANSITION.get(bases[at], bases[at])
    return "".join(bases)


def acquired(text: str, number: int) -> str:
    """A variant in the middle: every third a deletion of three bases, else a transition."""
    at = len(text) // 2
    return text[:at] + text[at + 3 :] if number % 3 == 0 else text[:at] + TRANSITION[text[at]] + text[at + 1 :]


def with_errors(text: str, generator: random.Random) -> str:
    """A read with wrong bases."""
    for _ in range(sum(generator.random() < ERRORS * READ / 3 for _ in range(3))):
        at = generator.randrange(len(text))
        text = text[:at] + generator.choice("ACGT") + text[at + 1 :]
    return text
