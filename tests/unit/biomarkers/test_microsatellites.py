"""Microsatellite instability: sites, lengths in reads, baseline from normals, verdicts."""

import numpy as np
import pysam
import pytest

from gms.biomarkers.basis import Basis
from gms.biomarkers.microsatellites import instability, microsatellite_document
from gms.biomarkers.msi_baseline import (
    Baseline,
    TooFewNormals,
    TooFewSites,
    UnreadableBaseline,
    make_baseline,
    read_baseline,
    write_baseline,
)
from gms.biomarkers.repeat_lengths import Site, Slippage, find_sites, slippages
from gms.genome.intervals import Interval
from gms.validation.class_benchmarks.microsatellites import sample, simulate_sites

LEFT, RIGHT = "CGTGACTGCATGCTAGCTAGCATCGTACG" * 3, "GCATCGATCGTAGCTAGCTACGTGCATGC" * 3
FACTS = {"members": []}


@pytest.fixture(scope="module")
def simulated():
    generator = np.random.default_rng(5)
    sites = simulate_sites(generator)
    normals = [[*sample(generator, sites, 100, 0, 0.0).values()] for _ in range(24)]
    return generator, sites, make_baseline(sites.sites, normals, FACTS)


def measured(simulated, shifted, purity, pair=False, basis=None, fewer=None):
    generator, sites, baseline = simulated
    libraries = [sample(generator, sites, 100, shifted, purity)]
    libraries += [sample(generator, sites, 100, 0, 0.0)] if pair else []
    shown = [[library[one.site] for one in baseline.sites] for library in libraries]
    if fewer is not None:
        shown[0] = [*shown[0][:fewer], *(Slippage(19, 0.0, 0.0) for _ in shown[0][fewer:])]
    return instability(baseline, shown, basis or Basis())


@pytest.mark.parametrize("pair", [False, True])
def test_an_unstable_tumour_is_high_and_a_stable_one_is_not(simulated, pair):
    high, stable = measured(simulated, 0.35, 0.3, pair), measured(simulated, 0.005, 0.3, pair)
    assert (high["results"][0]["verdict"], stable["results"][0]["verdict"]) == ("high", "stable")
    low, upper = high["results"][0]["interval"]
    assert low < high["results"][0]["value"] < upper
    assert len(high["unstable_sites"]) == high["unstable"]
    assert high["mode"] == ("pair" if pair else "tumor_only")


@pytest.mark.parametrize("sites, reaches", [(44, True), (400, False)])
def test_a_stable_result_of_few_sites_says_that_its_interval_reaches_the_grey_zone(sites, reaches):
    listed = [Site("chr1", 100 * n, 100 * n + 10, "A") for n in range(sites)]
    normal = [Slippage(100, 0.002, 0.0002)] * sites
    tumor = [normal[0]._replace(mean=0.05), *normal[1:]]
    (row,) = instability(make_baseline(listed, [normal] * 20, FACTS), [tumor], Basis())["results"]
    assert row["verdict"] == "stable" and ("reaches" in row["why"]) == reaches


def test_half_of_the_sites_unstable_are_not_taken_for_a_library_that_stutters(simulated):
    assert measured(simulated, 0.9, 0.6)["results"][0]["value"] > 70


@pytest.mark.parametrize("share, verdict", [(4.9, "stable"), (5, "grey"), (9.9, "grey"), (10, "high")])
def test_limits_of_the_grey_zone(share, verdict):
    sites = [Site("chr1", 100 * n, 100 * n + 10, "A") for n in range(1000)]
    normal = [Slippage(100, 0.002, 0.0002)] * 1000
    baseline = make_baseline(sites, [normal] * 20, FACTS)
    tumor = [one._replace(mean=0.05) if n < 10 * share else one for n, one in enumerate(normal)]
    assert instability(baseline, [tumor], Basis())["results"][0]["verdict"] == verdict


@pytest.mark.parametrize(
    "given, reason",
    [
        ({"basis": Basis(quality="fail")}, "failed_quality"),
        ({"basis": Basis(pair="fail")}, "failed_pair"),
        ({"basis": Basis(pair="warn")}, "doubtful_pair"),
        ({"basis": Basis(pair="not_assessed")}, None),
        ({"fewer": 39}, "too_few_sites"),
        ({"fewer": 0}, "too_few_sites"),
        ({"basis": Basis(purity=0.04)}, "low_purity"),
        ({"basis": Basis(is_poor=True)}, "low_purity"),
        ({"basis": Basis(purity=0.05)}, None),
    ],
)
def test_what_is_not_informative_is_not_assessed(simulated, given, reason):
    found = measured(simulated, 0.005, 0.3, **given)
    assert found["reason"] == reason
    assert (found["results"][0]["verdict"] == "not_assessed") == (reason is not None)
    assert (found["results"][0]["value"] is None) == (reason is not None)


