"""Duplications of another program compared with those that were planted."""

import random

import pytest

from gms.validation.class_benchmarks.duplications import WINDOW, of_scanitd, plant
from gms.validation.class_benchmarks.simulated import random_bases


@pytest.mark.parametrize("filler", [0, 3])
def test_a_record_of_scanitd_is_the_planted_duplication(filler):
    generator = random.Random(1)
    windows = [random_bases(generator, WINDOW) for _ in range(3)]
    planted = plant(generator, 2, windows[2], 30, 0.1, filler)
    end = (WINDOW + 30) // 2
    inserted = planted.sequence[end : end + filler] or "."
    info = f"SVTYPE=TDUP;AO=9;CHR2=chr1;END={2 * WINDOW + end};DP=200;AF=0.0445;SVLEN=30;INSSEQ={inserted};HOMSEQ=."
    found = of_scanitd(f"chr1\t{2 * WINDOW + end - 30}\t2\tC\tTDUP\t.\t.\t{info}\tGT\t0/1\n", windows)
    assert (found.window, found.sequence, found.fraction) == (2, planted.sequence, 0.0445)
