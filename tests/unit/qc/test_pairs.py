"""Tumour in normal: alleles of a simulated pair, and which records of a VCF count."""

import random

import pytest

from gms.qc.pairs import Allele, is_acquired, pair_metrics, read_alleles

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


def test_swapped_tubes_are_found():
    swapped = [Allele(a.normal_reads, 80, a.tumor_reads, 80) for a in pair(0.0, random.Random(2))]
    found = pair_metrics(swapped)
    assert found["swapped_alleles"] > 0.7
    assert found["tumor_in_normal"] == 1.0


def test_too_few_acquired_alleles_are_not_assessed():
    """A normal in the tumour's tube has none."""
    unknown = {"tumor_in_normal": None, "swapped_alleles": None}
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
