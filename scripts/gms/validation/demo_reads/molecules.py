"""Reads with UMIs: each fragment is a molecule of two strands, each read twice; both reads begin with a UMI.

The read structure is that of the sheet. Of a fragment whose ends have the UMIs A and B, reads of one strand are A and
B, of the other B and A.
"""

import numpy as np

from gms.validation.demo_genome.stream import Stream
from gms.validation.demo_reads.fragments import Fragments, Library, Template
from gms.validation.demo_reads.reads import LETTERS, read_texts

STRUCTURE = "7M1S+T 7M1S+T"
UMI, SPACER = 7, b"T"  # bases; the base between UMI and fragment
COPIES = 2  # pairs of each strand


def molecule_reads(
    fragments: Fragments, templates: list[Template], library: Library, stream: Stream
) -> list[tuple[bytes, bytes]]:
    """FASTQ text of read 1 and read 2, of one lane."""
    size = len(fragments.start)
    copies = np.repeat(np.arange(size), 2 * COPIES)
    flipped = np.tile(np.repeat([False, True], COPIES), size)
    ends = [_tags(size, stream)[copies] for _ in range(2)]
    order = stream.order(len(copies))
    numbers, flipped = copies[order], flipped[order]
    swap = flipped[:, None]
    tags = [np.where(swap, *pair) for pair in ((ends[1][order], ends[0][order]), (ends[0][order], ends[1][order]))]
    return read_texts(fragments, templates, library.length, numbers, flipped, stream, 1, tags)


def _tags(size: int, stream: Stream) -> np.ndarray:
    """The UMIs and spacers of one end of each fragment."""
    bases = LETTERS[stream.below(4, size * UMI)].reshape(size, UMI)
    return np.hstack([bases, np.full((size, 1), SPACER[0], dtype=np.uint8)])
