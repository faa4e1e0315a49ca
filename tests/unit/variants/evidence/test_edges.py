"""How many fragments show a long allele, by the places of their reads."""

import random

import pytest

from alignments import read
from gms.variants.evidence.edges import Edges, telling

SIZE = 150
BASES = "".join(random.Random(5).choices("ACGT", k=1_200))
COPY, NEW = BASES[500:560], "".join(random.Random(6).choices("ACGT", k=300))
FLANKS = BASES[:497][::-1], BASES[563:]
OTHER = BASES[497:563]


def starts(text: str) -> list[int]:
    return list(telling(BASES[497:500] + text + BASES[560:563], OTHER, FLANKS, SIZE, False))


@pytest.mark.parametrize(
    ("text", "fewest", "most"),
    [
        (COPY * 2, 144, 148),  # over the joint, by two bases on either side
        (COPY * 3, 204, 208),  # over one joint or both
        (COPY + NEW[:40] + COPY, 184, 188),  # over the filler, wherever the copies are aligned
        (COPY + NEW[:100], 234, 242),  # 30 bases of the reference on one side
        (COPY + NEW[:300], 236, 240),  # not within what is new
    ],
)
def test_where_reads_begin_that_show_an_allele(text, fewest, most):
    assert fewest <= len(starts(text)) <= most


def test_reads_of_the_reference_enter_the_locus():
    found = telling(OTHER, BASES[497:500] + BASES[560:563], FLANKS, 40, True)
    assert all(start <= 0 or start + 40 >= len(OTHER) for start in found)


@pytest.mark.parametrize(("template", "places"), [(900, 600), (250, 400), (SIZE, 300)])
def test_mates_that_show_the_same_count_once(template, places):
    edges = Edges()
    mate = read("a", 400, f"{SIZE}M", BASES[400 : 400 + SIZE], flag=3)
    mate.template_length = template
    edges.add(mate, (100, None), (100, 100))
    assert edges.places(range(300)) == places
