"""Reads of the lanes are the reads of the CRAM, less those that trimming reports."""

import json

import pytest

from alignments import read, write_cram, write_fasta
from gms.alignment.read_counts import ReadsLost, lane_counts, require_all_reads

GENOME = "ACGTTGCA" * 50


@pytest.fixture
def cram(tmp_path):
    """Six reads, and a supplementary and a secondary record, which are no reads."""
    records = [read(f"r{n}", n, "20M", GENOME[n : n + 20]) for n in range(6)]
    records += [read("r0", 100, "20M", GENOME[100:120], flag=flag) for flag in (0x800, 0x100)]
    return str(write_cram(tmp_path / "s.cram", write_fasta(tmp_path / "g.fa", GENOME), records))


def report(folder, before, after):
    counts = {"before_filtering": {"total_reads": before}, "after_filtering": {"total_reads": after}}
    (folder / "fastp.json").write_text(json.dumps({"summary": counts}))
    return str(folder / "fastp.json")


def test_all_reads_arrive(cram):
    lanes = lane_counts("S1", {"L001": 4, "L002": 2}, [None, None])
    assert require_all_reads("S1", lanes, cram) == {"sample": "S1", "lanes": lanes, "reads": 6}


def test_what_trimming_reports_is_not_lost(tmp_path, cram):
    lanes = lane_counts("S1", {"L001": 10}, [report(tmp_path, 10, 6)])
    assert lanes == {"L001": {"reads": 10, "trimmed_away": 4}}
    assert require_all_reads("S1", lanes, cram)["reads"] == 6


def test_fewer_reads_in_the_cram_are_an_error(tmp_path, cram):
    with pytest.raises(ReadsLost, match="sample S1: its lanes have 8 reads, but its CRAM has 6. A tool ended early"):
        require_all_reads("S1", lane_counts("S1", {"L001": 8}, [None]), cram)
    lanes = lane_counts("S1", {"L001": 10}, [report(tmp_path, 10, 8)])
    with pytest.raises(ReadsLost, match="its lanes have 10 reads, 2 of which were trimmed away, but its CRAM has 6"):
        require_all_reads("S1", lanes, cram)


def test_trimming_that_saw_half_a_lane_is_an_error(tmp_path):
    with pytest.raises(ReadsLost, match="lane L001 has 10 reads, of which fastp read 5"):
        lane_counts("S1", {"L001": 10}, [report(tmp_path, 5, 5)])
    (tmp_path / "fastp.json").write_text('{"summary": {')
    with pytest.raises(ReadsLost, match="fastp wrote no whole report of lane L001"):
        lane_counts("S1", {"L001": 10}, [str(tmp_path / "fastp.json")])


def test_reads_that_cannot_be_counted_are_an_error(tmp_path):
    (tmp_path / "s.cram").write_bytes(b"CRAM")
    with pytest.raises(ReadsLost, match="cannot be counted"):
        require_all_reads("S1", {}, str(tmp_path / "s.cram"))
