import random
from collections import Counter

import pytest

from gms.genome.alleles import Allele
from gms.variants.evidence.genotypes import genotype
from gms.variants.evidence.loci import SnvLocus, loci
from gms.variants.evidence.reads import FORWARD, Observation
from gms.variants.evidence.stutter import Shape, Stutter, prior


def snv_locus(*counts: int, quality: int = 35) -> SnvLocus:
    """A locus of as many alternates as there are further counts, with so many fragments of each base."""
    locus = SnvLocus([Allele(9, "A", alt) for alt in "CGT"[: len(counts) - 1]])
    for number, count in enumerate(counts):
        distances = tuple(int(index != number) for index in range(len(counts)))
        for copy in range(count):
            locus.fragments[f"{number}-{copy}"] = Observation(distances, quality, 60, FORWARD, 30)
    return locus


@pytest.mark.parametrize("counts, copies", [
    ((30, 0), (0,)),
    ((29, 1), (0,)),  # an error
    ((15, 15), (1,)),
    ((20, 9), (1,)),
    ((0, 30), (2,)),
    ((1, 29), (2,)),
    ((0, 14, 16), (1, 1)),
    ((15, 15, 0), (1, 0)),
    ((0, 0, 12), (0, 2)),
])  # fmt: skip
def test_genotypes_of_snvs(counts, copies):
    called = genotype(snv_locus(*counts))
    assert called.copies == copies
    assert called.quality >= 20
    assert [support > 0 for support in called.support] == [copy > 0 for copy in copies]


def test_genotype_quality_follows_depth():
    qualities = [genotype(snv_locus(depth, 0)).quality for depth in (1, 5, 10, 60)]
    assert qualities == [3, 15, 30, 99]  # log10 2 for each read, against heterozygous
    assert genotype(snv_locus(0, 0)).quality == 0


def test_poor_bases_weigh_less():
    good, poor = (genotype(snv_locus(20, 3, quality=quality)).support[0] for quality in (30, 15))
    assert good > poor


def repeat_locus(length: int, *counts: int):
    """Reference, one unit less and one more of a homopolymer, with so many fragments of each."""
    sequence = "GC" * 20 + "A" * length + "GC" * 20
    locus = next(loci([Allele(39, "CA", "C"), Allele(39, "C", "CA")], sequence, 0))
    lengths = [len(locus.alleles[carried[0]].alt) - len(locus.alleles[carried[0]].ref) if carried else 0
               for carried in locus.carried]  # fmt: skip
    for number, count in enumerate(counts):
        shown = (0, -1, 1)[number]
        for copy in range(count):
            distances = tuple(abs(shown - change) for change in lengths)
            locus.fragments[f"{number}-{copy}"] = Observation(distances, 35, 60, FORWARD, 30)
    order = {allele: index for index, allele in enumerate(locus.alleles)}
    called = genotype(locus)
    return tuple(called.copies[order[allele]] for allele in (Allele(39, "CA", "C"), Allele(39, "C", "CA")))


@pytest.mark.parametrize("length, counts, copies", [
    (4, (30, 0, 0), (0, 0)),
    (4, (16, 14, 0), (1, 0)),
    (4, (0, 30, 0), (2, 0)),
    (4, (0, 15, 15), (1, 1)),
    (4, (25, 6, 0), (1, 0)),  # no repeat to slip in: six reads are an allele
    (18, (25, 6, 1), (0, 0)),  # a long homopolymer: the same six reads are stutter
    (18, (14, 14, 4), (1, 0)),
    (18, (3, 24, 3), (2, 0)),
])  # fmt: skip
def test_genotypes_in_repeats_allow_for_slipped_copies(length, counts, copies):
    assert repeat_locus(length, *counts) == copies


def test_slips_grow_with_the_repeat_up_to_a_limit():
    rates = [prior(repeat) for repeat in (0, 5, 10, 15, 40)]
    assert rates[0] == rates[1] == 0.002
    assert rates == sorted(rates)
    assert rates[-1] == 0.3


