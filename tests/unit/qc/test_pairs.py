"""Tumour in normal: alleles of a simulated pair, also from reads, and which records of a VCF count."""

import random
from collections import Counter

import numpy as np
import pytest

from alignments import aligned, write_cram, write_fasta
from gms.genome.alleles import Allele as Change
from gms.genome.scatter_intervals import SHARD_SIZE
from gms.genome.vcf import write_vcf
from gms.qc import pairs
from gms.qc.pairs import Allele, is_acquired, pair_metrics, read_alleles
from gms.variants.small import commands
from gms.variants.small.calls import call_variants
from gms.variants.small.merge_callers import Job, merge_calls

HEADER = ["##fileformat=VCFv4.2\n", "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tN\tT\n"]


def reads(depth: int, fraction: float, rng: random.Random) -> int:
    return sum(rng.random() < fraction for _ in range(depth))


def pair(tumor_in_normal: float, rng: random.Random, acquired: int = 40, inherited: int = 2_000) -> list[Allele]:
    """Acquired alleles of 10-35 % of the tumour's reads and rare inherited ones, 80 and 40 reads deep."""
    fractions = [rng.uniform(0.10, 0.35) for _ in range(acquired)]
    alleles = [Allele(reads(80, f, rng), 80, reads(40, f * tumor_in_normal, rng), 40) for f in fractions]
    return alleles + [Allele(reads(80, 0.5, rng), 80, reads(40, 0.5, rng), 40) for _ in range(inherited)]


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_tumor_in_normal_is_found_whatever_the_inherited_alleles(share):
    found = pair_metrics(pair(share, random.Random(1)))
    assert found["tumor_in_normal"] == pytest.approx(share, abs=0.12)
    assert found["swapped_alleles"] < 0.3


@pytest.mark.parametrize("share, known", [(0.0, True), (1.0, False)])
def test_normal_cells_are_not_assessed_where_the_normal_has_every_allele(share, known):
    """None, which meets no limit."""
    assert (pair_metrics(pair(share, random.Random(1)))["normal_in_tumor"] is not None) == known


def test_swapped_tubes_are_found():
    swapped = [Allele(a.normal_reads, 80, a.tumor_reads, 80) for a in pair(0.0, random.Random(2))]
    found = pair_metrics(swapped)
    assert found["swapped_alleles"] > 0.7
    assert found["tumor_in_normal"] == 1.0


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("purity, acquired, normal_clone", [
    (0.6, 15, 0), (0.6, 2_000, 300), (1.0, 2_000, 0), (0.4, 15, 0), (0.6, 10_000, 0),
])  # fmt: skip
def test_swapped_tubes_are_told_from_others(swapped, purity, acquired, normal_clone):
    """Pure and impure, quiet and hypermutated tumours; a clone in the blood; rare inherited alleles that were lost."""
    rng = np.random.default_rng(acquired)
    clones = np.where(rng.random(acquired) < 0.7, 1.0, rng.uniform(0.1, 0.8, acquired)) * purity / 2
    lost = np.where(rng.random(1_000) < 0.5, 1 / (2 - purity), (1 - purity) / (2 - purity))
    fractions = [(clones, 0.0), (lost, 0.5), (np.full(5_000, 0.5), 0.5), (np.zeros(normal_clone), 0.15)]
    alleles = []
    for tumor, normal in fractions:
        first, second = (90, 35) if not swapped else (35, 90)
        counts = rng.binomial(first, tumor), rng.binomial(second, np.full(len(tumor), normal))
        alleles += [Allele(int(t), first, int(n), second) for t, n in zip(*counts, strict=True) if max(t, n) >= 5]
    if swapped:
        alleles = [Allele(a.normal_reads, a.normal_depth, a.tumor_reads, a.tumor_depth) for a in alleles]
    found = pair_metrics(alleles)
    assert (found["swapped_alleles"] > 0.5) == swapped
    assert (found["tumor_in_normal"] > 0.1) == swapped


def test_inherited_alleles_that_a_quiet_tumor_lost_are_not_acquired():
    """One in 200 is clearly below one half in the normal by chance, and one is clearly above."""
    rng = np.random.default_rng(1)
    alleles = [Allele(20, 90, int(n), 35) for n in rng.binomial(35, 0.5, 4_000)]
    assert sum(map(is_acquired, alleles)) >= 3
    assert pair_metrics(alleles)["tumor_in_normal"] is None


