from gms.base.json_tables import write_json
from gms.explain.reported import explain_finding, explain_phase
from gms.genome.vcf import write_vcf

HEAD = [
    "##fileformat=VCFv4.2\n",
    "##contig=<ID=chr7,length=900>\n",
    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tT\n",
]


def line(pos, **info):
    return f"chr7\t{pos}\t.\tA\tT\t50\tPASS\t{';'.join(f'{key}={value}' for key, value in info.items())}\tGT\t0/1\n"


def test_the_phase_with_each_other_reported_variant_of_the_gene(tmp_path):
    asked = line(100, GENE="EGFR", IN_TRANS="chr7:120:A:T", PHASE="chr7:120:A:T|0|20|30,chr7:125:A:T|9|0|0")
    others = [line(120, GENE="EGFR"), line(125, GENE="KRAS"), line(800, GENE="EGFR")]
    write_vcf([*HEAD, asked, *others], tmp_path / "reported.vcf.gz")
    near, far = explain_phase(tmp_path / "reported.vcf.gz", asked)
    assert "in trans" in near and near.endswith("chr7:120:A:T: 0 fragments with both, 20 and 30 with one alone")
    assert "unknown" in far and "chr7:800:A:T" in far
    assert list(explain_phase(tmp_path / "not_yet.vcf.gz", asked)) == []


def test_a_part_has_no_phase_with_the_joined_allele_that_it_is_a_part_of(tmp_path):
    part, whole = line(100, GENE="EGFR", PART_OF="chr7:99:A:T"), line(99, GENE="EGFR", PARTS="chr7:100:A:T")
    write_vcf([*HEAD, whole, part], tmp_path / "reported.vcf.gz")
    assert list(explain_phase(tmp_path / "reported.vcf.gz", part)) == []
    assert list(explain_phase(tmp_path / "reported.vcf.gz", whole)) == []


TERMS = [{"category": "consequence", "score": 8, "terms": [{"term": "c", "value": "stop_gained", "score": 8}]}]
FINDING = {"variants": ["chr7:100:A:T"], "rank": 2, "score": 8, "score_terms": TERMS}


def test_why_says_the_rank_and_the_points_behind_it(tmp_path):
    report = tmp_path / "report.json"
    assert list(explain_finding(report, "chr7:100:A:T")) == []
    ranking = {"model": {"name": "m", "version": "1.0"}, "ranked": 3}
    small = {"findings": [FINDING], "ranking": None}
    write_json(report, {**small, "classes": [{"findings": [FINDING], "ranking": ranking}]})
    assert list(explain_finding(report, "chr7:100:A:T")) == [
        "  rank 2 of 3, score 8 by m 1.0: consequence 8 (stop_gained)"
    ]
    assert list(explain_finding(report, "chr7:100:A:G")) == []


def test_why_says_where_a_finding_of_a_tumour_is_from(tmp_path):
    report = tmp_path / "report.json"
    labels = {"labels": ["low_depth", "may_be_inherited"]}
    write_json(report, {"findings": [FINDING | labels], "ranking": None, "classes": []})
    assert list(explain_finding(report, "chr7:100:A:T")) == [
        "  may be inherited: no normal tells, or it has too few reads here"
    ]
