"""Human reads are found and never handed over: a mixture of a made-up virus and a made-up human genome."""

import gzip
import subprocess
from random import Random

import pytest

from gms.validation.demo_virus.amplicon_reads import reverse_complement
from gms.viral.handover.human_reads import HumanAlignmentFailed, human_scores, virus_scores, write_kept
from made_up_virus import GENOME, examined, reads

HUMAN = "".join(Random(3).choices("ACGT", k=20_000))


def human_pairs(number):
    random = Random(5)
    for _ in range(number):
        at = random.randrange(len(HUMAN) - 500)
        yield HUMAN[at : at + 150], reverse_complement(HUMAN[at + 250 : at + 400])


@pytest.fixture
def mixture(tmp_path):
    (tmp_path / "human.fa").write_text(f">chr1\n{HUMAN}\n")
    subprocess.run(["bwa", "index", tmp_path / "human.fa"], check=True, capture_output=True)
    virus, human = reads([]), list(human_pairs(60))
    chimeric = [(virus[0][0], human[0][1])] * 5  # one mate of each
    neither = [("".join(Random(9).choices("ACGT", k=150)),) * 2] * 5
    pairs = virus + human + chimeric + neither
    examined(tmp_path, pairs)
    return tmp_path, pairs, len(virus)


def test_only_pairs_of_the_virus_are_kept(mixture):
    folder, pairs, number = mixture
    lanes = [tuple(str(folder / "fastq" / f"S1_{mate}.fastq.gz") for mate in (1, 2))]
    human = human_scores(str(folder / "human.fa"), lanes, 1, "S1", folder / "log")
    outputs = (folder / "kept_1.fastq.gz", folder / "kept_2.fastq.gz")
    counts = write_kept(lanes, virus_scores(folder / "S1.bam"), human, outputs)
    assert counts == (len(pairs), 65, number) and counts.human_fraction == pytest.approx(65 / len(pairs))
    for path in outputs:
        with gzip.open(path, "rt") as lines:
            texts = lines.read().splitlines()
        assert texts[::4] == [f"@{n}" for n in range(1, number + 1)]  # nothing of instrument or sample
        both = GENOME + reverse_complement(GENOME)
        assert not any(read[:60] in HUMAN or read[:60] in reverse_complement(HUMAN) for read in texts[1::4])
        assert sum(read[:60] in both for read in texts[1::4]) > 0.9 * number


def test_a_human_reference_that_bwa_cannot_read_is_a_sentence(tmp_path):
    reads = tmp_path / "reads.fastq"
    reads.write_text("@r\nACGT\n+\nIIII\n")
    with pytest.raises(HumanAlignmentFailed, match="sample S1"):
        human_scores(str(tmp_path / "none.fa"), [(str(reads), str(reads))], 1, "S1", tmp_path / "log")
    assert "fail to locate the index" in (tmp_path / "log").read_text()


def test_kept_reads_have_the_same_bytes_each_time(mixture):
    folder, _, _ = mixture
    lanes = [tuple(str(folder / "fastq" / f"S1_{mate}.fastq.gz") for mate in (1, 2))]
    made = []
    for run in ("a", "b"):
        outputs = (folder / f"{run}_1.gz", folder / f"{run}_2.gz")
        write_kept(lanes, virus_scores(folder / "S1.bam"), {}, outputs)
        made.append(outputs[0].read_bytes())
    assert made[0] == made[1]