@pytest.mark.parametrize("share, swapped, caller", [
    (0.3, False, "freebayes"), (0.0, True, "bcftools"), (0.0, True, "freebayes"),
])  # fmt: skip
def test_swapped_tubes_and_tumor_cells_in_the_normal_are_found_in_reads(tmp_path, share, swapped, caller):
    """Six acquired alleles in 30 % of the tumour's reads, three inherited ones; 60 reads deep."""
    rng = random.Random(5)
    sequence = "".join(rng.choices("ACGT", k=1_000))
    fasta = write_fasta(tmp_path / "genome.fa", sequence)
    changes = [Change(at, sequence[at], "ACGT"["ACGT".index(sequence[at]) - 1]) for at in range(105, 1_000, 100)]
    inherited, acquired = changes[::3], [change for n, change in enumerate(changes) if n % 3]
    tubes = {"T": 0.3, "N": 0.3 * share} if not swapped else {"T": 0.0, "N": 0.3}
    for tube, fraction in tubes.items():
        reads = []
        for number in range(60 * 9):
            start = 50 + 95 * (number % 9)
            own = [*(inherited if number // 9 % 2 else ()), *(acquired if rng.random() < fraction else ())]
            reads.append(aligned(f"{tube}{number}", sequence, own, start, 100, flag=16 * (number // 9 % 2)))
        write_cram(tmp_path / f"{tube}.cram", fasta, reads, tube)
    crams, calls = [str(tmp_path / f"{tube}.cram") for tube in tubes], tmp_path / "calls.vcf.gz"
    command = getattr(commands, caller)(str(fasta), crams, 0.05)
    write_vcf(call_variants(command, fasta, None, ["T", "N"], 0.05, 1, SHARD_SIZE, caller, Counter()), calls)
    job = Job({caller: str(calls)}, crams, str(fasta), ["tumor", "normal"], True, {})
    found = pair_metrics(read_alleles(merge_calls(job, ["T", "N"], None, SHARD_SIZE, 1), "T", "N"))
    assert found["swapped_alleles"] == float(swapped)
    assert found["tumor_in_normal"] == pytest.approx(1.0 if swapped else share, abs=0.15)


def test_callers_propose_what_a_pair_counts_in_the_normal():
    assert (commands.OTHER_READS, commands.OTHER_FRACTION) == (pairs.MIN_READS, pairs.MIN_FRACTION)


def test_too_few_acquired_alleles_are_not_assessed():
    """A normal in the tumour's tube has none."""
    unknown = {"tumor_in_normal": None, "swapped_alleles": None, "normal_in_tumor": None}
    assert pair_metrics(pair(1.0, random.Random(3), acquired=2, inherited=100)) == unknown
    assert pair_metrics(pair(0.0, random.Random(3), acquired=0, inherited=100)) == unknown


def test_inherited_alleles_are_not_acquired():
    assert is_acquired(Allele(20, 80, 0, 40))
    assert not is_acquired(Allele(38, 80, 1, 40))  # as in a normal that lost its allele
    assert not is_acquired(Allele(20, 80, 19, 40))  # an inherited allele that the tumour lost in part


@pytest.mark.parametrize(
    "ref, alt, info, tumor, counted",
    [
        ("A", "C", "MQ_ALT=60", "30,10", True),
        ("A", "C", "MQ_ALT=60;POP_AF=0.0001", "30,10", True),
        ("A", "C", "MQ_ALT=60;POP_AF=0.01", "30,10", False),
        ("A", "C", "MQ_ALT=30", "30,10", False),
        ("A", "C", "MQ_ALT=60;MQ_NORMAL=30", "30,10", False),
        ("A", "C", "MQ_ALT=60;MASK", "30,10", False),
        ("A", "C", "MQ_ALT=60;PON_COUNT=2", "30,10", False),
        ("A", "CT", "MQ_ALT=60", "30,10", False),
        ("A", "C", "MQ_ALT=60", ".", False),
        ("A", "C", "MQ_ALT=60", "90,2", False),
        ("A", "C", "MQ_ALT=60", "10,5", False),
    ],
)
def test_alleles_that_count(ref, alt, info, tumor, counted):
    record = f"1\t5\t.\t{ref}\t{alt}\t9\t.\t{info}\tGT:AD\t0/0:40,0\t0/1:{tumor}\n"
    found = list(read_alleles([*HEADER, record], "T", "N"))
    assert bool(found) == counted
    if counted:
        assert found == [Allele(10, 40, 0, 40)]
