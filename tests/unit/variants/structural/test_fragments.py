"""Whether a file has pairs enough, seen in its first reads."""

from pathlib import Path

import pysam
import pytest

from gms.variants.structural.fragments import MIN_PAIRS, has_pairs, library_of

HEADER = {"HD": {"VN": "1.6", "SO": "coordinate"}, "SQ": [{"SN": "chr1", "LN": 100_000}]}
PROPER, FIRST, REVERSE, DUPLICATE = 0x3, 0x40, 0x20, 0x400


def write_bam(path: Path, pairs: int, duplicates: int = 0) -> Path:
    """First reads of proper pairs, then such reads that are duplicates."""
    with pysam.AlignmentFile(str(path), "wb", header=HEADER) as bam:
        for number in range(pairs + duplicates):
            read = pysam.AlignedSegment(bam.header)
            read.query_name, read.query_sequence, read.cigarstring = f"r{number}", "ACGT" * 10, "40M"
            read.flag = PROPER | FIRST | REVERSE | (DUPLICATE if number >= pairs else 0)
            read.reference_id = read.next_reference_id = 0
            read.reference_start, read.next_reference_start, read.template_length = number, number + 200, 240
            read.mapping_quality = 60
            bam.write(read)
    return path


@pytest.mark.parametrize(("pairs", "duplicates", "known"), [(MIN_PAIRS, 0, True), (MIN_PAIRS - 1, 50, False)])
def test_pairs_are_enough_as_the_whole_library_says(tmp_path, pairs, duplicates, known):
    bam = write_bam(tmp_path / "reads.bam", pairs, duplicates)
    assert has_pairs(bam, tmp_path / "genome.fa") == library_of(bam, tmp_path / "genome.fa").is_paired == known