def test_a_high_result_counts_at_any_purity_unless_the_pair_failed(simulated):
    for pair, verdict in (("warn", "high"), ("fail", "not_assessed")):
        found = measured(simulated, 0.5, 0.6, basis=Basis(pair=pair, purity=0.01))
        assert found["results"][0]["verdict"] == verdict


def test_a_baseline_needs_normals_and_sites(simulated):
    sites = [Site("chr1", 100 * n, 100 * n + 10, "A") for n in range(39)]
    with pytest.raises(TooFewNormals, match="19 normals"):
        make_baseline(sites, [[Slippage(50, 0.0, 0.0)] * 39] * 19, FACTS)
    with pytest.raises(TooFewSites, match="39 homopolymers"):
        make_baseline(sites, [[Slippage(50, 0.0, 0.0)] * 39] * 20, FACTS)


def test_a_polymorphic_site_is_left_out():
    sites = [Site("chr1", 100 * n, 100 * n + 10, "A") for n in range(50)]
    normals = [[Slippage(100, 0.002, 0.0002)] * 50 for _ in range(20)]
    normals[3][7] = Slippage(100, 0.052, 0.0025)  # half of the reads lack a unit
    assert sites[7] not in [one.site for one in make_baseline(sites, normals, FACTS).sites]


def test_a_baseline_is_read_as_it_was_written(simulated, tmp_path):
    path = tmp_path / "baseline.tsv"
    write_baseline(path, simulated[2])
    read = read_baseline(path)
    assert read.facts == simulated[2].facts
    assert [one.site for one in read.sites] == [one.site for one in simulated[2].sites]
    path.write_text("site\n")
    with pytest.raises(UnreadableBaseline):
        read_baseline(path)


def write_reads(folder, units, lengths):
    """A reference with one run of A, and a BAM file with a read of each length, its gap at the left."""
    fasta, bam = folder / "genome.fa", folder / "reads.bam"
    fasta.write_text(f">chr1\n{LEFT}{'A' * units}{RIGHT}\n")
    header = {"HD": {"SO": "coordinate"}, "SQ": [{"SN": "chr1", "LN": len(LEFT) + units + len(RIGHT)}]}
    with pysam.AlignmentFile(str(bam), "wb", header=header) as out:
        for number, length in enumerate(lengths):
            read = pysam.AlignedSegment(out.header)
            read.query_name, read.reference_id, read.reference_start, read.mapping_quality = f"r{number}", 0, 47, 60
            read.query_sequence = LEFT[47:] + "A" * length + RIGHT[:40]
            gap = [(2, units - length)] if length < units else [(1, length - units)] if length > units else []
            read.cigartuples = [
                (0, 40),
                *gap,
                (0, len(read.query_sequence) - 40 - (length - units if length > units else 0)),
            ]
            read.flag = 0 if number else pysam.FDUP
            out.write(read)
    pysam.index(str(bam))
    pysam.faidx(str(fasta))
    return fasta, bam


def test_lengths_are_those_of_the_reads(tmp_path):
    fasta, bam = write_reads(tmp_path, 12, [6, 12, 12, 9, 13])  # the first is a duplicate
    site = Site("chr1", len(LEFT), len(LEFT) + 12, "A")
    assert list(find_sites(fasta, {"chr1": [Interval(50, 150)]})) == [site]
    assert list(find_sites(fasta, {"chr1": [Interval(50, len(LEFT) + 11)]})) == []  # cut by the end of the target
    (found,) = slippages(bam, fasta, [site])
    assert (found.reads, round(found.mean, 6)) == (4, round(3 / 12 / 4, 6))


def test_the_document_of_a_case(tmp_path):
    fasta, bam = write_reads(tmp_path, 12, [12] * 30)
    site = Site("chr1", len(LEFT), len(LEFT) + 12, "A")
    facts = {"members": [], "normals": 20, "factors": [0.8, 1.2], "grey_from": 5, "high_from": 10}
    kept = make_baseline([site] * 40, [[Slippage(30, 0.0, 0.0)] * 40] * 20, FACTS).sites
    write_baseline(tmp_path / "baseline.tsv", Baseline(facts, kept))
    found = microsatellite_document("T", [bam], fasta, tmp_path / "baseline.tsv", Basis())
    assert (found["sample"], found["sites"], found["unstable"], found["reason"]) == ("T", 40, 0, None)
