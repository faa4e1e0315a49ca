import pytest

from gms.inputs.requests import FLOOR_MB, FLOOR_MINUTES, SNAKEMAKE_MB, Needs, optional_input, per_attempt
from gms.inputs.run_model import Lane, Sample


@pytest.fixture
def needs(tmp_path):
    """A genome of 100 Mb and a sample with reads of 1,000 MB, as empty space; the wildcards are names of samples."""
    for name, size in (("genome.fa", 100), ("reads_R1.fastq.gz", 600), ("reads_R2.fastq.gz", 400)):
        with open(tmp_path / name, "wb") as file:
            file.truncate(size * 1_000_000)
    return Needs(tmp_path / "genome.fa", lambda names: [sample(tmp_path, name) for name in names])


def sample(folder, name):
    lane = Lane("L001", folder / f"{name}_R1.fastq.gz", folder / f"{name}_R2.fastq.gz", 2)
    return Sample(name, "C1", "proband", "wgs_rare", "unknown", "unknown", None, "", None, (lane,))


READS = ["reads"]


def test_files_that_are_absent_are_no_input(tmp_path):
    (tmp_path / "targets.bed").write_text("")
    assert optional_input(tmp_path / "targets.bed") == str(tmp_path / "targets.bed")
    assert optional_input(tmp_path / "other.bed") == []
    assert optional_input(None) == []


def test_retries_ask_for_more(needs):
    assert [per_attempt(2_000)(None, attempt) for attempt in (1, 2, 3)] == [2_000, 4_000, 6_000]
    assert [needs.memory(base=750)(None, 1, attempt) for attempt in (1, 2, 3)] == [1_000, 2_000, 3_000]
    assert [needs.minutes(genome=1_000)(None, 1, attempt) for attempt in (1, 2)] == [100, 200]


def test_memory_grows_with_the_genome_and_its_longest_chromosome(needs):
    assert needs.memory(genome=10)([], 4, 1) == SNAKEMAKE_MB + 1_000
    assert needs.memory(contig=50)([], 4, 1) == SNAKEMAKE_MB + 4 * 50 * 8
    assert needs.memory(thread=300)([], 4, 1) == SNAKEMAKE_MB + 1_200


def test_memory_fills_with_reads_up_to_a_limit(needs):
    memory = needs.memory(base=500, reads=2, most=1_000, thread=500)
    assert [memory(READS, threads, 1) - SNAKEMAKE_MB for threads in (1, 2, 16)] == [2_000, 2_500, 2_500]
    assert memory([], 16, 1) == SNAKEMAKE_MB + 500


def test_what_differs_between_assays_is_asked_of_the_wildcards(needs):
    assert needs.memory(base=lambda wildcards: 1_000 * len(wildcards))(READS, 1, 1) == SNAKEMAKE_MB + 1_000


def test_time_is_work_by_threads(needs):
    assert [needs.minutes(reads=60)(READS, threads, 1) for threads in (1, 2, 16)] == [60, 30, FLOOR_MINUTES]


def test_nothing_asks_for_less_than_the_floors_or_a_thread(needs, tmp_path):
    planned = Needs(tmp_path / "absent.fa", lambda names: [sample(tmp_path, "absent")])
    assert planned.memory(genome=10, reads=5)(None, 1, 1) == FLOOR_MB
    assert planned.minutes(genome=10, reads=5)(None, 1, 1) == FLOOR_MINUTES
    assert planned.threads(reads=100, genome=5)(None) == 1


def test_threads_are_as_many_as_the_reads_and_the_genome_keep_busy(needs):
    assert needs.threads(reads=250)(READS) == 4
    assert needs.threads(reads=10)(READS) == 16
    assert needs.threads(reads=10, genome=50)(READS) == 2
    assert needs.threads(reads=10, most=3)(READS) == needs.threads(reads=10, most=lambda _: 3)(READS) == 3
    assert needs.threads(reads=1e6, most=3)(READS) == needs.threads(genome=1e6, most=3)(READS) == 1


def test_a_compressed_reference_counts_as_what_it_unpacks_to(tmp_path):
    (tmp_path / "genome.fa.gz").write_bytes(bytes(1_000_000))
    assert Needs(tmp_path / "genome.fa.gz", list).genome == 4.0
