import pytest

from gms.genome.alleles import Allele
from gms.variants.evidence.genotypes import genotype
from gms.variants.evidence.loci import SnvLocus, loci
from gms.variants.evidence.reads import Observation
from gms.variants.evidence.stutter import prior


def snv_locus(*counts: int, quality: int = 35) -> SnvLocus:
    """A locus of as many alternates as there are further counts, with so many fragments of each base."""
    locus = SnvLocus([Allele(9, "A", alt) for alt in "CGT"[: len(counts) - 1]])
    for number, count in enumerate(counts):
        distances = tuple(int(index != number) for index in range(len(counts)))
        for copy in range(count):
            locus.fragments[f"{number}-{copy}"] = Observation(distances, quality, 60, False, 30)
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
            locus.fragments[f"{number}-{copy}"] = Observation(distances, 35, 60, False, 30)
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
    assert rates[-1] == 0.15
