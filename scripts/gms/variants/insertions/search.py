"""Search of whole alignments for insertions, and for deletions and duplications shorter than a fragment: reads of all
samples of a case together, by windows of the genome.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pysam

from gms.genome.intervals import Interval, read_contigs
from gms.variants.insertions.elements import Elements
from gms.variants.insertions.placement import is_placed
from gms.variants.insertions.proposals import Proposal, proposals
from gms.variants.insertions.short_events import ShortEvents
from gms.variants.small.clipped_reads import MIN_READS, ClippedEnd, ClippedReads, agreed
from gms.variants.structural.events import Event
from gms.variants.structural.fragments import has_pairs

# Of a read: name, flag, place, mapping quality, CIGAR, bases, their qualities, tags. More need not be decoded.
_FIELDS = [b"required_fields=0xe3f", b"decode_md=0"]
WINDOW = 1_000_000  # bases; clipped reads of so many are held at a time
DEEP = 400  # clipped reads at one base, from which it is a place that collapses copies


def search(fasta: Path, alignments: Sequence[Path], elements: Path) -> Iterator[Proposal | Event]:
    """What samples with enough pairs show, contig by contig. Raises UnusableElements."""
    families = Elements(elements)
    paired = [path for path in alignments if has_pairs(path, fasta)]
    opened = [pysam.AlignmentFile(str(path), reference_filename=str(fasta), format_options=_FIELDS) for path in paired]
    with pysam.FastaFile(str(fasta)) as reference:
        for contig, length in read_contigs(Path(f"{fasta}.fai")).items():

            def fetch(start: int, end: int, contig: str = contig) -> str:
                return reference.fetch(contig, start, end).upper()

            short = ShortEvents(contig, fetch)
            yield from proposals(contig, short.watched(clipped_ends(opened, contig, length)), fetch, families)
            yield from short.found


def clipped_ends(opened: Sequence[pysam.AlignmentFile], contig: str, length: int) -> Iterator[ClippedEnd]:
    """Ends that reads agree on, in order."""
    for start in range(0, length, WINDOW):
        reads = ClippedReads([Interval(start - 1, min(length, start + WINDOW))], is_used=is_placed)
        for alignment in opened:
            for read in alignment.fetch(contig, start, min(length, start + WINDOW)):
                reads.add(read)
        for place in sorted(reads.found):
            if MIN_READS <= len(reads.found[place]) <= DEEP * len(opened):
                yield from agreed(*place, reads.found[place])
