"""LOH, TAI and LST of hand-made segments, and when they are not assessed."""

import re
from itertools import pairwise
from random import Random
from statistics import fmean

import pytest

from gms.base.json_tables import read_table
from gms.base.project import PROJECT
from gms.biomarkers.genomic_scars import Alleles, scars, share_known
from gms.biomarkers.homologous_recombination import KNOWN, hrd_document
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
    return {"sample": "T", "reason": reason, "ploidy": 2.0, "results": [{"value": purity}], "alternative": None}


def row(contig, start, end, major, minor):
    return {"contig": contig, "start": start, "end": end, "major": major, "minor": minor}


ROWS = [row("chr1", 0, 200_000_000, 1, 1), row("chr1", 200_000_000, 248_900_000, 1, 0)]


def test_the_document_has_the_counts_and_the_stretches():
    found = hrd_document(measured(), ROWS, DENSE, LENGTHS)
    assert (found["loh"], found["tai"], found["lst"]) == (1, 1, 1)
    assert found["counted"]["loh"] == [["chr1", 200_000_000, 248_900_000]]
    assert (found["results"][0]["value"], found["results"][0]["verdict"]) == (3, "low")


def with_unknown(bases):
    """Rows of which one before the lost part has no known alleles."""
    at = 200_000_000 - bases
    unknown = row("chr1", at, 200_000_000, None, None)
    return [row("chr1", 0, at, 1, 1), unknown, ROWS[1]]


def test_short_parts_without_known_alleles_join_nothing_and_hide_nothing():
    found = hrd_document(measured(), with_unknown(2_000_000), DENSE, LENGTHS)
    assert (found["known"], found["loh"], found["tai"], found["lst"]) == (1.0, 1, 1, 1)


@pytest.mark.parametrize("bases, reason", [(4_000_000, None), (5_000_000, "unknown"), (6_000_000, "unknown")])
def test_a_score_is_given_where_98_percent_of_the_genome_have_known_alleles(bases, reason):
    found = hrd_document(measured(), with_unknown(bases), DENSE, LENGTHS)
    assert found["reason"] == reason and found["known"] == round(1 - bases / 248_900_000, 3)
    assert found["results"][0]["value"] == (None if reason else 2)  # no transition over 3 Mb or more


@pytest.mark.parametrize(
    "purity, snps, lengths, reason",
    [
        (measured(reason="few_events", purity=None), DENSE, LENGTHS, "no_purity"),
        (measured(purity=0.5), DENSE, LENGTHS, "low_purity"),
        (measured(), DENSE[::8], LENGTHS, "sparse"),
        (measured() | {"alternative": {"purity": 0.8, "baseline": 4.0}}, DENSE, LENGTHS, "two_genomes"),
        (measured(), DENSE, {"chr1": 5_000}, "other_assembly"),
    ],
)
def test_what_cannot_be_assessed_has_no_score(purity, snps, lengths, reason):
    found = hrd_document(purity, ROWS, snps, lengths)
    assert found["reason"] == reason
    assert (found["results"][0]["value"], found["results"][0]["verdict"], found["loh"]) == (None, "not_assessed", None)


STATES = [(1, 1), (1, 1), (1, 0), (1, 0), (2, 1), (2, 1), (2, 0), (3, 1), (2, 2)]
WHOLE = {f"chr{number}": 140_000_000 for number in range(1, 21)}


def broken_genome(random):
    """Twenty chromosomes of 140 Mb, each with up to six breaks."""
    for contig, length in WHOLE.items():
        cuts = sorted(random.randrange(1, length) for _ in range(random.randrange(7)))
        for start, end in pairwise([0, *cuts, length]):
            yield Alleles(contig, start, end, *random.choice(STATES))


def as_seen(random, genome, mean_distance):
    """The genome where alleles are known with three heterozygous SNPs or more in a part."""
    for one in genome:
        at, number = one.start + random.expovariate(1 / mean_distance), 0
        while at < one.end:
            at, number = at + random.expovariate(1 / mean_distance), number + 1
        yield one if number >= 3 else one._replace(major=None, minor=None)


def test_scores_that_are_given_miss_few_scars():
    """Simulated; with fewer parts known than KNOWN they would miss many."""
    random, known = Random(7), centromeres("GRCh38")
    missed = {True: [], False: []}
    for _ in range(40):
        genome = list(broken_genome(random))
        score = scars(genome, known, WHOLE).score
        for distance in (500_000, 1_000_000, 2_000_000, 4_000_000):
            seen = list(as_seen(random, genome, distance))
            share = (score - scars(seen, known, WHOLE).score) / score
            missed[share_known(seen) >= KNOWN].append(share)
    assert fmean(missed[True]) < 0.07 and fmean(missed[False]) > 0.15
    assert sum(one < 0.15 for one in missed[True]) >= 0.95 * len(missed[True])
