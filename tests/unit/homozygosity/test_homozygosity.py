"""Homozygous regions and uniparental disomy on genotypes of made-up families, whose truth is known."""

import numpy as np
import pytest

from gms.base.json_tables import read_table
from gms.homozygosity.document import _is_suspect, regions_document
from gms.homozygosity.imprinting import DISORDERS, REGIONS, position
from gms.homozygosity.inbreeding import inbreeding
from gms.homozygosity.runs import Run, runs_of_homozygosity
from gms.homozygosity.sites import UNCERTAIN, Sites, read_sites
from gms.homozygosity.uniparental import (
    BIPARENTAL,
    FROM_FATHER,
    FROM_MOTHER,
    NOT_FATHER,
    NOT_MOTHER,
    NOTHING,
    observations,
    uniparental_segments,
)

LENGTH, SPACING, ERROR = 12_000_000, 1_500, 0.003
BEGIN, END = 4_000_000, 9_000_000
MEMBERS = {"proband": "C", "mother": "M", "father": "F"}


def family(kind: str = "normal", seed: int = 1, parent: str = "mother", depth_inside: int = 30) -> dict[str, Sites]:
    """Genotypes of child, mother and father at every 1,500 bases: frequency 0.4, 3 of 1,000 genotypes wrong.
    `kind` of the child between BEGIN and END: normal, iso, hetero, related (both haplotypes the same)."""
    rng = np.random.default_rng(seed)
    positions = np.arange(1_000, LENGTH, SPACING)
    haplotypes = rng.random((4, len(positions))) < 0.4  # two of the mother, two of the father
    mother, father = haplotypes[:2], haplotypes[2:]
    inside = (positions >= BEGIN) & (positions < END)
    own = mother if parent == "mother" else father
    second = {"normal": father[0], "iso": own[0], "hetero": own[1], "related": mother[0]}[kind]
    first = own[0] if kind in ("iso", "hetero") else mother[0]
    if kind == "related":
        father[0][inside] = mother[0][inside]
    child = np.where(inside, first, mother[0]).astype(int) + np.where(inside, second, father[0])
    genotypes = np.stack([child, mother.sum(0), father.sum(0)], axis=1).astype(np.int8)
    wrong = rng.random(genotypes.shape) < ERROR
    genotypes[wrong] = rng.integers(0, 3, wrong.sum())
    shown = (genotypes > 0).any(axis=1)
    depths = rng.poisson(np.where(inside, depth_inside, 30))
    return {"chr15": Sites(positions, genotypes, depths, np.full(len(positions), 0.4)).chosen(shown)}


def document(sites: dict[str, Sites], *parents: str) -> dict:
    members = {role: name for role, name in MEMBERS.items() if role in ("proband", *parents)}
    at = [list(MEMBERS).index(role) for role in members]
    columns = {c: Sites(s.positions, s.genotypes[:, at], s.depths, s.frequencies) for c, s in sites.items()}
    return regions_document("F1", members, columns, {"chr15": LENGTH})


def trio(sites: dict[str, Sites]) -> dict:
    return document(sites, "mother", "father")


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("parent", ["mother", "father"])
@pytest.mark.parametrize("kind", ["iso", "hetero"])
def test_uniparental_disomy_is_found_with_its_parent_kind_and_ends(kind, parent, seed):
    (segment,) = uniparental_segments(family(kind, seed, parent))
    assert (segment.parent, segment.kind, segment.whole) == (parent, f"{kind}disomy", False)
    assert abs(segment.start - BEGIN) < 100_000 and abs(segment.end - END) < 100_000
    assert segment.contrary < 0.05 * segment.informative


def test_wrong_genotypes_next_to_each_other_do_not_end_a_disomy():
    (found,) = family("hetero").values()
    middle = [at for at, pos in enumerate(found.positions) if pos >= 6_500_000][:5]
    found.genotypes[middle] = 1, 0, 2  # both parents in the child
    (segment,) = uniparental_segments({"chr15": found})
    assert (segment.kind, segment.contrary >= 5) == ("heterodisomy", True)


