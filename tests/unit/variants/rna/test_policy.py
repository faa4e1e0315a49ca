"""What the policy of RNA panels reports: a reason for each thing that looks like a fusion in normal tissue."""

import pytest

from gms.base.project import PROJECT
from gms.filtering.apply import filter_vcf
from gms.filtering.policy import load_policy
from gms.genome.vcf import header_lines, open_vcf, write_vcf
from gms.variants.rna.calls import Counts, UnsupportedAllele, fusion_lines, skipping_line
from gms.variants.rna.header import HEADER
from gms.variants.rna.junctions import End

ENDS = End("chr22", 1_000, "3"), End("chr9", 5_000, "5")
GOOD = Counts(split=5, pairs=2, usual=50, overhang=40, unique=1.0)
INFO = {
    "FUSION": "A::B",
    "FUSION_FRAME": "kept",
    "SPLICE_SITES": "2",
    "PARTNER_GENES": "1",
    "CODING": "2",
    "SIMILARITY": "0.5",
    "COMPLEXITY": "0.7",
}
LISTED = {"FUSION_EXPECTED": "3", "FUSION_LISTED": ""}
ANY_PARTNER = {"FUSION_EXPECTED": "4"}


def flags(tmp_path, lines: list[str]) -> list[str]:
    """FILTER of each record."""
    contigs, path = {"chr9": 10_000, "chr22": 10_000}, tmp_path / "annotated.vcf.gz"
    *header, columns = "".join(header_lines(contigs, HEADER, ["T"])).splitlines(keepends=True)
    lines = sorted(lines, key=lambda line: (list(contigs).index(line.split("\t")[0]), int(line.split("\t")[1])))
    write_vcf([*header, "##gms_parts=none\n", columns, *lines], path)
    policy = load_policy(PROJECT / "config" / "filters" / "panel_rna.yaml", "rna")
    filter_vcf(path, policy, tmp_path / "filtered.vcf.gz", tmp_path / "reported.vcf.gz", {"tumor": "T"})
    with open_vcf(tmp_path / "filtered.vcf.gz") as records:
        return [line.split("\t")[6] for line in records if not line.startswith("#")]


def fusion(counts: Counts, **changes: str) -> list[str]:
    fields = {**INFO, **changes}
    return list(
        fusion_lines(ENDS, ["A", "G"], counts, [f"{key}={value}" if value else key for key, value in fields.items()])
    )


def test_a_fusion_is_two_breakends_of_which_the_5_gene_s_is_evaluated(tmp_path):
    first, second = (line.split("\t") for line in fusion(GOOD))

    assert first[:5] == ["chr22", "1000", "BND.chr22.1000.3.chr9.5000.5.1", "A", "A[chr9:5001["]
    assert second[:5] == ["chr9", "5001", "BND.chr22.1000.3.chr9.5000.5.2", "G", "]chr22:1000]G"]
    assert first[9] == "./.:57:50,7:5:2:0.123\n"
    assert flags(tmp_path, fusion(GOOD)) == ["SecondMate", "PASS"]


@pytest.mark.parametrize(
    ("counts", "changes", "reasons"),
    [
        ({"split": 2}, {}, "FewSplitReads"),
        ({"split": 2}, LISTED, "FewSplitReads"),
        ({"split": 6}, {"FUSION_FRAME": "lost"}, "FewSplitReadsOutOfFrame"),
        ({"split": 7}, {"FUSION_FRAME": "lost"}, "PASS"),
        ({"split": 5}, {"FUSION_FRAME": "lost", **LISTED}, "PASS"),
        ({"split": 3, "pairs": 0}, ANY_PARTNER, "FewFragmentsExpected"),
        ({"split": 19}, {"FUSION": "GAPDH::B"}, "FewSplitReadsHousekeeping"),
        ({"split": 20}, {"FUSION": "A::OAZ1"}, "PASS"),
        ({"split": 19}, {"FUSION": "NUMBL::MAML2"}, "FewSplitReadsNoisy"),
        ({"split": 20}, {"FUSION": "NUMBL::MAML2"}, "PASS"),
        ({"split": 5}, {"FUSION": "CRTC1::MAML2", **LISTED}, "PASS"),
        ({"split": 24}, {"FUSION": "A::ARID1B"}, "FewSplitReadsNoisy"),
        ({"split": 39}, {"FUSION": "FRMPD3::B"}, "FewSplitReadsNoisy"),
        ({"split": 40}, {"FUSION": "FRMPD3::B"}, "PASS"),
        ({}, {"OUTSIDE": ""}, "OutsideTargets"),
        ({}, {"OUTSIDE": "", **ANY_PARTNER}, "OutsideTargets"),
        ({}, {"OUTSIDE": "", **LISTED}, "PASS"),
        ({"split": 19}, {"SPLICE_SITES": "1"}, "NotSpliced"),
        ({"split": 19}, {"SPLICE_SITES": "1", **ANY_PARTNER}, "NotSpliced"),
        ({}, {"SPLICE_SITES": "1", **LISTED}, "PASS"),
        ({"split": 90}, {"SPLICE_SITES": "0"}, "NotSplicedAtEitherEnd"),
        ({"usual": 2_000}, {}, "LowFraction"),
        ({"overhang": 14}, {}, "ShortOverhang"),
        ({"unique": 0.4}, {}, "Ambiguous"),
        ({"unique": 0.4}, ANY_PARTNER, "Ambiguous"),
        ({"unique": 0.0}, {"FUSION": "SS18::SSX2", **LISTED}, "PASS"),
        ({}, {"SIMILARITY": "0.85"}, "SimilarGenes"),
        ({}, {"COPY": ""}, "CopyOfGene"),
        ({}, {"COMPLEXITY": "0.3"}, "LowComplexity"),
        ({}, {"DISTANCE": "15000"}, "ReadThrough"),
        ({}, {"DISTANCE": "15000", **ANY_PARTNER}, "ReadThrough"),
        ({}, {"DISTANCE": "15000", **LISTED}, "PASS"),
        ({}, {"DISTANCE": "250000"}, "PASS"),
        ({}, {"PARTNER_GENES": "11"}, "ManyPartners"),
        ({}, {"CODING": "0"}, "NoProtein"),
    ],
)
def test_each_reason(tmp_path, counts, changes, reasons):
    assert flags(tmp_path, fusion(GOOD._replace(**counts), **changes))[1] == reasons


@pytest.mark.parametrize(
    ("share", "without", "reason"), [(0.1, 5, "PASS"), (0.09, 5, "LowShare"), (None, 3, "LowShare")]
)
def test_exons_left_out_need_a_tenth_of_the_fragments(tmp_path, share, without, reason):
    found = {"name": "E", "exons": "14", "transcript": "T1", "without": without, "usual": 20.0, "share": share}

    line = skipping_line((End("chr9", 100, "3"), End("chr9", 400, "5")), "A", found)

    assert line.startswith("chr9\t100\tDEL.chr9.100.chr9.400.35\tA\t<DEL>") and "END=400;SVLEN=-300" in line
    assert flags(tmp_path, [line]) == [reason]


def test_what_is_no_intron_is_refused():
    found = {"name": "E", "exons": "14", "transcript": "T1", "without": 5, "usual": 20.0, "share": 0.2}

    with pytest.raises(UnsupportedAllele, match="E is not an intron"):
        skipping_line((End("chr9", 100, "3"), End("chr22", 400, "5")), "A", found)