def repeat_genotype(length: int, shown: dict[int, int], *changes: int, gains: float = 0.1):
    """Copies and support of each change of a homopolymer, whose lengths so many fragments span, in a sample in which a
    fifth of the fragments slips, most of them to fewer bases."""
    sequence = "GC" * 20 + "A" * length + "GC" * 20
    stutter = Stutter({}, {(1, length + change): 0.2 for change in range(-3, 4)}, {1: Shape(gains, 1.25)})
    alleles = {change: Allele(39, "C" + "A" * max(0, -change), "C" + "A" * max(0, change)) for change in changes}
    locus = next(loci(alleles.values(), sequence, 0, stutter))
    for change, number in shown.items():
        for copy in range(number):
            locus.fragments[f"{change}-{copy}"] = Observation((0,) * len(locus.carried), 35, 60, FORWARD, 30, change)
    called = genotype(locus)
    order = [locus.alleles.index(alleles[change]) for change in changes]
    return tuple(called.copies[n] for n in order), tuple(called.support[n] for n in order)


def test_a_gain_is_less_likely_stutter_than_a_loss_where_polymerases_lose():
    assert repeat_genotype(12, {0: 20, -1: 8}, -1)[0] == (0,)
    assert repeat_genotype(12, {0: 20, 1: 8}, 1)[0] == (1,)
    assert repeat_genotype(12, {0: 20, 1: 8}, 1)[1] > repeat_genotype(12, {0: 20, 1: 8}, 1, gains=0.5)[1]


def test_lengths_that_are_no_candidate_are_stutter_of_those_that_are():
    """Fragments of an allele of two bases less lost a third; of the other allele, one."""
    assert repeat_genotype(15, {0: 11, -1: 4, -2: 11, -3: 3}, -2)[0] == (1,)
    assert repeat_genotype(15, {-1: 1, -2: 20, -3: 6}, -2, -3)[0] == (2, 0)


def test_one_repeat_may_slip_more_often_than_others_of_its_length():
    """What would be an allele at the mean rate may be stutter at twice the rate."""
    low, high = (repeat_genotype(12, {0: 18, -1: number}, -1)[1][0] for number in (9, 17))
    assert low < 16 < high


@pytest.mark.parametrize("rate", [0.05, 0.15, 0.25])
def test_few_false_lengths_of_repeats_whose_stutter_differs(rate):
    """Thirty fragments, half of the repeats one unit shorter on one chromosome; the limit of the policy is 16."""
    rng, called = random.Random(rate), Counter()
    for number in range(400):
        own, shown = min(0.6, rate * rng.lognormvariate(0, 0.5)), Counter()
        for _ in range(30):
            molecule = -1 if number % 2 and rng.random() < 0.5 else 0
            shown[molecule + (rng.choice((-1, -1, -1, -1, -2, 1)) if rng.random() < own else 0)] += 1
        sequence = "GC" * 20 + "A" * 12 + "GC" * 20
        stutter = Stutter({}, {(1, length): rate for length in (11, 12)}, {1: Shape(0.17, 1.17)})
        locus = next(loci([Allele(39, "CA", "C")], sequence, 0, stutter))
        fragments = enumerate(shown.elements())
        locus.fragments = {str(n): Observation((0, 0), 35, 60, FORWARD, 30, change) for n, change in fragments}
        called[number % 2, genotype(locus).support[0] >= 16] += 1
    assert called[0, True] <= 200 * 0.04
    assert called[1, True] >= 200 * {0.05: 0.97, 0.15: 0.8, 0.25: 0.5}[rate]


def test_long_changes_of_a_repeat_are_judged_by_their_bases():
    locus = next(loci([Allele(39, "C", "C" + "A" * 12)], "GC" * 20 + "A" * 15 + "GC" * 20, 0))
    assert locus.edges and locus.repeat is None