@pytest.mark.parametrize("seed", range(5))
def test_a_normal_trio_has_neither(seed):
    found = trio(family("normal", seed))
    assert (found["runs"], found["uniparental"], found["parents"]) == ([], [], "used")


def test_children_of_related_parents_have_runs_but_no_uniparental_disomy():
    found = trio(family("related"))
    (run,) = found["runs"]
    assert abs(run["start"] - BEGIN) < 100_000 and abs(run["end"] - END) < 100_000
    assert not run["uniparental"] and not run["suspect"] and found["uniparental"] == []


def test_an_isodisomy_is_one_finding_with_its_disorder():
    found = trio(family("iso", parent="mother"))
    assert [region["disorder"] for region in found["uniparental"]] == ["Prader-Willi syndrome"]
    assert [region["imprinted_region"] for region in found["uniparental"]] == ["unknown"]  # of no assembly
    assert [run["uniparental"] for run in found["runs"]] == [True]
    assert trio(family("iso", parent="father"))["uniparental"][0]["disorder"] == "Angelman syndrome"


@pytest.mark.parametrize(
    ("contig", "start", "end", "length", "whole", "expected"),
    [
        ("chr11", 100_000_000, 130_000_000, 135_086_622, False, "outside"),
        ("chr11", 200_000, 2_500_000, 135_086_622, False, "over"),  # one of the two regions
        ("chr15", 90_000_000, 100_000_000, 101_991_189, False, "outside"),
        ("chr15", 25_050_000, 40_000_000, 101_991_189, False, "over"),  # ends are known within 100 kb
        ("chr15", 25_100_000, 40_000_000, 101_991_189, False, "outside"),
        ("15", 25_250_000, 40_000_000, 102_531_392, False, "over"),  # GRCh37
        ("chr15", 25_250_000, 40_000_000, 12_000_000, False, "unknown"),
        ("chr15", 10_000, 11_990_000, 12_000_000, True, "over"),
    ],
)
def test_an_imprinting_disorder_needs_its_region(contig, start, end, length, whole, expected):
    assert position(contig, start, end, length, whole) == expected


def test_every_imprinted_chromosome_has_its_region_in_both_assemblies():
    rows = [(row["chromosome"], row["assembly"], row["region"]) for row in read_table(REGIONS)]
    found = {assembly: {(c, r) for c, a, r in rows if a == assembly} for assembly in ("GRCh37", "GRCh38")}
    assert found["GRCh37"] == found["GRCh38"] and len(rows) == 2 * len(found["GRCh38"])
    assert {c for c, _ in found["GRCh38"]} == {row["chromosome"] for row in read_table(DISORDERS)}
    sizes = {(row["region"], int(row["end"]) - int(row["start"])) for row in read_table(REGIONS)}
    assert len(sizes) == len(found["GRCh38"])  # the same bases


def test_a_deletion_is_not_a_disomy():
    found = trio(family("iso", depth_inside=15))
    assert found["uniparental"] == [] and [run["one_copy"] for run in found["runs"]] == [True]


def test_without_parents_an_isodisomy_is_a_run():
    found = document(family("iso"))
    assert (found["parents"], len(found["runs"]), found["uniparental"]) == ("not_sequenced", 1, [])


def two_chromosomes(**options) -> dict[str, Sites]:
    """chr15 of the family beside a larger normal one: what is uniparental is less than half of both."""
    return {"chr14": family("normal", 9)["chr15"], **family(**options)}


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(("one", "other"), [("mother", "father"), ("father", "mother")])
@pytest.mark.parametrize("kind", ["iso", "hetero"])
def test_one_parent_shows_a_disomy_of_the_other(kind, one, other, seed):
    members = {"proband": "C", one: "P"}
    at = [0, 1 if one == "mother" else 2]
    sites = two_chromosomes(kind=kind, seed=seed, parent=other)
    sites = {c: Sites(s.positions, s.genotypes[:, at], s.depths, s.frequencies) for c, s in sites.items()}
    found = regions_document("F1", members, sites, dict.fromkeys(sites, LENGTH))
    (segment,) = found["uniparental"]
    assert (found["parents"], segment["parent"], segment["kind"]) == (one, other, f"{kind}disomy")
    assert abs(segment["start"] - BEGIN) < 200_000 and abs(segment["end"] - END) < 200_000


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("kind", ["normal", "related"])
@pytest.mark.parametrize("parent", ["mother", "father"])
def test_one_parent_shows_no_disomy_where_there_is_none(kind, parent, seed):
    assert document(family(kind, seed), parent)["uniparental"] == []


