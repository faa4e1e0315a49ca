"""Refget accessions: names of reference sequences that follow from their bases alone.

GA4GH refget sequences 2.0: 'SQ.' and the sha512t24u of the sequence in upper case, without line ends or gaps:
https://samtools.github.io/hts-specs/refget.html; sha512t24u: doi:10.1371/journal.pone.0239883.
"""

import base64
import functools
import hashlib
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from gms.base.errors import GmsError
from gms.genome.fastq import GZIP

BLOCK = 4 << 20  # bytes of FASTA in memory at a time
_UPPER = bytes.maketrans(bytes(range(97, 123)), bytes(range(65, 91)))


class FastaUnusable(GmsError):
    """A FASTA or its index that does not give the bases of a contig."""


class _Contig(NamedTuple):
    """A line of a FASTA index: bases, offset of the first, bases and bytes of a line."""

    length: int
    offset: int
    bases: int
    width: int


def refget_digests(fasta: Path, contigs: Collection[str] | None = None) -> dict[str, str]:
    """Refget accession ('SQ.…') of each of the `contigs` (all of the index), in the order of the index.

    `fasta` is plain FASTA with its index beside it (.fai). It is streamed: memory does not grow with the genome.
    Raises FastaUnusable for a contig that the index does not have, a file shorter than its index and gzipped FASTA.
    """
    index = _read_index(fasta)
    if missing := sorted(set(contigs or ()) - index.keys()):
        raise FastaUnusable(
            f"{fasta.name} has no contig {', '.join(missing)}; give the FASTA that the reads were aligned to"
        )
    wanted = [name for name in index if contigs is None or name in contigs]
    facts = fasta.stat()
    stamp = facts.st_size, facts.st_mtime_ns
    return {name: _contig_digest(fasta, stamp, name, index[name]) for name in wanted}


@functools.cache
def _contig_digest(fasta: Path, stamp: tuple[int, int], name: str, contig: _Contig) -> str:
    """Remembered within a run, where manifest, variants and checks ask for it, as long as the file stays the same."""
    with open(fasta, "rb", buffering=0) as file:
        if file.read(2) == GZIP:
            raise FastaUnusable(f"{fasta.name} is gzipped; give the plain FASTA with its .fai")
        return _digest(file, contig, f"{fasta.name}: {name}")


def _digest(file: BinaryIO, contig: _Contig, words: str) -> str:
    digest, length = hashlib.sha512(), 0
    for block in _blocks(file, contig):
        bases = block.translate(_UPPER, b"\r\n")
        digest.update(bases)
        length += len(bases)
    if length != contig.length:
        raise FastaUnusable(f"{words} has {length} bases, its index says {contig.length}; index the FASTA again")
    return "SQ." + base64.urlsafe_b64encode(digest.digest()[:24]).decode("ascii")


def _blocks(file: BinaryIO, contig: _Contig) -> Iterator[bytes]:
    """The bytes of a contig from its first base to its last, with the line ends in between."""
    lines, rest = divmod(contig.length, contig.bases) if contig.bases else (0, 0)
    left = lines * contig.width + rest if rest else lines * contig.width - (contig.width - contig.bases)
    file.seek(contig.offset)
    while left > 0 and (block := file.read(min(BLOCK, left))):
        left -= len(block)
        yield block


def _read_index(fasta: Path) -> dict[str, _Contig]:
    try:
        rows = [line.split("\t") for line in Path(f"{fasta}.fai").read_text().splitlines()]
    except OSError as error:
        raise FastaUnusable(f"{fasta.name}.fai cannot be read; make it with samtools faidx") from error
    return {row[0]: _Contig(*map(int, row[1:5])) for row in rows}
