"""A small mitochondrial genome of the rare disease trio, with an allele in some of the molecules of child and mother.

It is apart from the other chromosomes, so that their reads stay the same bytes.
"""

import numpy as np

from gms.validation.demo_genome.genome import Genome, random_dna
from gms.validation.demo_genome.stream import Stream
from gms.validation.demo_reads.fragments import Library, Template, shotgun
from gms.validation.demo_reads.reads import make_reads

CONTIG, LENGTH, DEPTH = "chrM", 2_000, 300
SITE = 701  # 1-based
FRACTIONS = {"rare-proband": 0.3, "rare-mother": 0.1, "rare-father": 0.0}


def sequence() -> str:
    """The circle, always the same, cut at its origin."""
    return random_dna(Stream("mitochondrion"), LENGTH)


def variant() -> tuple[str, int, str, str]:
    """CHROM, 1-based POS, REF, ALT of the planted allele."""
    ref = sequence()[SITE - 1]
    return CONTIG, SITE, ref, {"A": "G", "G": "A", "C": "T", "T": "C"}[ref]


def mitochondrial_reads(sample: str, library: Library, share: int = 1) -> list[tuple[bytes, bytes]]:
    """FASTQ text of read 1 and read 2 of molecules with and without the allele, read names unlike all others'."""
    text, (_, pos, _, alt) = sequence(), variant()
    genome, fraction = Genome({CONTIG: text}, {}, (), {}), FRACTIONS[sample]
    texts = []
    for number, (bases, part) in enumerate(((text, 1 - fraction), (text[: pos - 1] + alt + text[pos:], fraction))):
        stream = Stream("mitochondrial reads", sample, number)
        fragments = shotgun(genome, opened(bases), library, max(1, round(DEPTH * part / share)), stream)
        ((first, second),) = make_reads(fragments, opened(bases), library, stream, 1)
        name = f"@MINI:{2 + number}:".encode()
        texts.append((first.replace(b"@MINI:1:", name), second.replace(b"@MINI:1:", name)))
    return texts if fraction else texts[:1]


def opened(bases: str) -> list[Template]:
    """The circle cut at its origin and opposite of it, so that reads run over either place."""
    half = len(bases) // 2
    turned = (bases, bases[half:] + bases[:half])
    return [Template(CONTIG, text.encode(), np.arange(len(text) + 1)) for text in turned]


def truth() -> tuple[str, ...]:
    """A row of the table of what must be found: section of the report, and the fraction in each sample."""
    samples = ",".join(f"{sample}={fraction}" for sample, fraction in FRACTIONS.items())
    return "rare-trio", "mitochondrial", ":".join(map(str, variant())), "heteroplasmic", samples
