"""A small mitochondrial genome of the rare disease trio, with an allele in some of the molecules of child and mother,
and a deletion in others of the child's.

It is apart from the other chromosomes, so that their reads stay the same bytes.
"""

from collections.abc import Iterator

import numpy as np

from gms.validation.demo_genome.genome import Genome, random_dna
from gms.validation.demo_genome.stream import Stream
from gms.validation.demo_reads.fragments import Library, Template, shotgun
from gms.validation.demo_reads.reads import make_reads

CONTIG, LENGTH, DEPTH = "chrM", 2_000, 300
SITE = 701  # 1-based
FRACTIONS = {"rare-proband": 0.3, "rare-mother": 0.1, "rare-father": 0.0}
LOST = 1_180, 1_600  # 0-based half-open
WITHOUT = {"rare-proband": 0.15, "rare-mother": 0.0, "rare-father": 0.0}  # fraction of molecules with the deletion


def sequence() -> str:
    """The circle, always the same, cut at its origin."""
    return random_dna(Stream("mitochondrion"), LENGTH)


def variant() -> tuple[str, int, str, str]:
    """CHROM, 1-based POS, REF, ALT of the planted allele."""
    ref = sequence()[SITE - 1]
    return CONTIG, SITE, ref, {"A": "G", "G": "A", "C": "T", "T": "C"}[ref]


def mitochondrial_reads(sample: str, library: Library, share: int = 1) -> list[tuple[bytes, bytes]]:
    """FASTQ text of read 1 and read 2 of each kind of molecule, read names unlike all others'."""
    text, (_, pos, _, alt) = sequence(), variant()
    genome, fraction, lost = Genome({CONTIG: text}, {}, (), {}), FRACTIONS[sample], WITHOUT[sample]
    kinds = (
        (text, 1 - fraction - lost),
        (text[: pos - 1] + alt + text[pos:], fraction),
        (text[: LOST[0]] + text[LOST[1] :], lost),
    )
    texts = []
    for number, (bases, part) in enumerate(kinds):
        if not part:
            continue
        stream = Stream("mitochondrial reads", sample, number)
        fragments = shotgun(genome, opened(bases), library, max(1, round(DEPTH * part / share)), stream)
        ((first, second),) = make_reads(fragments, opened(bases), library, stream, 1)
        name = f"@MINI:{(2, 3, 5)[number]}:".encode()
        texts.append((first.replace(b"@MINI:1:", name), second.replace(b"@MINI:1:", name)))
    return texts


def opened(bases: str) -> list[Template]:
    """The circle cut at its origin and opposite of it, so that reads run over either place."""
    half = len(bases) // 2
    turned = (bases, bases[half:] + bases[:half])
    return [Template(CONTIG, text.encode(), np.arange(len(text) + 1)) for text in turned]


def truth() -> Iterator[tuple[str, ...]]:
    """Rows of the table of what must be found: section of the report, and the fraction in each sample."""
    deletion = CONTIG, LOST[0], sequence()[LOST[0] - 1], "<DEL>"
    for allele, section, fractions in (variant(), "heteroplasmic", FRACTIONS), (deletion, "deletion", WITHOUT):
        samples = ",".join(f"{sample}={fraction}" for sample, fraction in fractions.items())
        yield "rare-trio", "mitochondrial", ":".join(map(str, allele)), section, samples
