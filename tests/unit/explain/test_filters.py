"""Parts of the reference or the case that a filter may lack."""

import pytest

from gms.explain.filters import PARTS
from gms.filtering.variables import variables_of
from gms.variants.classes import classes


@pytest.mark.parametrize("variants", classes())
def test_every_part_that_a_case_may_lack_has_words(variants):
    assert {part for variable in variables_of(variants).values() for part in variable.parts} <= set(PARTS)
