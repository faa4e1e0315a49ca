"""The stream from FASTQ to CRAM with the tools themselves."""

import os
import shutil
import subprocess
from pathlib import Path

import pysam
import pytest

from alignments import write_fasta
from gms.alignment.align_reads import LaneReads, align_reads
from gms.alignment.read_counts import ReadsLost
from gms.genome.fastq import BrokenFastq, UnequalReads
from lanes import GENOME, stream, write_lane


@pytest.fixture
def align(tmp_path):
    """Aligns lanes with the tools; gives the read group and flag of each read, by name."""
    fasta = write_fasta(tmp_path / "genome.fa", GENOME)
    subprocess.run(["bwa", "index", str(fasta)], check=True, capture_output=True)

    def aligned(lanes: list[LaneReads], **changes) -> tuple[list[str], dict[str, list[tuple[str, int]]]]:
        cram, log = tmp_path / "S1.cram", tmp_path / "S1.log"
        log.write_text("")
        work = tmp_path / "temporary files"
        work.mkdir(exist_ok=True)
        align_reads(stream(lanes, index=str(fasta), tmpdir=str(work), **changes), str(fasta), str(cram), log)
        assert not list(work.iterdir())
        with pysam.AlignmentFile(str(cram), reference_filename=str(fasta)) as alignment:
            assert alignment.has_index()
            groups = [group["ID"] for group in alignment.header.to_dict()["RG"]]
            found: dict[str, list[tuple[str, int]]] = {}
            for read in alignment.fetch():
                found.setdefault(read.query_name, []).append((read.get_tag("RG"), read.flag))
        return groups, found

    return aligned


@pytest.mark.parametrize("trim", [False, True])
def test_lanes_become_one_sorted_alignment_with_their_read_groups(tmp_path, align, trim):
    lanes = [write_lane(tmp_path, "L001", 30), write_lane(tmp_path, "L002", 25, seed=2)]
    groups, found = align(lanes, trim=trim)
    assert sorted(groups) == ["S1.L001", "S1.L002"]
    assert {name: {group for group, _ in reads} for name, reads in found.items()} == {
        **{f"L001:{n}": {"S1.L001"} for n in range(30)},
        **{f"L002:{n}": {"S1.L002"} for n in range(25)},
    }
    assert all(flag & pysam.FPROPER_PAIR for reads in found.values() for _, flag in reads)


def test_copies_of_a_fragment_are_marked_also_over_lanes(tmp_path, align):
    lanes = [write_lane(tmp_path, "L001", 10), write_lane(tmp_path, "L002", 10)]
    _, found = align(lanes)
    flags = [flag for reads in found.values() for _, flag in reads]
    assert sum(bool(flag & pysam.FDUP) for flag in flags) == len(flags) / 2


@pytest.mark.parametrize("trim", [False, True])
def test_unequal_files_fail_with_names_and_counts(tmp_path, align, trim):
    with pytest.raises(UnequalReads, match="has 20 reads but .* has 17"):
        align([write_lane(tmp_path, "L001", 20, mates=17)], trim=trim)


@pytest.mark.parametrize("trim", [False, True])
def test_a_file_cut_short_fails_with_its_name(tmp_path, align, trim):
    lane = write_lane(tmp_path, "L001", 200)
    whole = Path(lane.fastq_2).read_bytes()
    Path(lane.fastq_2).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BrokenFastq, match="L001_R2.fastq.gz' is truncated"):
        align([lane], trim=trim)


AWKWARD = "a b'c\"d;e$(touch harm)`touch harm`\nf"


@pytest.mark.parametrize("trim", [False, True])
def test_the_cram_has_the_same_bytes_in_every_folder_and_with_any_threads(tmp_path, trim, monkeypatch):
    lanes = [write_lane(tmp_path, "L001", 300), write_lane(tmp_path, "L002", 200, seed=2)]
    made = []
    for name, threads in (("one", 1), (AWKWARD, 8)):
        (tmp_path / name / "reference").mkdir(parents=True)
        monkeypatch.chdir(tmp_path / name)
        fasta = write_fasta(Path("reference/genome.fa"), GENOME)
        subprocess.run(["bwa", "index", fasta], check=True, capture_output=True)
        Path("log").write_text("")
        wanted = stream(lanes, index=str(fasta), trim=trim, threads=threads, tmpdir=str(tmp_path / name))
        counts = align_reads(wanted, str(fasta), "S1.cram", Path("log"))
        assert sorted(os.listdir()) == ["S1.cram", "S1.cram.crai", "log", "reference"]
        made.append((Path("S1.cram").read_bytes(), Path("S1.cram.crai").read_bytes(), counts))
    assert made[0] == made[1]
    header = pysam.view("--no-PG", "-H", "S1.cram")
    assert "CL:" not in header and str(tmp_path) not in header


@pytest.mark.parametrize("tool, trim", [("bwa", False), ("fastp", True), ("bwa", True), ("samtools", False)])
def test_a_tool_that_ends_early_without_an_error_is_noticed(tmp_path, align, monkeypatch, tool, trim):
    """Each tool is replaced by one that passes on half of what the true one prints, and ends well."""
    programs = tmp_path / "bin"
    programs.mkdir()
    half = (
        "| head -n 1500"
        if tool != "samtools"
        else "| if [ $1 = fixmate ]; then samtools view -u -s 1.5 -; else cat; fi"
    )
    script = f'#!/bin/bash\nPATH={os.environ["PATH"]}\n{shutil.which(tool)} "$@" {half}\nexit 0\n'
    (programs / tool).write_text(script)
    (programs / tool).chmod(0o755)
    lane = write_lane(tmp_path, "L001", 1_000)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    with pytest.raises(ReadsLost, match="A tool ended early without an error"):
        align([lane], trim=trim)
