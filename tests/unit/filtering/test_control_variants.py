"""Controls: the variants that they are known to have, found, missed, outside their range; and others."""

import pytest

from gms.base.problems import Findings
from gms.filtering.control_variants import control_metrics, control_variants, read_expected
from gms.genome.intervals import Interval

HEADER = "chrom\tpos\tref\talt\tname\tfraction\ttolerance\n"
ASSEMBLY = "ref 'C' is not what the reference has at chr1:{}; is the list of another assembly?"
SEQUENCE = "ACGTTTTACGGACTCAGGATCCATGA"


class Bases:
    lengths = {"chr1": len(SEQUENCE)}

    def fetch(self, contig, start, end):
        return SEQUENCE[start:end] if contig == "chr1" else None


def listed(tmp_path, *rows):
    path, findings = tmp_path / "control.tsv", Findings()
    path.write_text(HEADER + "".join(f"{row}\n" for row in rows))
    return read_expected(path, Bases(), findings), [(one.line, one.text) for one in findings.problems]


def record(pos, ref, alt, fraction, state="PASS", info="GENE=JAK2"):
    return f"chr1\t{pos}\t.\t{ref}\t{alt}\t60\t{state}\t{info}\tGT:AF\t0/1:{fraction}\n"


def examined(expected, *records, targets=None):
    lines = ["##fileformat=VCFv4.2\n", "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tc\n", *records]
    return control_variants(lines, "c", expected, targets)


PART = record(10, "G", "A", 0.05, "PartOfHaplotype")
JOINED = record(10, "GG", "AT", 0.05, info="PARTS=chr1:10:G:A,chr1:11:G:T")


@pytest.mark.parametrize(
    "records, state, metrics",
    [
        ([record(10, "G", "A", 0.05)], "found", (0, 0, 1.0)),
        ([record(10, "G", "A", 0.03)], "found", (0, 0, 0.6)),
        ([record(10, "G", "A", 0.0299)], "low", (0, 1, 0.598)),
        ([record(10, "G", "A", 0.0701)], "high", (0, 1, 1.402)),
        ([record(10, "G", "A", 0.05, "LowAltReads")], "filtered", (1, 0, None)),
        ([], "missed", (1, 0, None)),
        ([record(10, "G", "C", 0.05)], "missed", (1, 0, None)),
        ([PART, JOINED], "found", (0, 0, 1.0)),
        ([JOINED, PART], "found", (0, 0, 1.0)),
        ([PART, JOINED.replace("PASS", "LowVaf")], "filtered", (1, 0, None)),
    ],
)
def test_state_of_an_expected_variant(tmp_path, records, state, metrics):
    expected, problems = listed(tmp_path, "chr1\t10\tG\tA\tJAK2 V617F\t0.05\t0.02")
    control = examined(expected, *records)
    assert not problems
    assert [one["state"] for one in control["variants"]] == [state]
    found = control_metrics(control)
    assert (found["control_missed"], found["control_outside"], found["control_ratio"]) == metrics


def test_indels_are_compared_left_aligned(tmp_path):
    expected, _ = listed(tmp_path, "chr1\t6\tTT\tT\tdeletion\t0.1\t0.05")
    assert expected[0].spelling == "chr1:3:GT:G"
    assert examined(expected, record(3, "GT", "G", 0.1))["variants"][0]["state"] == "found"


def test_other_reported_variants_are_unexpected_and_filtered_ones_are_not(tmp_path):
    expected, _ = listed(tmp_path, "chr1\t10\tG\tA\tJAK2\t0.05\t0.02")
    control = examined(
        expected, record(10, "G", "A", 0.05), record(12, "C", "T", 0.4), record(15, "C", "T", 0.5, "LowVaf")
    )
    assert control["unexpected"] == [{"variant": "chr1:12:C:T", "gene": "JAK2", "fraction": 0.4}]
    assert control_metrics(control)["control_unexpected"] == 0.4


def test_what_is_not_sequenced_is_not_missed_and_a_list_without_any_target_is_not_assessed(tmp_path):
    expected, _ = listed(tmp_path, "chr1\t10\tG\tA\tJAK2\t0.05\t0.02", "chr1\t20\tT\tA\tKIT\t0.05\t0.02")
    control = examined(expected, record(10, "G", "A", 0.05), targets={"chr1": [Interval(5, 12)]})
    assert [one["state"] for one in control["variants"]] == ["found", "off_target"]
    assert control_metrics(control)["control_missed"] == 0
    assert control_metrics(examined(expected, targets={}))["control_missed"] is None


