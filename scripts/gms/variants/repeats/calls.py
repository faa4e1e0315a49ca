"""From alignments to the VCF of repeats, and what reads show of each locus. Positions are 0-based half-open."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pysam

from gms.genome.intervals import read_contigs
from gms.genome.ploidy import Ploidy, is_haploid
from gms.genome.vcf import header_lines
from gms.variants.repeats.alleles import Alleles, Length, alleles_of
from gms.variants.repeats.catalogue import Locus, read_catalogue
from gms.variants.repeats.fragments import FragmentLengths
from gms.variants.repeats.header import HEADER
from gms.variants.repeats.reads import Seen, compositions, look_at
from gms.variants.repeats.records import Called, locus_facts, record
from gms.variants.repeats.status import status

MIN_DEPTH = 5.0  # around a repeat; below, no allele is asked for


class Sample(NamedTuple):
    """A sample of a case; `sex` as measured or registered: female, male or unknown."""

    name: str
    sex: str


def call_repeats(
    fasta: Path, catalogue: Path, alignments: Sequence[Path], samples: Sequence[Sample]
) -> tuple[list[str], dict[str, Any]]:
    """Lines of the VCF, its header alone where the reference has none of the loci, and the facts for the report;
    samples index first. Raises UnusableCatalogue."""
    contigs = read_contigs(Path(f"{fasta}.fai"))
    header = list(header_lines(contigs, HEADER, [sample.name for sample in samples]))
    with pysam.FastaFile(str(fasta)) as reference:
        loci = sorted(
            read_catalogue(catalogue, reference), key=lambda locus: (list(contigs).index(locus.contig), locus)
        )
        opened = [pysam.AlignmentFile(str(path), reference_filename=str(fasta)) for path in alignments]
        bases = [reference.fetch(locus.contig, locus.start - 1, locus.start).upper() for locus in loci]
        by_sample = [
            call_sample(loci, reference, alignment, sample, Ploidy(contigs))
            for alignment, sample in zip(opened, samples, strict=True)
        ]
        called = list(zip(loci, zip(*by_sample, strict=True), strict=True))
    facts = {
        "assessed": bool(loci),
        "reason": None if loci else "no_loci",
        "samples": [sample.name for sample in samples],
        "loci": [locus_facts(locus, calls) for locus, calls in called],
    }
    return [*header, *(record(locus, base, calls) for base, (locus, calls) in zip(bases, called, strict=True))], facts


def call_sample(
    loci: Sequence[Locus],
    reference: pysam.FastaFile,
    alignment: pysam.AlignmentFile,
    sample: Sample,
    ploidy: Ploidy,
) -> list[Called]:
    """Every locus in a sample, whose fragments next to all of them give the distribution of their lengths."""
    seen = [look_at(alignment, reference, locus) for locus in loci]
    fragments = FragmentLengths(length for one in seen for length in one.fragments)
    copies = (1 if is_haploid(ploidy.kind(one.contig, one.start + 1), sample.sex) else 2 for one in loci)
    return [called_from(one, *rest, fragments) for one, *rest in zip(seen, loci, copies, strict=True)]


def called_from(seen: Seen, locus: Locus, copies: int, fragments: FragmentLengths) -> Called:
    """Alleles and states from what reads show."""
    alleles = alleles_of(seen, copies, locus.unit, fragments) if seen.depth >= MIN_DEPTH else Alleles((), "")
    motifs = tuple(compositions(bases_of(seen, length, locus.unit), locus) for length in alleles.lengths)
    states = (status(length, locus, found) for length, found in zip(alleles.lengths, motifs, strict=True))
    return Called(seen, alleles, tuple(states), motifs)


def bases_of(seen: Seen, length: Length, unit: int) -> list[str]:
    """Repeat bases of the reads that show an allele: those that span it, of a long one those that no other has."""
    if length.is_exact:
        return [bases for at, reads in seen.spanning.items() if abs(at - length.low) < unit for bases in reads]
    longest = max(seen.spanning, default=0)
    return [*seen.inside, *(tail for side in (seen.left, seen.right) for tail in side if len(tail) > longest)]
