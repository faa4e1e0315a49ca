"""Copies of SMN1 and SMN2 from counts, and references that lack them. Reads: ./gms benchmark smn."""

import pysam
import pytest

from alignments import write_cram
from gms.base.errors import GmsError
from gms.biomarkers import smn
from gms.biomarkers.smn_reads import SHIFTS, SITES, Place, find_place, known_sites
from gms.biomarkers.smn_results import evidence_words


class Reference:
    """Only what find_place asks of a FASTA: bases at the sites of an assembly."""

    references, lengths = ("chr5",), (181_538_259,)

    def __init__(self, shift: int, changed: int = 0):
        self.bases = {}
        for number, site in enumerate(known_sites()):
            self.bases[site.smn1 + shift] = "N" if number < changed else site.base1
            self.bases[site.smn2 + shift] = site.base2

    def fetch(self, contig, start, end):
        return self.bases.get(end, "N")


@pytest.mark.parametrize("assembly", SHIFTS)
def test_genes_are_found_by_their_bases(assembly):
    place = find_place(Reference(SHIFTS[assembly]))
    assert place.assembly == assembly
    assert place.sites[12].smn1 == {"GRCh38": 70_951_946, "GRCh37": 70_247_773}[assembly]  # c.840


def test_a_reference_with_other_bases_has_no_genes():
    assert find_place(Reference(0, changed=2)) is not None
    assert find_place(Reference(0, changed=3)) is None


@pytest.mark.parametrize(("depth", "expected"), [(60, 4), (44, 3), (1, 0)])
def test_the_sum_follows_the_depth(depth, expected):
    total, posterior = smn.total_copies(smn.Depths(depth, 30, 2 * depth / 30, 0.15))
    assert total == expected and posterior > 0.95


@pytest.mark.parametrize("share", [0, 1, 2, 3])
def test_sites_share_the_sum(share):
    copies, posterior = smn.smn1_copies(3, [(10 * share, 10 * (3 - share))] * 8)
    assert copies == share and posterior > 0.95


def counts(one: int, two: int) -> list[tuple[int, int]]:
    return [(one, two)] * len(known_sites())


def called(depth: float, sites: list[tuple[int, int]], error: float = 0.1) -> dict:
    place = Place("chr5", "GRCh38", known_sites())
    return smn._called("S1", place, smn.Depths(depth, 30, depth / 15, error), sites)


def test_one_copy_is_a_carrier_and_none_is_the_disease():
    carrier, affected = called(45, counts(15, 30)), called(30, counts(0, 30))
    assert [result["value"] for result in carrier["results"]] == [1, 2]
    assert [found["results"][0]["verdict"] for found in (carrier, affected)] == ["warn", "fail"]


@pytest.mark.parametrize(
    ("reads", "copies", "said"), [((14, 46), 1, True), ((1, 59), 0, False), ((3, 3), None, False), (None, None, False)]
)
def test_the_hint_of_a_silent_carrier_is_told_and_changes_no_number(reads, copies, said):
    place = Place("chr5", "GRCh38", known_sites())
    found = smn._called("S1", place, smn.Depths(60, 30, 4, 0.1), counts(30, 30), reads)
    assert [result["value"] for result in found["results"]] == [2, 2]
    assert (found["evidence"]["g27134"] or {"copies": None})["copies"] == copies
    assert ("g.27134T>G on a copy" in evidence_words(found)) == said


@pytest.mark.parametrize(("copies", "said"), [(0, False), (1, False), (2, True), (3, False), (None, False)])
def test_the_hint_speaks_for_a_silent_carrier_of_two_copies_alone(copies, said):
    """One copy is not two on one chromosome, and three are."""
    found = {"total": {"value": 4}, "g27134": {"copies": 1}}
    words = evidence_words({"evidence": found, "sites_agreeing": 8, "results": [{"value": copies}]})
    assert "g.27134T>G on a copy" in words and ("likelier" in words) == said


def test_the_hint_lies_behind_exon_7_of_both_genes():
    """c.*3+80: c.840 is 48 bases before c.*3, the last of exon 7."""
    place = find_place(Reference(0))
    decides = next(site for site in place.sites if site.decides)
    assert (place.hint.smn1 - decides.smn1, place.hint.smn2 - decides.smn2) == (128, 128)


def test_what_does_not_fit_is_not_assessed():
    mixed = [(60, 0)] * 8 + [(0, 60)] * 4 + [(30, 30)] * 3 + [(60, 0)]  # three used sites of SMN1, three of SMN2
    for found, reason in (
        (called(60, counts(2, 2)), "few_reads"),
        (called(52.5, counts(30, 30)), "between_copies"),
        (called(60, mixed), "sites_disagree"),
    ):
        assert found["reason"] == reason
        assert {result["verdict"] for result in found["results"]} == {"not_assessed"}


C840 = next(number for number, site in enumerate(known_sites()) if site.decides)


def converted(depth: float, at_c840: tuple[int, int], others: tuple[int, int]) -> dict:
    return called(depth, [at_c840 if number == C840 else others for number in range(16)])


@pytest.mark.parametrize(
    ("at_c840", "others", "copies"),
    [
        ((0, 60), (30, 30), (0, 2)),
        ((30, 30), (0, 60), (2, 0)),
        ((15, 45), (30, 30), (1, 2)),
        ((1, 59), (15, 45), (0, 1)),
    ],
)
def test_a_copy_that_is_converted_at_c840_or_around_it_is_not_called(at_c840, others, copies):
    found = converted(60, at_c840, others)
    assert (found["reason"], found["results"][0]["value"]) == ("c840_disagrees", None)
    assert {result["verdict"] for result in found["results"]} == {"not_assessed"}
    deciding = found["evidence"]["c840"]
    assert (deciding["smn1_copies"], deciding["other_sites"]) == copies
    assert (deciding["reads_smn1"], deciding["reads_smn2"]) == at_c840


def test_chance_at_c840_is_no_conversion():
    assert converted(60, (22, 38), (30, 30))["results"][0]["value"] == 2  # rather three than two of four
    assert converted(60, (1, 59), (0, 60))["results"][0]["value"] == 0  # one wrong base


def test_a_reference_without_the_genes_is_a_reason(tmp_path):
    fasta = tmp_path / "genome.fa"
    fasta.write_text(">chr1\nACGTACGT\n")
    pysam.faidx(str(fasta))
    cram = write_cram(tmp_path / "S1.cram", fasta, [])
    assert smn.smn_document("S1", cram, fasta)["reason"] == "no_region"


def test_a_table_of_a_run_is_looked_for_where_it_says(tmp_path):
    table = tmp_path / "smn.tsv"
    lines = [line.split("\t") for line in SITES.read_text().splitlines() if not line.startswith("#")]
    moved = [[str(int(one) + 1_000), a, str(int(two) + 1_000), *rest] for one, a, two, *rest in lines[1:]]
    table.write_text("".join("\t".join(line) + "\n" for line in [lines[0], *moved]))
    assert find_place(Reference(1_000), table).sites[12].smn1 == 70_952_946
    assert find_place(Reference(0), table) is None


@pytest.mark.parametrize("old, new", [("smn2", "smn3"), ("70948315", "here"), ("yes", "no"), ("decides", "yes")])
def test_a_table_that_cannot_be_used_is_named(tmp_path, old, new):
    table = tmp_path / "smn.tsv"
    table.write_text(SITES.read_text().replace(old, new))
    with pytest.raises(GmsError, match="is not a table of sites of SMN1 and SMN2"):
        known_sites(table)
