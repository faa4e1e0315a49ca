"""STAR's command lines: names of files without special characters, a read group for each lane."""

import pytest

from gms.alignment.align_reads import LaneReads, Stream
from gms.alignment.star import index_bases, index_files, star_command, stream_command

LANES = (LaneReads("L1", "/data/a b,c_1.fastq.gz", "/data/a b,c_2.fastq.gz"), LaneReads("L2", "x_1.fq.gz", "x_2.fq.gz"))


def stream(trim: bool) -> Stream:
    return Stream("S", LANES, "reference/star", "star", trim, 8, "/tmp/work here")


@pytest.mark.parametrize(("length", "bases"), [(1, 4), (18_933, 6), (2_400_000, 9), (3_100_000_000, 14)])
def test_pieces_of_the_index_are_shorter_for_a_small_genome(length, bases):
    assert index_bases(length) == bases


@pytest.mark.parametrize("trim", [False, True])
def test_lanes_are_aligned_together(trim):
    command = star_command(stream(trim))

    ending = "fastq" if trim else "fastq.gz"
    files = f"reads-0_1.{ending},reads-1_1.{ending} reads-0_2.{ending},reads-1_2.{ending}"
    assert f"--genomeDir here/reference/star --readFilesIn {files}" in command
    assert "ID:S.L1 SM:S LB:S PU:L1 PL:ILLUMINA , ID:S.L2" in command
    assert ("--readFilesCommand" in command) != trim


def test_files_are_linked_or_trimmed_before():
    linked, trimmed = (stream_command(stream(trim), "reference/genome.fa", "S.cram") for trim in (False, True))

    assert """ln -sfn '/data/a b,c_1.fastq.gz' "$work"/reads-0_1.fastq.gz;""" in linked
    assert """ln -sfn "$PWD"/x_2.fq.gz "$work"/reads-1_2.fastq.gz;""" in linked
    assert trimmed.count("fastp --in1") == 2 and "fastp" not in linked
    assert "work='/tmp/work here'" in linked and "--reference /proc/self/cwd/reference/genome.fa" in linked


@pytest.mark.parametrize("amplicon", [False, True])
def test_duplicates_are_marked_but_of_amplicons(amplicon):
    command = stream_command(stream(False)._replace(molecules=amplicon), "reference/genome.fa", "S.cram")

    assert ("samtools markdup" in command) is not amplicon
    assert '"$work"/markdup.*' in command.partition(" EXIT;")[0]  # removed, too
    assert command.endswith("-o S.cram -" if amplicon else "- S.cram")


def test_the_index_has_its_files():
    assert {"ref/Genome", "ref/SA", "ref/SAindex", "ref/chrName.txt", "ref/sjdbList.out.tab"} <= {*index_files("ref")}
