"""Reads of BAM, CRAM and unaligned BAM files through the alignment with the tools themselves."""

import subprocess
from collections import Counter

import pysam
import pytest

from alignments import write_fasta
from gms.alignment.align_reads import LaneReads, align_reads
from gms.alignment.read_counts import ReadsLost, require_taken
from gms.alignment.taken_reads import ReadsNotTaken
from gms.preflight.sample_files import alignment_problems
from lanes import GENOME, stream, write_lane


@pytest.fixture(scope="module")
def genome(tmp_path_factory):
    fasta = write_fasta(tmp_path_factory.mktemp("genome") / "genome.fa", GENOME)
    subprocess.run(["bwa", "index", str(fasta)], check=True, capture_output=True)
    return fasta


def align(folder, fasta, lanes, cram_fasta=None, **changes) -> list[pysam.AlignedSegment]:
    """The records of the CRAM that is made of lanes."""
    folder.mkdir(exist_ok=True)
    cram, log = folder / "S1.cram", folder / "S1.log"
    log.write_text("")
    facts = {"index": str(fasta), "tmpdir": str(folder), "cram_fasta": str(cram_fasta or fasta)} | changes
    align_reads(stream(lanes, **facts), str(fasta), str(cram), log)
    with pysam.AlignmentFile(str(cram), reference_filename=str(fasta)) as alignment:
        return list(alignment.fetch(until_eof=True))


@pytest.fixture(scope="module")
def original(tmp_path_factory, genome):
    """Two lanes of 40 pairs, of which some are the same fragments: their reads by name and mate, and their CRAM."""
    folder = tmp_path_factory.mktemp("original")
    lanes = [write_lane(folder, "L001", 30), write_lane(folder, "L002", 10)]
    return align(folder, genome, lanes), folder / "S1.cram"


def reads(records) -> Counter:
    """Primary reads as the sequencer gave them: name, mate, bases, qualities, whether they failed its control."""
    return Counter(
        (r.query_name, r.is_read1, r.get_forward_sequence(), bytes(r.get_forward_qualities()), r.is_qcfail)
        for r in records
        if not r.is_secondary and not r.is_supplementary
    )


def rewritten(path, source, genome, change=None, mode="wb", extra=(), header=None, options=()):
    """A copy of a CRAM as BAM or CRAM, with every record changed; `extra` records are made of the first."""
    with pysam.AlignmentFile(str(source), reference_filename=str(genome)) as given:
        records = list(given.fetch(until_eof=True))
        texts = header or given.header.to_dict()
        places = {"reference_filename": str(genome), "format_options": list(options)}
        with pysam.AlignmentFile(str(path), mode, header=texts, add_sam_header=True, **places) as out:
            for number, record in enumerate([*records, *(records[0] for _ in extra)]):
                if change and number < len(records):
                    record = change(record)
                if number >= len(records):
                    record.flag |= extra[number - len(records)]
                if record is not None:
                    out.write(record)
    return path


@pytest.mark.parametrize("trim", [False, True])
@pytest.mark.parametrize("name", ["again.bam", "again.cram"])
def test_reads_and_their_lanes_survive(tmp_path, genome, original, name, trim):
    records, cram = original
    mode, extra = ("wb" if name.endswith("bam") else "wc"), (0x100, 0x800)  # a secondary and a supplementary record
    source = rewritten(tmp_path / name, cram, genome, mode=mode, extra=extra)
    found = align(tmp_path / "out", genome, [LaneReads("L001", "", "", bam=str(source))], trim=trim)
    assert reads(found) == reads(records)
    groups = {record.query_name.split(":")[0]: record.get_tag("RG") for record in found}
    assert groups == {"L002": "S1.L001-1", "L001": "S1.L001-2"}  # in the order of their header
    assert sum(r.is_duplicate for r in found) == sum(r.is_duplicate for r in records) > 0


def test_a_read_group_called_0_is_no_lane_of_reads_without_one(tmp_path, genome, original):
    """The IDs that some converters write; reads without a read group are a lane as well."""

    def renamed(record):
        if record.query_name == "L001:7":
            record.set_tag("RG", None)
        else:
            record.set_tag("RG", "0" if record.query_name.startswith("L001") else "1")
        return record

    header = {"HD": {"VN": "1.6"}, "RG": [{"ID": "0", "SM": "S1"}, {"ID": "1", "SM": "S1"}]}
    with pysam.AlignmentFile(str(original[1]), reference_filename=str(genome)) as given:
        header["SQ"] = given.header.to_dict()["SQ"]
    source = rewritten(tmp_path / "two.bam", original[1], genome, renamed, header=header)
    found = align(tmp_path / "out", genome, [LaneReads("L001", "", "", bam=str(source))])
    assert reads(found) == reads(original[0])
    assert {record.get_tag("RG") for record in found} == {"S1.L001-0", "S1.L001-1", "S1.L001-2"}


