"""Rows of the lists (TSV, XLSX) for what is no variant: SMN1 and SMN2, uniparental and homozygous regions."""

import pytest

from gms.biomarkers.smn_results import concluded, shown
from gms.report.findings import finding
from gms.report.render import finding_rows
from gms.report.variants import Variant

SAMPLES = [{"sample": "P1", "affected": "yes"}, {"sample": "M1", "affected": "no"}]
PLACE = {"contig": "chr15", "start": 2_000_001, "end": 30_000_000, "length": 28_000_000, "depth": 1.0}
SEGMENT = {"parent": "mother", "kind": "isodisomy", "whole": False, "informative": 900, "contrary": 2}
SEGMENT |= {**PLACE, "disorder": "Prader-Willi syndrome", "imprinted_region": "over"}
RUN = {**PLACE, "markers": 4000, "one_copy": False, "uniparental": True, "suspect": True}
PLAIN = {**RUN, "contig": "chr2", "uniparental": False, "suspect": False}
INBREEDING = {"value": 0.02, "limit": 0.0156, "verdict": "warn", "left_out": None}
REGIONS = {"sample": "P1", "parents": "used", "uniparental": [SEGMENT], "runs": [RUN, PLAIN], "inbreeding": INBREEDING}


def smn(sample, copies, reason=None, c840=None):
    results = [{"metric": f"smn{n}_copies", "value": value} for n, value in zip((1, 2), copies, strict=True)]
    evidence = {"total": {"value": 2.98, "error": 0.1}, "c840": c840 or {"reads_smn1": 15, "reads_smn2": 30}}
    agreeing = None if reason else 8
    return {"sample": sample, "reason": reason, "results": results, "sites_agreeing": agreeing, "evidence": evidence}


def listed(**more):
    header, *rows = finding_rows({"samples": SAMPLES, "findings": [], **more})
    assert all(len(row) == len(header) for row in rows)
    return [{key: value for key, value in zip(header, row, strict=True) if value not in (None, "")} for row in rows]


ITD = {"duplicated": {"inserted": 48, "repeated": 45, "filler": "GTC"}}
OF_MALE = {"LOG2": "1.000", "COPIES": "3.00", "USUAL": "1"}


@pytest.mark.parametrize(
    "more, remark",
    [
        ({"own": {**OF_MALE}}, "usual copies 1; copies of all cells"),
        ({"own": {**OF_MALE, "PURITY": "0.5"}}, "usual copies 1; of tumour cells at purity 0.5 (sample sheet)"),
        (
            {"own": {**OF_MALE, "PURITY": "0.5", "PURITY_CI": "0.4,0.6"}},
            "usual copies 1; of tumour cells at purity 0.5 (measured)",
        ),
        (
            {"own": {"SPLICE_EVENT": "MET_exon_14_skipping", "SKIPPED_EXONS": "14"}},
            "MET exon 14 skipping, exon 14 skipped",
        ),
        (ITD, "tandem duplication of 45 bases with GTC between both copies (48 inserted)"),
        ({"own": {"SVLEN": "-900"}}, None),
    ],
)
def test_what_decides_about_an_event_is_its_remark(more, remark):
    info = {"MAY_BE_INHERITED": "True"} if "LOG2" in more.get("own", {}) else {}
    event = Variant("chrX", 5, "N", "<DUP>", "gain", info, None, (), "", (), {})
    case = {"kind": "somatic", "callable_depth": 100, "samples": [{**one, "role": "tumor"} for one in SAMPLES]}
    ranks = {"rank": None, "score": None, "score_terms": [], "phenotypes": []}
    [row] = listed(classes=[{"findings": [finding(event, case, "gain", "copy_number") | ranks | more]}])
    assert row.get("remark") == remark and row.get("labels") == ("may_be_inherited" if info else None)


def test_copies_of_smn1_and_smn2_with_their_conclusion():
    one, two = listed(smn=concluded([smn("P1", (0, 3)), smn("M1", (1, 2))], SAMPLES))
    remark = "depth of both genes 2.98 copies; 8 of 8 sites agree; c.840: 15 reads of SMN1, 30 of SMN2"
    assert one == {
        "section": "smn", "reported": "yes", "genes": "SMN1", "labels": "no_copy", "copies": 0, "remark": remark,
        "P1 copies": 0, "M1 copies": 1,
    }  # fmt: skip
    assert two == {"section": "smn", "reported": "no", "genes": "SMN2", "copies": 3, "P1 copies": 3, "M1 copies": 2}


def test_copies_that_are_not_known_and_those_of_healthy_people():
    c840 = {"reads_smn1": 0, "reads_smn2": 60, "smn1_copies": 0, "other_sites": 2, "agrees": False}
    one, _ = listed(smn=concluded([smn("P1", (None, None), "c840_disagrees", c840)], SAMPLES))
    assert (one["labels"], one["reported"], "P1 copies" in one) == ("c840_lost", "yes", False)
    one, two = listed(smn=concluded([smn("P1", (None, None), "low_depth")], SAMPLES))
    assert (one["labels"], one["reported"], two["labels"]) == ("low_depth", "no", "low_depth")
    one, _ = listed(smn=concluded([smn("P1", (2, 2))], SAMPLES))
    assert (one["reported"], "labels" in one) == ("no", False)
    assert concluded([smn("M1", (1, 2))], SAMPLES)[0]["conclusion"] == "carrier"


