"""Calls of fusions compared with those that were planted."""

import pytest

from gms.fusions.parts import End
from gms.validation.panel_benchmarks.fused_genes import Planted
from gms.validation.panel_benchmarks.fusions import is_of


@pytest.mark.parametrize(
    ("filler", "cut", "own"), [("", 722_635, True), ("", 722_636, False), ("GCTAAAAA", 722_636, True)]
)
def test_new_bases_between_the_parts_may_be_placed_at_either(filler, cut, own):
    planted = Planted((End("chr1", 527_562, "3"), End("chr1", 722_625, "5")), "A::B", True, filler)
    assert is_of(["chr1", "527562", f"DUP.chr1.527562.chr1.{cut}.53"], planted) is own
