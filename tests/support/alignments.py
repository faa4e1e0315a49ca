"""Small alignments for tests: reads with a sequence, a CIGAR and a place."""

from pathlib import Path

import pysam

CONTIG = "chr1"


def read(name: str, start: int, cigar: str, sequence: str, quality: int = 35, mapq: int = 60, flag: int = 0):
    """A read aligned from 0-based `start`; all its bases have one quality."""
    segment = pysam.AlignedSegment(pysam.AlignmentHeader.from_references([CONTIG], [100_000]))
    segment.query_name, segment.flag, segment.mapping_quality = name, flag, mapq
    segment.reference_id, segment.reference_start, segment.cigarstring = 0, start, cigar
    segment.query_sequence = sequence
    segment.query_qualities = pysam.qualitystring_to_array(chr(33 + quality) * len(sequence))
    return segment


def write_fasta(path: Path, sequence: str) -> Path:
    path.write_text(f">{CONTIG}\n{sequence}\n")
    pysam.faidx(str(path))
    return path


def write_cram(path: Path, fasta: Path, reads: list[pysam.AlignedSegment]) -> Path:
    """Sorted, indexed CRAM of the reads."""
    with pysam.FastaFile(str(fasta)) as reference:
        header = pysam.AlignmentHeader.from_references(reference.references, reference.lengths)
    with pysam.AlignmentFile(str(path), "wc", header=header, reference_filename=str(fasta)) as out:
        for segment in sorted(reads, key=lambda segment: segment.reference_start):
            out.write(pysam.AlignedSegment.from_dict(segment.to_dict(), header))
    pysam.index(str(path))
    return path