@pytest.mark.parametrize(
    ("copies", "reason", "mother", "expected"),
    [
        ((2, 2), None, "no", ["P1"]),
        ((2, 2), None, "unknown", ["P1"]),
        ((2, 2), None, "yes", ["P1", "M1"]),
        ((None, None), "low_depth", "no", ["P1"]),
        ((1, 2), None, "no", ["P1", "M1"]),
        ((0, 3), None, "no", ["P1", "M1"]),
    ],
)
def test_copies_of_relatives_are_shown_for_a_finding_of_the_index_or_where_they_are_ill(
    copies, reason, mother, expected
):
    people = [SAMPLES[0], {**SAMPLES[1], "affected": mother}]
    found = shown([smn("P1", copies, reason), smn("M1", (1, 3))], people)
    assert [one["sample"] for one in found] == expected
    assert shown([], people) == []


def test_uniparental_and_homozygous_regions():
    segment, share, run, plain = listed(regions=REGIONS)
    assert segment == {
        "section": "uniparental_disomy", "reported": "yes", "consequence": "uniparental_isodisomy",
        "variant": "chr15:2000001-30000000", "labels": "from_mother, imprinted_region_over", "length": 28_000_000,
        "remark": "Prader-Willi syndrome; 900 sites for, 2 against; depth 1.00 of the usual",
    }  # fmt: skip
    assert (share["consequence"], share["labels"], share["P1 fraction"]) == (
        "share_of_genome", "parents_probably_related", 0.02)  # fmt: skip
    assert (run["reported"], run["labels"]) == ("yes", "uniparental")
    assert run["remark"] == "4000 markers, depth 1.00 of the usual"
    assert (plain["reported"], plain["variant"], "labels" in plain) == ("no", "chr2:2000001-30000000", False)


def test_a_disorder_is_not_named_where_its_region_is_elsewhere_nor_is_the_share_of_a_part_of_a_genome():
    elsewhere = {**SEGMENT, "imprinted_region": "outside", "whole": True, "kind": "unknown"}
    inbreeding = {**INBREEDING, "value": None, "verdict": "not_assessed"}
    (segment,) = listed(regions={**REGIONS, "uniparental": [elsewhere], "runs": [], "inbreeding": inbreeding})
    assert segment["labels"] == "from_mother, whole_chromosome, imprinted_region_outside"
    assert "Prader-Willi" not in segment["remark"] and segment["consequence"] == "uniparental_disomy"


def test_isodisomy_of_a_single_chromosome_without_parents():
    inbreeding = {**INBREEDING, "verdict": "pass", "left_out": {"contig": "chr15", "length": 28_000_000}}
    run = {**RUN, "uniparental": False}
    more = {"parents": "not_sequenced", "uniparental": [], "runs": [run], "inbreeding": inbreeding}
    share, run = listed(regions={**REGIONS, **more})
    assert (share["labels"], run["labels"]) == ("isodisomy_possible", "uniparental_possible")
    assert share["remark"] == "without chr15, which alone has 28000000 bases of runs"


def test_a_repeat_has_its_locus_and_the_copies_and_states_of_each_sample():
    """ARX has two loci, and 0/1 of a normal allele and an expanded one says nothing."""
    info = {"REPID": "ARX_2", "RU": "NGC", "STR_NORMAL_MAX": "12", "STR_PATHOLOGIC_MIN": "20"}
    event = Variant("chrX", 5, "N", "<STR>", "expanded", info, 0.00039999998989515007, (), "", (), {})
    people = [{**one, "role": role} for one, role in zip(SAMPLES, ("proband", "mother"), strict=True)]
    case = {"kind": "germline", "callable_depth": 10, "samples": people}
    shown = finding(event, case, "expanded", "repeats") | {"own": info, "phenotypes": []}
    alleles = [{"low": 12, "high": 12, "status": "normal"}, {"low": 21, "high": None, "status": "full_mutation"}]
    loci = [{"locus": "ARX_2", "samples": [{"alleles": alleles}, None]}, {"locus": "ARX_1", "samples": [None, None]}]
    shown |= {"rank": None, "score": None, "score_terms": []}
    [row] = listed(classes=[{"findings": [shown], "facts": {"assessed": True, "loci": loci}}])
    assert row["remark"] == "ARX_2, motif NGC, normal to 12 copies, pathogenic from 20"
    assert row["P1 copies"] == "12 normal / 21 or more full_mutation" and "M1 copies" not in row
    assert row["population_frequency"] == 0.0004 and "P1 genotype" not in row