def test_one_parent_says_nothing_of_its_own_disomy():
    found = document(family("iso", parent="mother"), "mother")
    assert found["uniparental"] == [] and len(found["runs"]) == 1


def test_an_inherited_deletion_is_no_disomy_of_the_other_parent():
    assert document(family("iso", parent="mother", depth_inside=15), "father")["uniparental"] == []


def test_a_run_ends_where_a_deletion_begins():
    sites = family("iso")["chr15"]
    is_deleted = (sites.positions > BEGIN) & (sites.positions < 6_500_000)
    depths = np.where(is_deleted, 0.5, 1) * sites.depths
    runs = document({"chr15": Sites(sites.positions, sites.genotypes, depths, sites.frequencies)})["runs"]
    inside = [run for run in runs if run["start"] > BEGIN - 100_000]
    assert [run["one_copy"] for run in inside] == [True, False]
    assert abs(inside[0]["end"] - 6_500_000) < 200_000 and inside[1]["end"] - inside[1]["start"] > 2_200_000


def test_a_part_of_a_genome_says_nothing_of_related_parents():
    found = trio(family("related"))["inbreeding"]
    assert (found["value"], found["verdict"], found["left_out"]) == (None, "not_assessed", None)


@pytest.mark.parametrize(("kind", "verdict"), [("normal", "pass"), ("related", "warn")])
def test_related_parents_show_in_a_whole_genome(kind, verdict, monkeypatch):
    monkeypatch.setattr("gms.homozygosity.inbreeding.MIN_ASSESSED", 10_000_000)
    assert trio(family(kind))["inbreeding"]["verdict"] == verdict


GENOME = {f"chr{n}": 125_000_000 for n in range(1, 23)}  # assessed bases


def runs(**megabases: int) -> list[Run]:
    return [Run(contig, 1, 1_000_000 * length, 9_000, 1.0) for contig, length in megabases.items()]


@pytest.mark.parametrize(
    ("found", "parents_used", "verdict", "left_out"),
    [
        (runs(chr15=81), False, "pass", "chr15"),  # isodisomy of a chromosome, without parents
        (runs(chr7=159, chr2=3, chr9=2), False, "pass", "chr7"),
        (runs(chr15=81), True, "warn", None),  # the parents exclude it
        (runs(chr1=30, chr4=25, chr8=40, chr12=20), False, "warn", None),  # first cousins' child
        (runs(chr15=81, chr1=30, chr4=20), False, "warn", "chr15"),  # both
        (runs(chr1=3, chr4=5), False, "pass", None),
        ([], False, "pass", None),
    ],
)
def test_runs_of_one_chromosome_say_nothing_of_related_parents(found, parents_used, verdict, left_out):
    result = inbreeding(found, GENOME, parents_used)
    assert result["verdict"] == verdict
    assert (result["left_out"] or {}).get("contig") == left_out


def test_the_share_is_that_of_the_other_chromosomes():
    found = inbreeding(runs(chr15=81, chr1=40), GENOME, False)
    assert found["value"] == round(40 / (21 * 125), 4) and found["left_out"]["length"] == 81_000_000


