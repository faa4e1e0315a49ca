"""Hotspots and listed positions of a report: what was seen there."""

import pytest

from gms.base.project import PROJECT
from gms.filtering.policy import load_policy
from gms.genome.alleles import Allele, touched_bases
from gms.inputs.assay_files import find_assay_files
from gms.report.genes import position_columns, position_rows, positions
from gms.report.set_aside import Seen, seen_variants
from gms.report.variants import Evidence, Variant

ROW = {"name": "H", "list": "hotspot", "chrom": "chr1", "start": "99", "end": "102", "depth": "500.0", "status": "ok"}
ROW["allele"] = "-"


def seen(allele, *flags, chrom="chr1"):
    known = {"variant": f"{chrom}:{allele.pos + 1}:{allele.ref}:{allele.alt}", "alt_reads": 5, "depth": 500}
    known |= {"fraction": 0.01, "reported": not flags, "flags": list(flags)}
    return Seen(chrom, touched_bases(allele), known)


@pytest.mark.parametrize(
    ("allele", "is_there"),
    [
        (Allele(98, "A", "T"), False),
        (Allele(99, "A", "T"), True),
        (Allele(102, "A", "T"), False),
        (Allele(98, "A", "ATT"), True),  # between the base before and the first base
        (Allele(101, "A", "ATT"), True),
        (Allele(102, "A", "ATT"), False),
        (Allele(97, "AC", "A"), False),
        (Allele(98, "AC", "A"), True),
        (Allele(101, "AC", "A"), False),  # replaces the base behind
        (Allele(90, "A" * 30, "A"), True),
    ],
)
def test_a_variant_counts_where_it_touches_a_position(allele, is_there):
    [row] = positions([ROW], None, [seen(allele)])["rows"]
    assert row["result"] == ("reported" if is_there else "not_seen")
    assert len(row["variants"]) == is_there


@pytest.mark.parametrize("repeat, result", [(4, "reported"), (1, "not_seen")])
def test_an_indel_is_seen_where_its_list_has_it_further_right(repeat, result):
    """NPM1 W288fs: a duplication of TCTG, listed behind the copy and called before it."""
    known = seen(Allele(95, "C", "CTCTG")).known
    found = Seen("chr1", touched_bases(Allele(95, "C", "CTCTG"), repeat), known)
    [row] = positions([ROW | {"start": "99", "end": "100"}], None, [found])["rows"]
    assert row["result"] == result


def test_what_was_filtered_is_not_called_unseen():
    found = positions([ROW], None, [seen(Allele(99, "A", "T"), "LowVaf"), seen(Allele(99, "A", "G"), chrom="chr2")])
    assert [row["result"] for row in found["rows"]] == ["filtered"]
    header, row = position_columns(found)
    assert dict(zip(header, row, strict=True))["flags"] == "LowVaf"
    assert position_rows(found)["notable"][0]["variants"] == ["chr1:100 A>T, 5 of 500 reads (LowVaf)"]


def test_what_cannot_be_analysed_has_no_limit_and_is_not_unseen():
    rows = [ROW | {"status": "not_analysable", "depth": "3.0"}, ROW | {"status": "low", "depth": "60.0"}]
    found = positions(rows, lambda depth, hotspot, kind: 1 / depth, [])
    assert [(row["result"], row["fraction"]) for row in found["rows"]] == [
        ("not_analysable", None),
        ("not_seen", 1 / 60),
    ]
    assert (found["ok"], found["low"], found["not_analysable"]) == (0, 1, 1)


KRAS = {"name": "KRAS_G12C", "start": "25245350", "end": "25245351", "allele": "25245351:C:A"}  # c.34G>T


@pytest.mark.parametrize(
    "found, result, variants, others",
    [
        ([Allele(25245350, "C", "A")], "reported", ["chr1:25245351:C:A"], []),
        ([Allele(25245350, "C", "T")], "other_change", [], ["chr1:25245351:C:T"]),  # G12S
        ([Allele(25245349, "CC", "AA")], "other_change", [], ["chr1:25245350:CC:AA"]),
        ([], "not_seen", [], []),
    ],
)
def test_an_entry_of_one_allele_is_seen_where_that_allele_is(found, result, variants, others):
    [row] = positions([ROW | KRAS], None, map(seen, found))["rows"]
    assert (row["result"], [one["variant"] for one in row["variants"]], row["others"]) == (result, variants, others)


def test_a_part_of_a_joined_allele_is_no_sight_of_the_listed_one():
    """BRAF V600K is a change of two bases, one of which alone would be V600E."""
    part, joined = seen(Allele(25245350, "C", "A"), "PartOfHaplotype"), seen(Allele(25245350, "CC", "AT"))
    table = positions([ROW | KRAS, ROW | KRAS | {"allele": "-"}], None, [part, joined])
    assert [row["result"] for row in table["rows"]] == ["other_change", "reported"]
    header, row, _ = position_columns(table)
    assert dict(zip(header, row, strict=True))["others"] == "chr1:25245351:CC:AT"
    assert position_rows(table)["notable"][0]["variants"] == ["chr1:25245351 CC>AT"]


