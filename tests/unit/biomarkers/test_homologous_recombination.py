"""LOH, TAI and LST of hand-made segments, and when they are not assessed."""

import re

import pytest

from gms.base.json_tables import read_table
from gms.base.project import PROJECT
from gms.biomarkers.genomic_scars import Alleles, scars
from gms.biomarkers.homologous_recombination import hrd_document
from gms.tumor_genome.sites import Site
from gms.variants.panel_copies.arms import centromeres

CASES = sorted((PROJECT / "tests" / "cases" / "genomic_scars").glob("*.tsv"))
LENGTHS = {"chr1": 248_956_422, "chr2": 242_193_529}
DENSE = [Site(contig, at, 100, 200) for contig, length in LENGTHS.items() for at in range(0, length, 2_000_000)]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_scars_of_hand_made_segments(path):
    text = path.read_text()
    assembly = re.search(r"# assembly: (\w+)", text)[1]
    expected = tuple(map(int, re.search(r"# expect: loh (\d+), tai (\d+), lst (\d+)", text).groups()))
    own = [Alleles(row["contig"], *(number(row[name]) for name in Alleles._fields[1:])) for row in read_table(path)]
    lengths = {one.contig: one.end for one in own}
    lengths |= {name: int(size) for name, size in re.findall(r"# length: (\w+) (\d+)", text)}
    found = scars(own, centromeres(assembly), lengths)
    assert tuple(map(len, found)) == expected
    assert found.score == sum(expected)


def number(text):
    return None if text == "." else int(text)


def measured(purity=0.6, reason=None):
    return {"sample": "T", "reason": reason, "ploidy": 2.0, "results": [{"value": purity}]}


def row(contig, start, end, major, minor):
    return {"contig": contig, "start": start, "end": end, "major": major, "minor": minor}


ROWS = [row("chr1", 0, 200_000_000, 1, 1), row("chr1", 200_000_000, 248_900_000, 1, 0)]


def test_the_document_has_the_counts_and_the_stretches():
    found = hrd_document(measured(), ROWS, DENSE, LENGTHS)
    assert (found["loh"], found["tai"], found["lst"]) == (1, 1, 1)
    assert found["counted"]["loh"] == [["chr1", 200_000_000, 248_900_000]]
    assert (found["results"][0]["value"], found["results"][0]["verdict"]) == (3, "low")


def test_parts_without_known_alleles_count_for_nothing():
    found = hrd_document(measured(), [*ROWS[:1], ROWS[1] | {"minor": None, "major": None}], DENSE, LENGTHS)
    assert found["results"][0]["value"] == 0


@pytest.mark.parametrize(
    "purity, snps, lengths, reason",
    [
        (measured(reason="few_events", purity=None), DENSE, LENGTHS, "no_purity"),
        (measured(purity=0.5), DENSE, LENGTHS, "low_purity"),
        (measured(), DENSE[::8], LENGTHS, "sparse"),
        (measured(), DENSE, {"chr1": 5_000}, "other_assembly"),
    ],
)
def test_what_cannot_be_assessed_has_no_score(purity, snps, lengths, reason):
    found = hrd_document(purity, ROWS, snps, lengths)
    assert found["reason"] == reason
    assert (found["results"][0]["value"], found["results"][0]["verdict"], found["loh"]) == (None, "not_assessed", None)
