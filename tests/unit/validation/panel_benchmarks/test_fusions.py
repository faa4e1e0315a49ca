"""Calls of fusions compared with those that were planted."""

import random

import pytest

from gms.fusions.parts import End
from gms.validation.panel_benchmarks.fused_genes import Planted, made_up_panel, repeated
from gms.validation.panel_benchmarks.fusions import is_of


@pytest.mark.parametrize(
    ("filler", "cut", "own"), [("", 722_635, True), ("", 722_636, False), ("GCTAAAAA", 722_636, True)]
)
def test_new_bases_between_the_parts_may_be_placed_at_either(filler, cut, own):
    planted = Planted((End("chr1", 527_562, "3"), End("chr1", 722_625, "5")), "A::B", True, filler)
    assert is_of(["chr1", "527562", f"DUP.chr1.527562.chr1.{cut}.53"], planted) is own


def test_the_segment_of_a_locus_is_in_no_copy_of_a_mobile_element():
    """The place that was drawn first with this seed is within one, whose reads fit six places."""
    panel = made_up_panel(random.Random(812), None)
    (beside,) = [end for one in panel.planted if one.name.startswith("IGH::") for end in one.ends[:1]]
    models = panel.transcripts.near(beside.contig, beside.cut, beside.cut + 1)
    (segment,) = [one.transcript for one in models if one.transcript.gene == "IGHJ1"]

    assert segment.start < beside.cut < segment.end and repeated(panel.contigs, segment) == 0