def test_reads_that_failed_the_control_of_the_sequencer_stay_marked(tmp_path, genome, original):
    def failed(record):
        record.is_qcfail = record.query_name in ("L001:3", "L002:4")
        return record

    source = rewritten(tmp_path / "failed.bam", original[1], genome, failed)
    found = align(tmp_path / "out", genome, [LaneReads("L001", "", "", bam=str(source))])
    assert {record.query_name for record in found if record.is_qcfail} == {"L001:3", "L002:4"}
    assert sum(reads(found).values()) == 80 and not any(record.has_tag("YF") for record in found)


def test_an_unaligned_bam_without_read_groups(tmp_path, genome, original):
    def unaligned(record):
        bare = pysam.AlignedSegment()
        bare.query_name, bare.flag = record.query_name, 0x4D if record.is_read1 else 0x8D
        bare.query_sequence = record.get_forward_sequence()
        bare.query_qualities = record.get_forward_qualities()
        bare.set_tag("OQ", "#" * 100)
        return bare

    source = rewritten(tmp_path / "u.bam", original[1], genome, unaligned, header={"HD": {"VN": "1.6"}})
    found = align(tmp_path / "out", genome, [LaneReads("L007", "", "", bam=str(source))])
    assert {record.get_tag("RG") for record in found} == {"S1.L007"}
    assert {bytes(record.get_forward_qualities()) for record in found} == {bytes([2] * 100)}  # the original ones
    assert {key[:3] for key in reads(found)} == {key[:3] for key in reads(original[0])}


def dropped(number):
    return lambda record: None if record.query_name == "L001:5" and record.is_read1 == number else record


def single(record):
    record.flag &= ~0xFF
    return record


def hard_clipped(record):
    record.cigarstring, record.query_sequence = "10H90M", record.query_sequence[10:]
    return record


@pytest.mark.parametrize("change, text", [
    (dropped(True), "lack their mate"), (single, "80 of its 80 reads are not of pairs"), (hard_clipped, "hard clips"),
    (lambda record: None, "it holds none"),
])  # fmt: skip
def test_what_cannot_be_used_is_said(tmp_path, genome, original, change, text):
    source = rewritten(tmp_path / "x.bam", original[1], genome, change)
    with pytest.raises(ReadsNotTaken, match=text):
        align(tmp_path / "out", genome, [LaneReads("L001", "", "", bam=str(source))])


def test_a_cram_is_read_with_the_genome_that_it_was_written_with(tmp_path, genome, original):
    other = write_fasta(tmp_path / "other.fa", GENOME[::-1])
    lane = LaneReads("L001", "", "", bam=str(original[1]))
    with pytest.raises(ReadsNotTaken, match=r"write its path as reference\.cram in the config"):
        align(tmp_path / "out", genome, [lane], cram_fasta=other)
    subprocess.run(["bwa", "index", str(other)], check=True, capture_output=True)
    found = align(tmp_path / "moved", other, [lane], cram_fasta=genome)
    assert reads(found) == reads(original[0])


def test_files_that_are_not_whole_or_of_several_samples(tmp_path, genome, original):
    bam = rewritten(tmp_path / "whole.bam", original[1], genome)
    assert alignment_problems(bam, "whole.bam") == [] == alignment_problems(original[1], "S1.cram")
    for source in (bam, original[1]):
        cut = tmp_path / f"cut{source.suffix}"
        cut.write_bytes(source.read_bytes()[:-28])
        ((text, is_damage),) = alignment_problems(cut, cut.name)
        assert is_damage and "is truncated" in text
    (tmp_path / "text.bam").write_text("@HD\n")
    for name, text in (("text.bam", "neither a BAM nor a CRAM"), ("none.bam", "does not exist; paths are relative")):
        assert text in alignment_problems(tmp_path / name, name)[0][0]
    groups = [{"ID": "a", "SM": "A"}, {"ID": "b", "SM": "B"}]
    pooled = rewritten(tmp_path / "pool.bam", original[1], genome, lambda record: None, header={"RG": groups})
    assert "it holds 2 samples" in alignment_problems(pooled, "pool.bam")[0][0]


@pytest.mark.parametrize("version", ["2.1", "3.0", "3.1"])
def test_a_whole_cram_of_any_version_is_whole(tmp_path, genome, original, version):
    cram = rewritten(tmp_path / "whole.cram", original[1], genome, mode="wc", options=[f"version={version}".encode()])
    assert cram.read_bytes()[4:6] == bytes(map(int, version.split(".")))
    assert alignment_problems(cram, cram.name) == []


def test_reads_that_are_missing_are_noticed():
    require_taken("S1", {"/d/a.bam": 4}, [("/d/a.bam", 2), ("", 9), ("/d/a.bam", 2)])
    with pytest.raises(ReadsLost, match=r"a.bam has 4 primary reads, of which 2 were taken out"):
        require_taken("S1", {"/d/a.bam": 4}, [("/d/a.bam", 2)])
