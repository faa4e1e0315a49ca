"""Which expected fusions a panel can show is decided by targeted introns; the limit by their depth and the policy."""

import subprocess

import pytest

from fusion_genes import GENES
from gms.annotation.transcripts import to_line
from gms.base.project import PROJECT
from gms.filtering.detection import at_least
from gms.filtering.policy import load_policy
from gms.fusions.depths import DepthFailed, base_depths
from gms.fusions.reach import bed_lines, expected_rows, intron_depths, targeted_introns, with_limits
from gms.genome.intervals import Interval

LINES = [to_line(one) for one in GENES]
POLICY = load_policy(PROJECT / "config" / "filters" / "panel_structural.yaml", "structural")
TARGETS = {"chr1": [Interval(80, 220), Interval(600, 1300)], "chr2": [Interval(2250, 3050)]}
LIMITS = {
    ("PLUS", "*"): 3,
    ("MINUS", "PLUS"): 4,
    ("*", "OTHER"): 4,
    ("NONE", "NEITHER"): 3,
    ("IGH", "PLUS"): 4,
    ("IGH", "NEITHER"): 4,
}


def introns():
    return targeted_introns(LINES, ["PLUS", "MINUS", "OTHER"], TARGETS)


def test_an_intron_counts_from_half_of_its_bases_by_the_number_of_the_strand():
    found = introns()

    # PLUS: 500 and 20 of 900 bases of intron 1, 90 of 890 of intron 2; MINUS begins at its right end.
    assert {gene: [(one.number, round(one.share, 3)) for one in own] for gene, own in found.items()} == {
        "PLUS": [(1, 0.578)],
        "MINUS": [(1, 0.889)],
        "OTHER": [],
    }
    assert found["PLUS"][0].transcript == "T-PLUS-0"  # MANE Select before others
    assert bed_lines(found) == ["chr1\t200\t220\n", "chr1\t600\t1100\n", "chr2\t2250\t3050\n"]


def test_depth_of_an_intron_is_the_median_of_its_targeted_bases_and_0_without_reads():
    lines = [f"chr1\t{base + 1}\t{300 if base > 700 else 10}" for base in (*range(200, 220), *range(600, 1100))]

    assert intron_depths(introns(), lines) == {("PLUS", 1): 300, ("MINUS", 1): 0}


def rows(depth):
    return list(expected_rows(LIMITS, introns(), {("PLUS", 1): depth, ("MINUS", 1): depth}))


def test_fusions_without_targeted_introns_are_not_analysable_and_say_why():
    found = {(row["five"], row["three"]): row for row in rows(500)}

    assert {pair: row["reason"] for pair, row in found.items()} == {
        ("PLUS", "*"): None,
        ("MINUS", "PLUS"): None,
        ("*", "OTHER"): "no_targets",
        ("NONE", "NEITHER"): "no_gene_model",
        ("IGH", "PLUS"): "locus",
        ("IGH", "NEITHER"): "no_gene_model",
    }
    assert [one["gene"] for one in found["MINUS", "PLUS"]["introns"]] == ["MINUS", "PLUS"]
    assert with_limits(rows(500), POLICY)["pairs"][2]["limit"] is None


@pytest.mark.parametrize("five", ["PLUS", "IGH"])
def test_a_fusion_with_a_gene_that_has_copies_has_no_limit(five):
    """Reads of DUX4 have no place of their own, whatever the depth of the other gene's introns."""
    (row,) = expected_rows({(five, "DUX4"): 3}, {**introns(), "DUX4": []}, {("PLUS", 1): 500})

    assert (row["reason"], row["introns"]) == ("copies", [])


@pytest.mark.parametrize("depth", [60, 200, 1_000])
def test_the_limit_is_where_the_policy_reports_the_fusion_with_a_probability_of_95_percent(depth):
    few, more, *_ = with_limits(rows(depth), POLICY)["pairs"]

    assert at_least(3, depth, few["limit"]) >= 0.949
    assert few["limit"] <= more["limit"]  # 3 fragments, 4
    assert few["limit"] > 0.01  # the policy's own floor


def test_a_deep_intron_is_limited_by_the_fraction_that_the_policy_asks_for():
    (deep, *_) = with_limits(rows(100_000), POLICY)["pairs"]

    assert 0.01 < deep["limit"] < 0.0106


def test_a_fusion_without_fragments_has_no_limit():
    assert with_limits(rows(2), POLICY)["pairs"][0]["limit"] is None


def test_the_shallowest_intron_gives_the_limit_of_a_pair():
    depths = {("PLUS", 1): 50, ("MINUS", 1): 900}
    pair = with_limits(list(expected_rows({("MINUS", "PLUS"): 3}, introns(), depths)), POLICY)["pairs"][0]

    assert pair["limit"] == max(one["limit"] for one in pair["introns"]) == pair["introns"][1]["limit"]


def test_mates_that_overlap_count_once(tmp_path):
    fasta, sam, bam = (tmp_path / name for name in ("g.fa", "a.sam", "a.bam"))
    fasta.write_text(f">chr1\n{'A' * 200}\n")
    reads = [
        f"r\t{flag}\tchr1\t51\t60\t50M\t=\t51\t{length}\t{'A' * 50}\t{'I' * 50}\n"
        for flag, length in ((99, 50), (147, -50))
    ]
    sam.write_text("@SQ\tSN:chr1\tLN:200\n" + "".join(reads))
    subprocess.run(["samtools", "view", "-o", bam, sam], check=True)
    subprocess.run(["samtools", "index", bam], check=True)

    assert base_depths(bam, fasta, ["chr1\t98\t102\n"]) == [
        "chr1\t99\t1",
        "chr1\t100\t1",
        "chr1\t101\t0",
        "chr1\t102\t0",
    ]
    assert base_depths(bam, fasta, []) == []
    with pytest.raises(DepthFailed):
        base_depths(tmp_path / "missing.bam", fasta, ["chr1\t98\t102\n"])
