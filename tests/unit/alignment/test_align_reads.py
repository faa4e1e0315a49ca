import gzip
import shlex
import subprocess
from types import SimpleNamespace

import pytest

from gms.alignment.align_reads import (
    DECOMPRESS,
    DROP_COMMAND_LINE,
    DROP_HEADER,
    DROP_MATE_NUMBER,
    LaneReads,
    LaneUnusable,
    align_params,
    check_lanes,
    lane_command,
    read_group,
    reason,
    stream_command,
)
from gms.genome.fastq import UnequalReads
from lanes import stream, write_lane

LANES = [LaneReads("L001", "a_R1.fastq.gz", "a_R2.fastq.gz"), LaneReads("L002", "b R1.fastq.gz", "b R2.fastq.gz")]


def words(command: str) -> list[str]:
    return shlex.split(command)


def test_read_group_is_that_of_sample_and_lane():
    assert read_group("S1", "L002") == r"@RG\tID:S1.L002\tSM:S1\tLB:S1\tPU:L002\tPL:ILLUMINA"


def test_first_lane_brings_the_header_of_all():
    command = words(lane_command(stream(LANES), 0))
    assert command[:2] == ["bwa", "mem"]
    assert command[command.index("-R") + 1] == read_group("S1", "L001")
    assert command[command.index("-H") + 1] == read_group("S1", "L002")
    reads = words(f"<({DECOMPRESS} a_R1.fastq.gz) <({DECOMPRESS} a_R2.fastq.gz)")
    assert command[: command.index("|")][-len(reads) - 1 :] == ["ref/genome.fa", *reads]


def test_other_lanes_bring_reads_only():
    command = lane_command(stream(LANES), 1)
    assert "-H" not in command
    assert command.endswith(f"<({DECOMPRESS} 'b R1.fastq.gz') <({DECOMPRESS} 'b R2.fastq.gz') | {DROP_HEADER}")


@pytest.mark.parametrize("amplicon", [True, False])
def test_pairs_of_an_amplicon_have_the_same_ends_and_are_no_duplicates(amplicon):
    how = align_params(SimpleNamespace(aligner="bwa", trim=True, amplicon=amplicon))
    command = stream_command(stream(LANES)._replace(molecules=how["molecules"]), "genome.fa", "a.cram")
    assert ("samtools markdup" in command) is not amplicon


@pytest.mark.parametrize("reads", ["", "r1\t@PG\tCL:x\n@r\t4\n" + "r2\t4\n" * 50_000], ids=["no_reads", "reads"])
def test_command_lines_are_dropped_from_the_header_and_nothing_from_the_reads(reads):
    header = "@SQ\tSN:1\tLN:9\n@PG\tID:bwa\tVN:1{}\n@CO\tCL:kept\n"
    for command, kept in ((DROP_COMMAND_LINE, header.format("")), (DROP_HEADER, "")):
        script = ["bash", "-c", f"set -euo pipefail; cat | {command} | cat"]
        text = header.format("\tCL:bwa mem /home/x") + reads
        done = subprocess.run(script, input=text, capture_output=True, text=True, check=True)
        assert done.stdout == kept + reads


def test_a_single_lane_needs_no_further_header():
    assert "-H" not in words(lane_command(stream(LANES[:1]), 0))


def test_three_lanes_have_three_read_groups():
    command = words(lane_command(stream([*LANES, LaneReads("L003", "c", "d")]), 0))
    assert command[command.index("-H") + 1].split(r"\n") == [read_group("S1", "L002"), read_group("S1", "L003")]


def test_trimmed_reads_go_from_fastp_to_the_aligner():
    trimming, _, aligning = lane_command(stream(LANES, trim=True), 0).partition(" | ")
    assert words(trimming)[:5] == ["fastp", "--in1", "a_R1.fastq.gz", "--in2", "a_R2.fastq.gz"]
    assert "--stdout" in trimming
    assert "-p ref/genome.fa /dev/stdin" in aligning


def test_decompressed_reads_are_those_of_all_members_of_a_file(tmp_path):
    path = tmp_path / "two members.fastq.gz"
    path.write_bytes(gzip.compress(b"@r1\n") + gzip.compress(b"A\n+\nI\n"))
    command = ["bash", "-c", f"cat <({DECOMPRESS} {shlex.quote(str(path))})"]
    assert subprocess.run(command, capture_output=True, check=True).stdout == b"@r1\nA\n+\nI\n"


def test_numbers_of_mates_are_dropped_from_their_names():
    lane = LANES[0]._replace(numbered=True)
    assert f"<({DECOMPRESS} a_R1.fastq.gz | {DROP_MATE_NUMBER})" in lane_command(stream([lane]), 0)
    assert f"| {DROP_MATE_NUMBER} | bwa mem" in lane_command(stream([lane], trim=True), 0)
    reads = "@S.1.1 x/1\nACGT\n+\n@I.1\n@S.2.1\nACGT\n+\nIIII\n"
    done = subprocess.run(["bash", "-c", DROP_MATE_NUMBER], input=reads, capture_output=True, text=True, check=True)
    assert done.stdout == "@S.1 x/1\nACGT\n+\n@I.1\n@S.2\nACGT\n+\nIIII\n"


def test_a_lane_whose_mates_differ_is_named(tmp_path):
    one, other = write_lane(tmp_path, "L001", 20), write_lane(tmp_path, "L002", 20)
    with pytest.raises(LaneUnusable, match=r"sample 'S1', lane 'L003': fastq_1 and fastq_2 are not pairs: read 1 is"):
        check_lanes(stream([one, LaneReads("L003", one.fastq_1, other.fastq_2)]))


def test_the_result_does_not_depend_on_threads():
    assert all("-K 100000000 " in lane_command(stream(LANES, threads=threads), 0) for threads in (1, 2, 16))


def test_every_lane_is_read_to_its_end_and_the_unequal_one_named(tmp_path):
    lanes = [write_lane(tmp_path, "L001", 20), write_lane(tmp_path, "L002", 20, mates=17)]
    check_lanes(stream(lanes[:1]))
    with pytest.raises(
        UnequalReads, match=r"sample 'S1', lane 'L002': .*L002_R1.* has 20 reads but .*L002_R2.* has 17"
    ):
        check_lanes(stream(lanes))


def test_the_reason_is_the_first_error_a_tool_told():
    told = "[M::process] 0 errors\nreads failed due to low quality: 61\n"
    told += "[markdup] error: writing output failed.\nbash: line 1: 7 Done\n  8 Broken pipe\n"
    assert reason(told) == ": [markdup] error: writing output failed."
    assert reason("[M::process] read\n") == "; its tools' messages are above"
