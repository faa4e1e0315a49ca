"""Bases of the reference for checks at the start, when it may have no index of its own yet."""

import gzip
from functools import cached_property
from pathlib import Path

import pysam

from gms.genome.fastq import GZIP

_SMALL = 256 << 20  # bytes: a FASTA without an index is read as a whole up to this size


class ReferenceBases:
    """Reads a FASTA by its index, or as a whole where it is small; knows nothing of a large one without an index."""

    def __init__(self, fasta: Path):
        self.fasta = fasta

    @cached_property
    def _packed(self) -> bool:
        with self.fasta.open("rb") as file:
            return file.read(2) == GZIP

    @cached_property
    def _indexed(self) -> pysam.FastaFile | None:
        needed = [f"{self.fasta}.fai", *([f"{self.fasta}.gzi"] if self._packed else [])]
        return pysam.FastaFile(str(self.fasta)) if all(Path(name).is_file() for name in needed) else None

    @cached_property
    def size(self) -> int:
        """Bytes of the FASTA file."""
        return self.fasta.stat().st_size

    @property
    def is_small(self) -> bool:
        """Whether the FASTA can be read as a whole."""
        return self.size <= _SMALL

    @cached_property
    def whole(self) -> dict[str, str] | None:
        """Sequences by contig, in capitals; None of a large FASTA."""
        if not self.is_small:
            return None
        with (gzip.open if self._packed else open)(self.fasta, "rt") as lines:
            contigs = (text.partition("\n") for text in f"\n{lines.read()}".split("\n>")[1:])
            return {head.split()[0]: "".join(body.split()).upper() for head, _, body in contigs if head.split()}

    @cached_property
    def lengths(self) -> dict[str, int]:
        """Bases of each contig; empty where they are not known."""
        if self._indexed:
            return dict(zip(self._indexed.references, self._indexed.lengths, strict=True))
        return {name: len(sequence) for name, sequence in (self.whole or {}).items()}

    def fetch(self, contig: str, start: int, end: int) -> str | None:
        """Bases of a 0-based half-open interval, in capitals; None where they cannot be had."""
        try:
            if self._indexed:
                return self._indexed.fetch(contig, start, end).upper()
            return None if self.whole is None else self.whole[contig][start:end]
        except (KeyError, ValueError, OSError):
            return None
