"""How certain the place of a read is, by its mate as well where the aligner has not asked that.

bwa mem raises the mapping quality of a read whose mate is certain by up to 40, but of no pair of which a read has two
alignments (mem_sam_pe of bwamem_pair.c goes to no_pairing). Where an element is inserted within an old like one, most
clipped reads have two, so that their mapping quality is near 0, next to reads in one part of 40.
"""

import pysam

from gms.variants.evidence.observe import MIN_MAPPING_QUALITY, SKIPPED

MOST_BY_MATE = 40  # that bwa mem adds


def placed_quality(read: pysam.AlignedSegment) -> int:
    """Mapping quality (phred); of a split read (SA) at the usual distance from its mate (proper pair), raised by the
    mate's (MQ, which samtools fixmate adds). A supplementary alignment has the flags of the primary one, which is
    elsewhere, so it is not raised."""
    quality = read.mapping_quality
    if quality >= MIN_MAPPING_QUALITY or not read.is_proper_pair or read.is_supplementary or not read.has_tag("SA"):
        return quality
    by_mate = read.get_tag("MQ") if read.has_tag("MQ") else 0
    return max(quality, min(by_mate, quality + MOST_BY_MATE))


def is_placed(read: pysam.AlignedSegment) -> bool:
    """Whether it is a primary alignment, no duplicate, and its place is certain."""
    return not read.flag & SKIPPED and placed_quality(read) >= MIN_MAPPING_QUALITY