@pytest.mark.parametrize(
    ("contig", "start", "end", "suspect"),
    [
        ("chr15", 40_000_000, 49_000_000, False),
        ("chr15", 40_000_000, 51_000_000, True),
        ("chr15", 94_000_000, 99_900_000, True),  # at the end
        ("chr2", 40_000_000, 99_000_000, False),  # not imprinted
    ],
)
def test_only_long_runs_of_imprinted_chromosomes_are_suspect(contig, start, end, suspect):
    positions = np.arange(20_000_000, 100_000_001, 1_000_000)
    one = Sites(positions, np.zeros((len(positions), 1)), np.full(len(positions), 30), np.full(len(positions), 0.4))
    assert _is_suspect(Run(contig, start, end, 9_000, 1.0), one) is suspect


def test_the_kind_needs_sites_at_which_the_parent_is_heterozygous():
    sites = family("iso")["chr15"]
    few = sites.chosen(sites.genotypes[:, 1] != 1)
    (segment,) = uniparental_segments({"chr15": few})
    assert segment.kind == "unknown"


def test_a_stranger_for_a_mother_is_no_disomy_of_the_whole_genome():
    sites = family("normal")["chr15"]
    stranger = np.stack([sites.genotypes[:, 2], 2 - sites.genotypes[:, 2], sites.genotypes[:, 2]], axis=1)
    found = trio({"chr15": Sites(sites.positions, stranger, sites.depths, sites.frequencies)})
    assert (found["parents"], found["uniparental"]) == ("not_of_this_child", [])


def test_a_gap_without_markers_is_not_homozygous():
    sites = family("related")["chr15"]
    gap = sites.chosen((sites.positions < 4_600_000) | (sites.positions > 8_500_000))
    assert runs_of_homozygosity({"chr15": gap}, {"chr15": LENGTH}) == []


@pytest.mark.parametrize(
    ("child", "mother", "father", "shown"),
    [
        (1, 0, 2, BIPARENTAL),
        (0, 0, 2, FROM_MOTHER),
        (2, 0, 2, FROM_FATHER),
        (2, 1, 0, FROM_MOTHER),
        (0, 2, 1, FROM_FATHER),
        (1, 0, 1, NOT_MOTHER),
        (1, 1, 2, NOT_FATHER),
        (1, 1, 1, NOTHING),
        (0, 0, 0, NOTHING),
        (1, 0, 0, NOTHING),  # de novo, or an error
        (0, UNCERTAIN, 2, NOTHING),
    ],
)
def test_what_a_site_shows(child, mother, father, shown):
    assert observations(*(np.array([copies]) for copies in (child, mother, father))).tolist() == [shown]


VCF = """##fileformat=VCFv4.2
#CHROM	POS	ID	REF	ALT	QUAL	FILTER	INFO	FORMAT	F	C
{}
"""


@pytest.mark.parametrize(
    ("record", "known"),
    [
        ("chr1 7 . A C 9 . POP_AF=0.25 GT:DP:GQ 0/0:9:99 0/1:30:99", [[1, UNCERTAIN]]),
        ("chr1 7 . A C 9 . . GT:DP:GQ 0/0:20:99 1/1:30:99", [[2, 0]]),
        ("chr1 7 . A C 9 . X;MASK GT:DP:GQ 0/0:20:99 1/1:30:99", None),
        ("chr1 7 . A CT 9 . . GT:DP:GQ 0/0:20:99 1/1:30:99", None),
        ("chrX 7 . A C 9 . . GT:DP:GQ 0/0:20:99 1/1:30:99", None),
        ("chr1 7 . A C 9 . . GT:DP:GQ 0/0:20:99 1/1:30:19", None),
        ("chr1 7 . A C 9 . . GT:DP:GQ 0/0:20:99 0/1:30:99\nchr1 7 . A T 9 . . GT:DP:GQ 0/0:20:99 0/1:30:99", None),
        ("chr1 7 . A C 9 . . GT:DP:GQ 0/0:20:99 .:.:.", None),
    ],
)
def test_sites_are_certain_single_base_variants(record, known):
    lines = VCF.format(record.replace(" ", "\t")).splitlines(keepends=True)
    found = read_sites(iter(lines), ["C", "F"])
    assert ({c: s.genotypes.tolist() for c, s in found.items()}) == ({} if known is None else {"chr1": known})
