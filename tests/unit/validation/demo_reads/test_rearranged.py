"""Chromosomes with structural variants, a fusion, and what a man has of X."""

import numpy as np
import pytest

from demo_world import world
from gms.validation.demo_data.cases import CASES, WGS
from gms.validation.demo_data.references import panel_regions
from gms.validation.demo_data.samples import person_of
from gms.validation.demo_genome.catalogue import GAPS
from gms.validation.demo_genome.stream import Stream
from gms.validation.demo_reads import fusion
from gms.validation.demo_reads.fragments import captured, make_templates, shotgun
from gms.validation.demo_reads.rearranged import NOVEL, TARGET_SITE, events, rearranged

WORLD = world()


@pytest.fixture(scope="module")
def child():
    """Haplotypes of the proband before and after."""
    trio = next(case for case in CASES if case.name == "rare-trio")
    before = make_templates(WORLD.genome, person_of(WORLD, trio, trio.members[0]))
    return before, rearranged(WORLD.genome, before)


def test_each_event_changes_its_chromosomes_alone(child):
    before, after = child
    changed = [one.chrom for one, other in zip(before, after, strict=True) if one.bases != other.bases]
    made = [pieces[0].chrom for event in events(WORLD.genome) for pieces in event.made]
    assert sorted(changed) == sorted(made) and len(made) == 7
    grown = [(one.chrom, len(other.bases) - len(one.bases)) for one, other in zip(before, after, strict=True)]
    assert ("chr7", 0) in grown and ("chr5", NOVEL) in grown


def test_a_mobile_element_lies_between_two_copies_of_its_place(child):
    [place] = [event.truth[2] for event in events(WORLD.genome) if event.truth[3] == "<INS:ME:ALU>"]
    site = WORLD.genome.sequences["chr1"][place : place + TARGET_SITE].encode()
    [found] = [one.bases for one in child[1] if one.chrom == "chr1, rearranged"]
    assert found.count(site) == child[0][1].bases.count(site) + 1


def test_no_fragment_has_unknown_bases_and_a_man_has_two_copies_of_the_pseudo_autosomal_region(child):
    templates = child[1]
    fragments = shotgun(WORLD.genome, templates, WGS, 4, Stream("fragments"))
    x = [number for number, template in enumerate(templates) if template.chrom == "chrX"]
    starts, ends = ([edge[fragments.template == number] for number in x] for edge in (fragments.start, fragments.end))
    first, end = GAPS["chrX"]
    assert not any(((start < end) & (stop > first)).any() for start, stop in zip(starts, ends, strict=True))
    assert starts[0].min() < first and starts[1].min() >= end and len(starts[1]) > 10


def test_fragments_of_a_fusion_are_of_both_genes():
    case = next(case for case in CASES if case.name == fusion.CASE)
    templates = make_templates(WORLD.genome, person_of(WORLD, case, case.members[0]))
    regions = panel_regions(*WORLD, case.assay)
    fragments = captured(templates, regions, case.library, 20, Stream("panel"))
    more, joined = fusion.with_fusion(WORLD.genome, fragments, templates, regions, case.library, 400)
    fused = more.template == len(templates)
    assert len(joined) == len(templates) + 1 and np.count_nonzero(~fused) == len(fragments.start)
    cut = fusion.junction(WORLD.genome)[1]
    across = np.count_nonzero((more.start[fused] < cut) & (more.end[fused] > cut))
    assert 0 < across < np.count_nonzero(fused)
