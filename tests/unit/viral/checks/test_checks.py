"""Second bases, sources of them, and reading frames."""

from random import Random

import pytest

from gms.base.project import PROJECT
from gms.genome.alleles import Allele
from gms.viral.chain.alleles import Observed
from gms.viral.chain.decide import Called
from gms.viral.chain.primer_scheme import amplicons, read_primers
from gms.viral.checks.amplicons import amplicon_depths, fits
from gms.viral.checks.frames import frameshifts
from gms.viral.checks.second_bases import is_excess, is_peak, second_bases
from gms.viral.checks.sources import shared_second_bases, sources_of


@pytest.mark.parametrize("high, low, excess", [
    (3, 0, False), (4, 0, False), (4, 1, False), (5, 0, True), (7, 1, True),
    (34, 76, False), (90, 76, True), (11, 110, False),
])  # fmt: skip
def test_a_mixture_has_more_sites_than_errors_give(high, low, excess):
    assert is_excess(high, low) is excess


def by_law(sites):
    """Fractions of second bases as errors of amplification give them, between 2 and 50 %."""
    return [1 / (2 + 48 * (number + 0.5) / sites) for number in range(sites)]


@pytest.mark.parametrize("sites", [0, 5, 30, 116, 4000])
def test_errors_alone_have_no_peak(sites):
    assert not is_peak(by_law(sites))


@pytest.mark.parametrize("sites, most", [(5, 0.015), (14, 0.015), (120, 0.01)])
def test_few_samples_with_errors_alone_are_called_mixed(sites, most):
    random, samples, called = Random(sites), 2_000, 0
    for _ in range(samples):
        fractions = [1 / (2 + 48 * random.random()) for _ in range(sites)]
        high = sum(fraction >= 0.05 for fraction in fractions)
        called += is_excess(high, sites - high) or is_peak(fractions)
    assert called / samples < most


@pytest.mark.parametrize("mixed, sites", [(0.1, 24), (0.2, 17), (0.4, 12)])
def test_a_mixture_is_a_peak_among_many_errors(mixed, sites):
    """By their number alone these sites are within what so many errors allow for."""
    spread = [mixed * (0.75 + 0.5 * number / sites) for number in range(sites)]
    fractions = by_law(116) + spread
    high = sum(fraction >= 0.05 for fraction in fractions)
    assert not is_excess(high, len(fractions) - high) and is_peak(fractions)


def test_second_bases_are_of_deep_sites_only():
    seen = [Observed(Allele(4, "A", "G"), 90, 100, 45, 200), Observed(Allele(6, "A", "G"), 5, 40, 2, 30)]
    found = second_bases(seen, [100] * 10, "AAAAAAAAAA")
    assert found.sites == [{"pos": 5, "base": "A", "main": "G", "fraction": 0.1}] and found.assessed == 10
    assert second_bases([], [20] * 10, "A" * 10).excess is None


def record(name, variants=(), second=(), masked=()):
    return {
        "sample": name,
        "variants": [{"variant": f"{pos}:A:{alt}", "filter": "PASS"} for pos, alt in variants],
        "second_bases": [{"pos": pos, "base": base, "main": "A", "fraction": share} for pos, base, share in second],
        "not_called": list(masked),
    }


def test_the_source_of_second_bases_is_the_sample_with_these_bases():
    errors = [(pos, "C", 0.06) for pos in range(1000, 1030)]
    mixed = record("S1", [(900, "T")], [(100, "G", 0.1), (200, "G", 0.1), (300, "G", 0.09), (900, "A", 0.1), *errors])
    source, other = record("S2", [(100, "G"), (200, "G"), (300, "G")]), record("S3", [(100, "G"), (400, "G")])
    assert sources_of(mixed, [other, source]) == [{"sample": "S2", "sites": 4, "seen": 4, "fraction": 0.1}]
    assert sources_of(source, [mixed]) == []


def test_of_several_sources_those_far_less_seen_are_not_meant():
    places = range(100, 900, 100)
    mixed = record("S1", second=[(pos, "G", 0.1) for pos in places])
    source, like_it = (
        record("S2", [(pos, "G") for pos in places]),
        record("S3", [(pos, "G") for pos in (100, 200, 300)]),
    )
    assert [one["sample"] for one in sources_of(mixed, [like_it, source])] == ["S2"]


def test_sites_that_are_n_in_either_say_nothing():
    mixed = record("S1", second=[(100, "G", 0.1), (200, "G", 0.1), (300, "G", 0.1)])
    source = record("S2", [(100, "G"), (200, "G"), (300, "G")], masked=[[90, 110, "LOW_DEPTH"]])
    assert sources_of(mixed, [source]) == []


def test_second_bases_that_two_samples_share_have_one_source():
    own = [(pos, "G", 0.1) for pos in range(100, 600, 100)]
    records = [record("S1", second=own), record("S2", second=own), *(record(f"S{n}") for n in range(3, 6))]
    assert shared_second_bases(records)["S1"] == [{"sample": "S2", "shared": 5, "sites": 5}]
    everywhere = [record(f"S{n}", second=own) for n in range(5)]
    assert not any(shared_second_bases(everywhere).values())


def test_the_scheme_that_fits_better_is_named():
    assert fits({"v3": 0.95, "v4": 0.6}, "v3", 0.5) == (True, "v3")
    assert fits({"v3": 0.6, "v4": 0.95}, "v3", 0.5) == (False, "v4")
    assert fits({"v3": 0.1}, "v3", 0.5) == (False, "") and fits({"v3": 0.1}, "v3", 0) == (True, "v3")
    assert fits({"v3": None}, "v3", 0.5) == (None, "")


def test_frames():
    def called(pos, ref, alt):
        return Called(Observed(Allele(pos, ref, alt), 90, 90, 45, 200), 90, "PASS")

    genes = [("S", 100, 200), ("N", 300, 400)]
    found = frameshifts([called(120, "AC", "A"), called(150, "A", "AG"), called(310, "ACGT", "A")], genes)
    assert found == [{"gene": "S", "indels": ["121:AC:A", "151:A:AG"], "restored": True}]
    assert frameshifts([called(120, "AC", "A")], genes)[0]["restored"] is False
    assert frameshifts([called(250, "AC", "A"), called(50, "A", "AG")], genes) == []


def test_every_lost_amplicon_of_artic_v3_is_named():
    primers = read_primers(PROJECT / "resources" / "viruses" / "sarscov2" / "artic_v3.bed")
    tiles = amplicons(primers)
    assert len(tiles) == 98
    for lost in tiles:
        depth = [0] * 29_903
        for tile in tiles:
            if tile is not lost:
                depth[tile.inner_start : tile.inner_end] = [
                    reads + 100 for reads in depth[tile.inner_start : tile.inner_end]
                ]
        dropped = [tile["amplicon"] for tile in amplicon_depths(tiles, depth, 10) if tile["dropped"]]
        assert dropped == [lost.name]
