import random
from collections import Counter

import pysam
import pytest

from alignments import CONTIG, read, write_cram, write_fasta
from gms.genome.alleles import Allele
from gms.genome.intervals import Interval
from gms.variants.evidence.repeat_reads import change, chosen, estimate
from gms.variants.evidence.stutter import ELSE, MOST, PRIOR_STUTTER, Repeat, fit, period, prior, repeats


def site(length: int, rate: float, size: int = 1, reads: int = 30, heterozygous: bool = False, seed: int = 0):
    """A repeat and the changes that so many reads show."""
    rng, changes = random.Random(seed), Counter()
    for n in range(reads):
        allele = -size if heterozygous and n % 2 else 0
        changes[allele + (rng.choice((-size, size)) if rng.random() < rate else 0)] += 1
    return Repeat(size, 1_000, 1_000 + length), changes


def sites(number: int, length: int, rate: float, size: int = 1, heterozygous: int = 0) -> list:
    """So many sites of one length, every n-th heterozygous."""
    kinds = [bool(heterozygous and n % heterozygous == 0) for n in range(number)]
    return [site(length, rate, size, heterozygous=kind, seed=n) for n, kind in enumerate(kinds)]


@pytest.mark.parametrize("rate", [0.02, 0.08, 0.15, 0.25])
@pytest.mark.parametrize("heterozygous", [0, 5])
def test_the_rate_is_that_of_the_sample(rate, heterozygous):
    found = fit([*sites(60, 12, rate, heterozygous=heterozygous), *sites(60, 8, rate / 4, heterozygous=heterozygous)])
    assert found.rate(1, 12) == pytest.approx(rate, rel=0.3)


def test_direction_and_size_of_the_slips_are_those_of_the_sample():
    losing = [(Repeat(1, 1_000, 1_012), Counter({0: 24, -1: 4, -2: 1, 1: 1})) for _ in range(60)]
    found = fit(losing)
    shown = [found.shown(1, 12, change) for change in (-2, -1, 0, 1)]
    assert shown == pytest.approx([0.02, 0.14, 0.8, 0.03], rel=0.2)
    assert sum(found.shown(1, 12, change) for change in range(-9, 10)) == pytest.approx(1, abs=1e-3)


def test_a_part_of_a_unit_is_no_stutter():
    assert fit(sites(60, 12, 0.2, size=2)).shown(2, 12, 1) == ELSE


def test_a_repeat_that_slips_more_often_shows_its_length_less_often():
    found = fit(sites(60, 12, 0.1))
    assert found.shown(1, 12, 0, 3.0) < found.shown(1, 12, 0) < found.shown(1, 12, 0, 0.5)


def test_lengths_that_a_sample_lacks_follow_those_that_it_has():
    much, little = fit(sites(60, 10, 0.1)), fit(sites(60, 10, 0.003))
    assert much.rate(1, 12) > 4 * prior(12)
    assert little.rate(1, 12) < 0.7 * prior(12)


def test_few_sites_leave_the_prior():
    """As in a panel: one repeat, and even that heterozygous."""
    assert fit([]).rate(1, 12) == pytest.approx(prior(12))
    assert fit([site(12, 0.0, heterozygous=True)]).rate(1, 12) == pytest.approx(prior(12))


def test_periods_have_rates_of_their_own():
    found = fit([*sites(60, 12, 0.2), *sites(60, 12, 0.01, size=2)])
    assert found.rate(1, 12) > 10 * found.rate(2, 12)
    assert found.rate(3, 12) == found.rate(5, 12) == pytest.approx(prior(12))


def test_a_long_unit_is_duplicated_and_does_not_slip():
    assert PRIOR_STUTTER.rate(60, 60) == prior(0)
    assert fit(sites(60, 12, 0.2)).rate(60, 60) == prior(0)


def test_rates_have_a_limit():
    assert fit(sites(60, 16, 0.6)).rate(1, 30) == MOST


def test_the_order_of_the_sites_is_of_no_account():
    found = [*sites(30, 12, 0.1), *sites(30, 9, 0.03)]
    assert fit(found).rates == fit(found[::-1]).rates


@pytest.mark.parametrize("allele, expected", [
    (Allele(5, "CA", "C"), 1), (Allele(5, "C", "CAAA"), 1), (Allele(5, "C", "CACAC"), 2), (Allele(5, "CACT", "C"), 3),
])  # fmt: skip
def test_period_of_an_allele(allele, expected):
    assert period(allele) == expected


def test_repeats_of_the_reference():
    sequence = "GCTAGC" + "A" * 9 + "GCTTC" + "CA" * 6 + "C" + "TGACGT" + "GAT" * 4 + "N" * 12
    assert repeats(sequence, 100) == [Repeat(1, 106, 115), Repeat(2, 120, 133), Repeat(3, 138, 151)]


@pytest.mark.parametrize("cigar, expected", [
    ("100M", 0), ("20M1D80M", -1), ("30M2I68M", 2), ("5M3D95M", 0), ("10S20M1D70M", -1), ("60M4I36M", 0),
])  # fmt: skip
def test_change_of_length(cigar, expected):
    assert change(read("r", 80, cigar, "A" * 100).cigartuples, 80, Repeat(1, 100, 112)) == expected


def test_rates_come_from_reads_that_span_repeats(tmp_path):
    rng = random.Random(5)
    sequence = "".join("".join(rng.choices("CGT", k=90)) + "A" * 12 for _ in range(60)) + "CG" * 30
    reads = []
    for number in range(60):
        tract = number * 102 + 90
        for copy in range(20):
            start = tract - 30 - copy
            deleted = copy % 5 == 0  # one in five
            text = sequence[start:tract] + sequence[tract + deleted : start + 70 + deleted]
            cigar = f"{tract - start}M1D{70 - tract + start}M" if deleted else "70M"
            reads.append(read(f"r{number}-{copy}", start, cigar, text))
            reads.append(read(f"e{number}-{copy}", tract - 34, "40M", sequence[tract - 34 : tract + 6]))  # ends inside
    fasta = write_fasta(tmp_path / "genome.fa", sequence)
    cram = write_cram(tmp_path / "s.cram", fasta, reads)
    with pysam.AlignmentFile(str(cram), reference_filename=str(fasta)) as alignment, pysam.FastaFile(str(fasta)) as fa:
        found, depth = estimate(alignment, fa, [(CONTIG, Interval(0, len(sequence)))])
    assert depth == pytest.approx(20 * (70 + 40) / 102, rel=0.2)
    assert found.rate(1, 12) == pytest.approx(0.2, rel=0.2)


def test_blocks_are_spread_over_what_is_asked_for():
    blocks = list(chosen([("1", Interval(0, 30_000_000)), ("2", Interval(0, 100_000))]))
    assert 1_900_000 <= sum(end - start for _, (start, end) in blocks) <= 2_200_000
    assert blocks[0][1].start == 0
    assert blocks[-1][1].start > 29_000_000 or blocks[-1][0] == "2"
    assert list(chosen([("1", Interval(5, 300))])) == [("1", Interval(5, 300))]