POLICY = load_policy(find_assay_files(PROJECT).policies["panel_solid"])


@pytest.mark.parametrize(
    "answer, info, more, result",
    [
        ("no", {"GENE": "BRCA1", "HOTSPOT": "x"}, (), "not_seen"),  # of the policy's inherited_genes
        ("no", {"GENE": "TP53", "HOTSPOT": "x"}, (), "not_seen"),  # of the ACMG's
        ("no", {"GENES": "TP53,WRAP53", "GENE": "WRAP53", "HOTSPOT": "x"}, (), "not_seen"),
        ("no", {"GENE": "ABC", "WHITELIST": ""}, (), "not_seen"),
        ("no", {"GENE": "JAK2", "HOTSPOT": "x"}, ("InNormal",), "withheld"),
        ("unknown", {"GENE": "BRCA1", "WHITELIST": ""}, ("InNormal",), "withheld"),
        ("unknown", {"GENE": "TP53"}, ("PopulationFrequency", "InNormal"), "not_seen"),
    ],
)
def test_a_position_is_withheld_only_where_that_names_no_inherited_variant(answer, info, more, result):
    reads = {"T": Evidence((0, 1), 450, 900, 0.5), "N": Evidence((0, 1), 150, 500, 0.3)}
    found = Variant("chr1", 100, "CT", "C", "", info, None, (), "", (), reads, 60.0, ("Inherited", *more))
    samples = [{"sample": "T", "role": "tumor"}, {"sample": "N", "role": "normal"}]
    case = {"samples": samples, "germline_findings": answer}
    (row,) = positions([ROW | {"name": "G>T"}], None, seen_variants([found], case, POLICY))["rows"]
    assert row["result"] == result and not row["variants"] and not row["others"]
    assert row.get("genes") == ([info["GENE"]] if result == "withheld" else None)


@pytest.mark.parametrize("answer, result", [("yes", "filtered"), ("no", "withheld"), ("unknown", "withheld")])
def test_listed_variants_that_look_inherited_are_named_with_consent_only(answer, result):
    reads = {"T": Evidence((0, 1), 450, 900, 0.5), "N": Evidence((0, 1), 150, 500, 0.3)}
    info = {"HOTSPOT": "x", "GENE": "JAK2"}
    found = Variant("chr1", 100, "CT", "C", "", info, None, (), "", (), reads, 60.0, ("Inherited",))
    samples = [{"sample": "T", "role": "tumor"}, {"sample": "N", "role": "normal"}]
    case = {"samples": samples, "germline_findings": answer}
    rows = [ROW, ROW | {"start": "400", "end": "401"}, ROW | {"status": "not_analysable"}]
    found = positions(rows, None, seen_variants([found], case, POLICY))
    assert [row["result"] for row in found["rows"]] == [result, "not_seen", "not_analysable"]
    assert len(found["rows"][0]["variants"]) == (answer == "yes") and found["rows"][0]["others"] == []
    assert len(position_rows(found)["notable"]) == 2
    assert ("chr1:100:CT:C" in str(list(position_columns(found)))) == (answer == "yes")


def test_the_limit_of_an_entry_is_that_of_its_kind():
    """Molecules that GMS560 asks for, by kind."""
    alleles = ("-", "5:C:A", "5:CC:AA", "5:C:CAA", "5:CAA:C", "5:CAA:GT")
    rows = [ROW | {"allele": allele} for allele in alleles]
    kinds = [row["fraction"] for row in positions(rows, lambda depth, hotspot, kind: kind)["rows"]]
    assert kinds == ["snv", "snv", "mnv", "insertion", "deletion", "complex_deletion"]


def test_what_is_outside_the_targets_is_listed_as_not_analysable():
    off = ROW | {"status": "outside_targets", "depth": "-", "chrom": "chr5"}
    rows = [off, off | {"start": "200", "end": "201"}, ROW | {"status": "partly_outside"}, ROW]
    other = seen(Allele(99, "A", "T"), "OffTarget", chrom="chr5")
    found = positions(rows, lambda depth, hotspot, kind: 0.02, [other])
    shown = [(row["result"], row["fraction"], row["depth"]) for row in found["rows"]]
    assert shown == [("not_analysable", None, None)] * 2 + [("not_seen", 0.02, 500.0)] * 2
    counts = {key: found[key] for key in ("total", "ok", "low", "not_analysable", "outside_targets", "partly_outside")}
    assert counts == {
        "total": 4, "ok": 1, "low": 0, "not_analysable": 2, "outside_targets": 2, "partly_outside": 1
    }  # fmt: skip
    page = position_rows(found)
    assert [len(page[group]) for group in ("notable", "off_target", "others")] == [1, 2, 1]
    assert [(row["depth"], len(row["variants"])) for row in page["off_target"]] == [("–", 1), ("–", 0)]
    assert list(position_columns(found))[1][3:7] == [None, "outside_targets", None, "not_analysable"]
