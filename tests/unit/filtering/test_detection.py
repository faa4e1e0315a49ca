"""What the policies of the project could report at a depth."""

import random
from pathlib import Path

import pytest

from gms.base.project import PROJECT
from gms.filtering.detection import (
    KINDS,
    Detection,
    at_least,
    filters_mask,
    kind_of,
    non_coding_genes,
    reporting_floor,
)
from gms.filtering.policy import load_policy


def policy(name: str):
    return load_policy(Path(PROJECT / "config" / "filters" / f"{name}.yaml"))


@pytest.mark.parametrize(
    "name, floor, mask",
    [
        ("panel_solid", 50, False),
        ("panel_myeloid", 100, False),
        ("wgs_cancer", 10, True),
        ("wgs_rare", 4, True),
        ("panel_lund", 1, False),
    ],
)
def test_depth_and_difficult_regions_of_a_policy(name, floor, mask):
    assert (reporting_floor(policy(name)), filters_mask(policy(name))) == (floor, mask)


def test_genes_kept_outside_their_coding_sequence():
    assert "TERT" in non_coding_genes(policy("panel_solid"))
    assert {"RMRP", "TERC"} <= non_coding_genes(policy("wgs_rare"))
    assert non_coding_genes(policy("wgs_cancer")) == frozenset()


@pytest.mark.parametrize(
    "name, depth, hotspot, reads",
    [
        ("panel_solid", 500, False, 20),
        ("panel_solid", 500, True, 10),
        ("panel_solid", 40, False, None),
        ("panel_solid", 40, True, 10),
        ("panel_solid", 5000, False, 50),
        ("panel_myeloid", 300, False, 5),
        ("wgs_cancer", 100, False, 5),
        ("panel_lund", 300, False, 5),  # below 5 % of the reads is a warning
        ("panel_lund", 60, False, 5),  # so is a depth below 100
        ("panel_ctdna", 782, False, 10),  # more than 99.7 % of the reads are inherited
        ("panel_ctdna", 782, True, 6),
        ("panel_ctdna", 25, False, 10),  # as are fewer than 10 reads without the variant
        ("panel_ctdna", 19, False, None),
    ],
)
def test_reads_that_a_variant_needs(name, depth, hotspot, reads):
    assert Detection(policy(name)).reads(depth, hotspot) == reads


@pytest.mark.parametrize(
    "kind, reads",
    [("snv", 7), ("deletion", 13), ("insertion", 13), ("mnv", 15), ("complex_deletion", 23), ("complex_insertion", 23)],
)
def test_kinds_of_alleles_need_other_numbers_of_molecules(kind, reads):
    """Floors of GMS560 at 2,500 molecules of a hotspot: 0.25, 0.5, 0.6 and 0.9 %."""
    assert Detection(policy("panel_ctdna")).reads(2500, True, kind) == reads


@pytest.mark.parametrize(
    "ref, alt, kind",
    [("A", "C", "snv"), ("AC", "GT", "mnv"), ("A", "AC", "insertion"), ("AC", "A", "deletion")]
    + [("AC", "GTT", "complex_insertion"), ("ACG", "TT", "complex_deletion")]
    + [("ACG", "T", "complex_deletion"), ("A", "TC", "complex_insertion")],  # HGVS: delinsT, delinsTC
)
def test_kind_of_an_allele(ref, alt, kind):
    assert kind_of(ref, alt) == kind and kind_of(*KINDS[kind][1:]) == kind


def test_limit_of_detection_is_met_by_simulated_reads():
    rng, detection = random.Random(1), Detection(policy("panel_myeloid"))
    limit, needed = detection.limit(300, False), detection.reads(300)
    found = sum(sum(rng.random() < limit for _ in range(300)) >= needed for _ in range(2_000)) / 2_000
    assert found == pytest.approx(0.95, abs=0.02)


def test_deeper_samples_show_lower_fractions():
    limits = [Detection(policy("panel_solid")).limit(depth, False) for depth in (100, 200, 500, 1000, 2000)]
    assert limits == sorted(limits, reverse=True)
    assert Detection(policy("panel_solid")).limit(20, False) is None


def test_binomial_tail():
    assert at_least(1, 10, 0.5) == pytest.approx(1 - 0.5**10)
    assert at_least(10, 10, 0.5) == pytest.approx(0.5**10)
    assert (at_least(3, 10, 0.0), at_least(3, 10, 1.0)) == (0.0, 1.0)