@pytest.mark.parametrize(
    "row, says",
    [
        ("chr1\t0\tG\tA\tx\t0.05\t0.02", "pos '0' must be a whole number from 1"),
        ("chr1\t10\tG\t-\tx\t0.05\t0.02", "alt '-' may only contain A, C, G and T; an indel has the base before it"),
        ("chr1\t10\tG\tA\t\t0.05\t0.02", "name is empty; it is shown in the report and in trends"),
        ("chr1\t10\tG\tA\tx\t5 %\t0.02", "fraction '5 %' must be a fraction of 0 to 1, such as 0.05 for 5 %"),
        ("chr1\t10\tG\tA\tx\t5\t0.02", "fraction '5' must be a fraction of 0 to 1, such as 0.05 for 5 %"),
        ("chr1\t10\tG\tA\tx\t0\t0.02", "fraction '0' must be a fraction of 0 to 1, such as 0.05 for 5 %"),
        ("chr1\t11\tC\tA\tx\t0.05\t0.02", ASSEMBLY.format(11)),
        ("1\t10\tG\tA\tx\t0.05\t0.02", "chrom '1' is not a contig of the reference"),
        ("chr1\t99\tC\tA\tx\t0.05\t0.02", ASSEMBLY.format(99)),
    ],
)
def test_lines_that_cannot_be_meant(tmp_path, row, says):
    assert listed(tmp_path, row) == ([], [(2, says)])


def test_a_variant_is_listed_once_and_a_list_is_not_empty(tmp_path):
    row = "chr1\t10\tG\tA\t{}\t0.05\t0.02"
    assert listed(tmp_path, row.format("x"), row.format("y"))[1] == [(3, "'y' or its allele is on line 2 already")]
    assert "lists no variants" in listed(tmp_path)[1][0][1]


EVENTS = HEADER.replace("\n", "\tevent\n")
LARGE = "##fileformat=VCFv4.2\n", "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tc\n"


def listed_events(tmp_path, *events, classes=None, cells="\t\t\t\t{}\t\t\t{}\n"):
    path, findings = tmp_path / "control.tsv", Findings()
    path.write_text(EVENTS + "".join(cells.format(event, event) for event in events))
    return read_expected(path, Bases(), findings, classes), [one.text for one in findings.problems]


def large(alt, state, info):
    return f"chr22\t100\t.\tC\t{alt}\t.\t{state}\t{info}\tGT:AF\t./.:0.2\n"


def test_states_of_expected_events(tmp_path):
    names = ("BCR::ABL1", "ETV6::NTRK3", "MET_exon_14_skipping", "ERBB2 gain", "CDKN2A loss", "ERBB2 loss", "EGFRvIII")
    expected, problems = listed_events(tmp_path, *names)
    lines = [
        large("C[chr9:5[", "FewFragments", "FUSION=BCR::ABL1"),
        large("C[chr9:9[", "PASS", "FUSION=BCR::ABL1"),
        large("C[chr15:9[", "FewFragments;Unexpected", "FUSION=ETV6::NTRK3"),
        large("<DEL>", "PASS", "SPLICE_EVENT=MET_exon_14_skipping"),
        large("<DUP>", "PASS", "MEASURED=GRB7,ERBB2"),
        large("<DEL>", "SlightLoss", "MEASURED=CDKN2A,CDKN2B"),
    ]
    control = control_variants(LARGE, "c", expected, None, [*LARGE, *lines])
    assert not problems and control["unexpected"] == []
    assert {one["variant"]: one["state"] for one in control["variants"]} == dict(
        zip(names, ("found", "filtered", "found", "found", "filtered", "missed", "missed"), strict=True)
    )
    assert control["variants"][1]["flags"] == ["FewFragments", "Unexpected"]
    metrics = control_metrics(control)
    assert (metrics["control_missed"], metrics["control_outside"], metrics["control_ratio"]) == (4, 0, None)


@pytest.mark.parametrize(
    "event, classes, words",
    [
        ("BCR-ABL1", None, "must be a fusion (BCR::ABL1), 'GENE gain', 'GENE loss' or one of MET_exon_14_skipping"),
        ("BCR::ABL1", ["small", "copy_number"], "of a class that the assay does not look for (structural or rna)"),
        ("ERBB2 gain", ["rna"], "of a class that the assay does not look for (copy_number)"),
        ("EGFRvIII", ["small", "structural"], "of a class that the assay does not look for (rna)"),
    ],
)
def test_events_that_cannot_be_found_are_refused(tmp_path, event, classes, words):
    expected, problems = listed_events(tmp_path, event, classes=classes)
    assert not expected and len(problems) == 1 and words in problems[0]


def test_an_event_has_no_place_and_an_assay_of_rna_no_alleles(tmp_path):
    cells = "chr1\t10\tG\tA\t{}\t0.1\t0.1\t{}\n"
    assert "chrom is given beside event 'BCR::ABL1'" in listed_events(tmp_path, "BCR::ABL1", cells=cells)[1][0]
    problems = listed_events(tmp_path, "", classes=["rna"], cells=cells)[1]
    assert problems == ["the assay looks for no small variants; only rows with an event can be found"]
