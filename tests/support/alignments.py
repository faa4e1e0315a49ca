"""Small alignments for tests: reads with a sequence, a CIGAR and a place."""

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

import pysam

from gms.genome.alleles import Allele

CONTIG = "chr1"


def read(name: str, start: int, cigar: str, sequence: str, quality: int = 35, mapq: int = 60, flag: int = 0):
    """A read aligned from 0-based `start`; all its bases have one quality."""
    segment = pysam.AlignedSegment(pysam.AlignmentHeader.from_references([CONTIG], [100_000]))
    segment.query_name, segment.flag, segment.mapping_quality = name, flag, mapq
    segment.reference_id, segment.reference_start, segment.cigarstring = 0, start, cigar
    segment.query_sequence = sequence
    segment.query_qualities = pysam.qualitystring_to_array(chr(33 + quality) * len(sequence))
    return segment


def aligned(name: str, reference: str, alleles: Iterable[Allele], start: int, length: int, flag: int = 0):
    """A read of a molecule that carries the alleles; `start` is 0-based and none of the deleted bases."""
    molecule = list(enumerate(reference))
    for allele in sorted(alleles, reverse=True):
        kept = min(len(allele.ref), len(allele.alt))
        bases = [(allele.pos + n if n < kept else None, base) for n, base in enumerate(allele.alt)]
        molecule[allele.pos : allele.pos + len(allele.ref)] = bases
    first = next(n for n, (place, _) in enumerate(molecule) if place == start)
    shown = molecule[first : first + length]
    steps, here = "", start - 1
    for place, _ in shown:
        steps += "I" if place is None else "D" * (place - here - 1) + "M"
        here = here if place is None else place
    cigar = "".join(f"{len(list(run))}{step}" for step, run in groupby(steps))
    return read(name, start, cigar, "".join(base for _, base in shown), flag=flag)


def write_fasta(path: Path, sequence: str) -> Path:
    path.write_text(f">{CONTIG}\n{sequence}\n")
    pysam.faidx(str(path))
    return path


def write_cram(path: Path, fasta: Path, reads: list[pysam.AlignedSegment], sample: str | None = None) -> Path:
    """Sorted, indexed CRAM of the reads; those of a sample belong to a read group of that name."""
    with pysam.FastaFile(str(fasta)) as reference:
        header = pysam.AlignmentHeader.from_references(reference.references, reference.lengths)
    if sample:
        header = pysam.AlignmentHeader.from_dict(header.to_dict() | {"RG": [{"ID": sample, "SM": sample}]})
        for segment in reads:
            segment.set_tag("RG", sample)
    with pysam.AlignmentFile(str(path), "wc", header=header, reference_filename=str(fasta)) as out:
        for segment in sorted(reads, key=lambda segment: segment.reference_start):
            out.write(pysam.AlignedSegment.from_dict(segment.to_dict(), header))
    pysam.index(str(path))
    return path
