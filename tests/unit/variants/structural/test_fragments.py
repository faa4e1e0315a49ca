"""Whether a file has pairs enough, seen in its first reads; what a pair shows of a deletion."""

import random
from collections.abc import Sequence
from pathlib import Path

import pysam
import pytest

from gms.variants.structural.events import Breakend
from gms.variants.structural.fragments import (
    BLOCK,
    MIN_PAIRS,
    Library,
    has_pairs,
    lengths_over_cuts,
    pair_shows,
    read_library,
)

HEADER = {"HD": {"VN": "1.6", "SO": "coordinate"}, "SQ": [{"SN": "chr1", "LN": 100_000}]}
PROPER, FIRST, REVERSE, DUPLICATE = 0x3, 0x40, 0x20, 0x400


def write_bam(path: Path, pairs: int, duplicates: int = 0, lengths: Sequence[int] = (240,)) -> Path:
    """First reads of proper pairs, then such reads that are duplicates."""
    with pysam.AlignmentFile(str(path), "wb", header=HEADER) as bam:
        for number in range(pairs + duplicates):
            read = pysam.AlignedSegment(bam.header)
            read.query_name, read.query_sequence, read.cigarstring = f"r{number}", "ACGT" * 10, "40M"
            read.flag = PROPER | FIRST | REVERSE | (DUPLICATE if number >= pairs else 0)
            read.reference_id = read.next_reference_id = 0
            length = lengths[number % len(lengths)]
            read.reference_start, read.next_reference_start, read.template_length = number, number + length - 40, length
            read.mapping_quality = 60
            bam.write(read)
    return path


@pytest.mark.parametrize(("pairs", "duplicates", "known"), [(MIN_PAIRS, 0, True), (MIN_PAIRS - 1, 50, False)])
def test_pairs_are_enough_as_the_whole_library_says(tmp_path, pairs, duplicates, known):
    bam = write_bam(tmp_path / "reads.bam", pairs, duplicates)
    with pysam.AlignmentFile(str(bam)) as alignment:
        assert has_pairs(bam, tmp_path / "genome.fa") == read_library(alignment).is_paired == known


LIBRARY = Library(2_000, 400, 850, 100, 150, 480, 680)


def mate(start: int, length: int) -> pysam.AlignedSegment:
    """The first read, forward, of a fragment of some length in the reference."""
    read = pysam.AlignedSegment(pysam.AlignmentHeader.from_dict(HEADER))
    read.query_sequence, read.cigarstring, read.flag = "A" * 100, "100M", PROPER | FIRST | REVERSE
    read.reference_id = read.next_reference_id = 0
    read.reference_start, read.next_reference_start, read.template_length = start, start + length - 100, length
    return read


@pytest.mark.parametrize(
    ("deleted", "start", "length", "shown"),
    [
        (254, 800, 690, "junction"),  # 436 with the deletion
        (254, 850, 660, ""),  # 406 with it; 1 in 1,000 without it is as long as 680
        (254, 850, 580, ""),  # 326 with it
        (254, 890, 380, "reference"),  # its mate lies over the other end
        (254, 800, 350, "reference"),  # its mate lies in what is lost
        (600, 850, 840, "junction"),  # 240 with it; it is shorter than the longest usual fragment
        (2_000, 800, 2_400, "junction"),
        (2_000, 800, 400, "reference"),
    ],
)
def test_a_fragment_around_a_deletion_shows_it_by_its_length(deleted, start, length, shown):
    ends = Breakend("chr1", 1_000, "3"), Breakend("chr1", 1_000 + deleted, "5")
    assert pair_shows(mate(start, length), ends, LIBRARY, deleted) == shown


def test_deletions_are_shown_by_length_where_a_quarter_of_fragments_is_then_unusually_long():
    assert LIBRARY.shortest_deletion == 200


@pytest.mark.parametrize("deleted", [400, 500, 600])
def test_the_tail_of_the_lengths_of_a_library_shows_no_deletion(tmp_path, deleted):
    """Lengths of a real library are no normal distribution: the longest of these are three times the median."""
    generator = random.Random(5)
    lengths = [round(250 + generator.gammavariate(4, 45)) for _ in range(20_000)]
    with pysam.AlignmentFile(str(write_bam(tmp_path / "reads.bam", 10_000, 0, lengths))) as alignment:
        library = read_library(alignment)
    ends = Breakend("chr1", 1_000, "3"), Breakend("chr1", 1_000 + deleted, "5")
    shown = [pair_shows(mate(890, length), ends, library, deleted) for length in lengths[10_000:]]
    assert shown.count("junction") <= 20
    with_it = [pair_shows(mate(890, length + deleted), ends, library, deleted) for length in lengths[10_000:]]
    assert with_it.count("junction") >= 1_000 and with_it.count("reference") <= 20


def test_a_deletion_of_the_sample_does_not_lengthen_its_library():
    generator = random.Random(6)
    lengths = [round(generator.gauss(400, 60)) for _ in range(5 * BLOCK)]
    with_deletion = [
        length + 500 if number < BLOCK and number % 40 == 0 else length for number, length in enumerate(lengths)
    ]
    usual, found = (lengths_over_cuts(one, 100)[2] for one in (lengths, with_deletion))
    assert abs(found - usual) <= 10
