"""The stream from FASTQ to CRAM with the tools themselves."""

import subprocess
from pathlib import Path

import pysam
import pytest

from alignments import write_fasta
from gms.alignment.align_reads import LaneReads, align_reads
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
