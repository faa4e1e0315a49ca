"""Samples at loci: molecules in plasma, loci that the normal rules out, and whether two samples are of one person."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pysam

from gms.base.errors import GmsError
from gms.trials.residual_disease.errors import at_least, poisson
from gms.trials.residual_disease.loci import Locus
from gms.trials.residual_disease.molecules import Counts, count_locus

NORMAL_ERROR, NORMAL_CHANCE = 1e-3, 0.01  # errors per read of a normal; a chance below which it carries it
NORMAL_DEPTH = 20  # molecules from which a normal says something
SITE_DEPTH = 10  # molecules from which a germline site counts
BANDS = {0: (0.0, 0.15), 1: (0.2, 0.8), 2: (0.85, 1.0)}  # fractions of ALT by the number of ALT alleles


class UnreadableReads(GmsError):
    """Reads that cannot be opened, or that have no index."""

    def __init__(self, path: Path, why: str):
        super().__init__(f"{path} cannot be read: {why}; it is a BAM or CRAM file with its index (samtools index)")


def open_reads(path: Path, fasta: Path) -> pysam.AlignmentFile:
    """Indexed reads. Raises UnreadableReads."""
    try:
        reads = pysam.AlignmentFile(str(path), reference_filename=str(fasta))
        has_index = reads.check_index()
    except (OSError, ValueError, AttributeError) as error:
        raise UnreadableReads(path, str(error)) from None
    if not has_index:
        raise UnreadableReads(path, "it has no index")
    return reads


def count(path: Path, fasta: Path, loci: Iterable[Locus], umi: str) -> list[Counts]:
    """Molecules of each locus. Raises UnreadableReads."""
    with open_reads(path, fasta) as reads:
        return [count_locus(reads, locus, umi) for locus in loci]


def ruled_out(path: Path | None, fasta: Path, loci: Sequence[Locus]) -> Iterator[tuple[Locus, str]]:
    """Loci that are not the tumour's alone, or of which the normal does not tell, with why."""
    if path is None:
        return
    for locus, found in zip(loci, count(path, fasta, loci, ""), strict=True):
        if found.depth < NORMAL_DEPTH:
            yield locus, f"the normal has {found.depth} molecules"
        elif at_least(poisson(found.depth * NORMAL_ERROR), found.alt) < NORMAL_CHANCE:
            yield locus, f"{found.alt} of {found.depth} molecules of the normal carry it"


def germline_sites(path: Path) -> dict[Locus, int]:
    """Single-base sites of a VCF with the number of ALT alleles of its first sample."""
    with pysam.VariantFile(str(path)) as records:
        found = {}
        for record in records:
            genotype = record.samples[0].get("GT") if len(record.samples) else None
            single = len(record.ref) == 1 and record.alts and len(record.alts) == 1 and len(record.alts[0]) == 1
            if single and genotype and None not in genotype and len(genotype) == 2:
                found[Locus(record.chrom, record.start, record.ref, record.alts[0])] = sum(genotype)
    return found


class Identity(NamedTuple):
    """Germline sites that were compared, and the share that agrees, 0-1; None below the needed number."""

    sites: int
    concordance: float | None


def identity(path: Path, fasta: Path, sites: dict[Locus, int], needed: int) -> Identity:
    """Whether plasma has the germline of the patient."""
    agree = total = 0
    for (_, alleles), found in zip(sites.items(), count(path, fasta, sites, ""), strict=True):
        if found.depth >= SITE_DEPTH:
            low, high = BANDS[alleles]
            total += 1
            agree += low <= found.alt / found.depth <= high
    return Identity(total, agree / total if total >= needed else None)
