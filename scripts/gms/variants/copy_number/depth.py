"""Reads that begin in bins of the genome, and what of a bin decides how many: its GC content and how unique it is.

A bin is BIN bases of a contig, the first begins at base 0; the rest at the end of a contig is left out.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pysam

from gms.genome.ploidy import AUTOSOME, MITOCHONDRION, X, Y
from gms.variants.evidence.observe import SKIPPED

BIN = 500
MIN_MAPQ = 20  # a read of lower mapping quality fits elsewhere as well
CHROMOSOME = 0.15  # of the longest contig; of GRCh38 and GRCh37 chr21 has 0.19, the longest decoy (hs37d5) 0.14
EDGE = 2  # bins next to unknown bases and ends of contigs, where fragments cannot begin or end
_FIELDS = [b"required_fields=0x1e"]  # flag, contig, position, mapping quality: a CRAM is not decoded any further


class Reads(NamedTuple):
    """Reads of a sample that begin in each bin of a contig: those that fit nowhere else, and all."""

    unique: np.ndarray
    every: np.ndarray


def looked_at(contigs: Mapping[str, int]) -> dict[str, int]:
    """The contigs whose copies are counted: autosomes, X and Y, and others that are as long as chromosomes."""
    longest = max(contigs.values(), default=0)
    return {
        contig: length
        for contig, length in contigs.items()
        if length >= BIN and contig not in MITOCHONDRION
        if AUTOSOME.fullmatch(contig) or contig in (*X, *Y) or length >= CHROMOSOME * longest
    }


def count_reads(path: Path | str, fasta: Path | str, contigs: Mapping[str, int]) -> dict[str, Reads]:
    """Reads in the bins of these contigs, of a BAM or CRAM file."""
    counts = {contig: ([0] * (n // BIN + 1), [0] * (n // BIN + 1)) for contig, n in contigs.items()}
    with pysam.AlignmentFile(str(path), reference_filename=str(fasta), format_options=_FIELDS) as alignment:
        of_id = [counts.get(contig) for contig in alignment.references]
        for read in alignment.fetch(until_eof=True):
            if read.flag & SKIPPED or read.reference_id < 0 or not (found := of_id[read.reference_id]):
                continue
            at = read.reference_start // BIN
            found[1][at] += 1
            if read.mapping_quality >= MIN_MAPQ:
                found[0][at] += 1
    return {contig: Reads(*(np.array(one[:-1]) for one in both)) for contig, both in counts.items()}


def within_reads(samples: Sequence[Mapping[str, Reads]], gc: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """`gc` with NaN for what lies before the first read of a contig and after its last one, of all samples: reads of a
    part of the genome, or ends of chromosomes that no read can be placed at, are no lost copies."""
    found = {}
    for contig, values in gc.items():
        empty = sum(one[contig].every for one in samples) == 0
        reached = np.flatnonzero(~empty)
        first, last = (reached[0], reached[-1]) if len(reached) else (len(values), len(values))
        numbers = np.arange(len(values))
        found[contig] = np.where((numbers < first + EDGE) & (first > 0), np.nan, values)
        found[contig][(numbers > last - EDGE) & (last < len(values) - 1)] = np.nan
    return found


_IS_GC, _IS_BASE = (np.isin(np.arange(256), list(letters)) for letters in (b"GC", b"ACGT"))  # by code of a letter


def gc_content(fasta: Path | str, contigs: Iterable[str]) -> dict[str, np.ndarray]:
    """Fraction of G and C in each bin; NaN with an unknown base, or next to one or to an end of the contig."""
    found = {}
    with pysam.FastaFile(str(fasta)) as reference:
        for contig in contigs:
            bases = np.frombuffer(reference.fetch(contig).upper().encode(), dtype=np.uint8)
            bases = bases[: len(bases) // BIN * BIN].reshape(-1, BIN)
            gc = _IS_GC[bases].mean(axis=1)
            gc[_widened(~_IS_BASE[bases].all(axis=1))] = np.nan
            found[contig] = gc
    return found


def _widened(unknown: np.ndarray) -> np.ndarray:
    """Bins that are unknown or within EDGE of one that is, or of an end."""
    padded = np.concatenate([np.ones(EDGE, bool), unknown, np.ones(EDGE, bool)])
    return np.any([padded[at : at + len(unknown)] for at in range(2 * EDGE + 1)], axis=0)
