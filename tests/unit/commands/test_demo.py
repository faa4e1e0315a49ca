import gzip
import json

import pytest

from gms.commands import demo

FILTERS = {"1:5:A:T": "PASS", "1:9:C:G": "LowVaf;Common"}


@pytest.mark.parametrize(
    ("variant", "expected", "filters", "as_planned"),
    [
        ("1:5:A:T", "reported", "", True),
        ("1:9:C:G", "reported", "", False),
        ("1:9:C:G", "filtered", "Common", True),
        ("1:9:C:G", "filtered", "Common,Mask", False),
        ("1:7:C:G", "filtered", "", False),
        ("1:7:C:G", "missed-by-design", "", True),
        ("1:5:A:T", "missed-by-design", "", False),
    ],
)
def test_is_as_planned(variant, expected, filters, as_planned):
    row = {"variant": variant, "expected": expected, "filters": filters}
    assert demo.is_as_planned(row, FILTERS) is as_planned


CLASS_VCF = """\
##x
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tT\tN
1\t5\t.\tA\t<DUP>\t9\tPASS\tSECTION=amplification\tGT:CN:AF\t./.:7:0.32\t0/0:2:0
"""


@pytest.mark.parametrize(
    ("variant", "section", "samples", "as_planned"),
    [
        ("1:5:A:<DUP>", "amplification", "T=8 copies", True),
        ("1:5:A:<DUP>", "amplification", "T=10 copies", False),
        ("1:5:A:<DUP>", "amplification", "T=0.3,N=0/0", True),
        ("1:5:A:<DUP>", "amplification", "T=0.4,N=0/0", False),
        ("1:5:A:<DUP>", "amplification", "T=0.3,N=0/1", False),
        ("1:5:A:<DUP>", "loss", "T=8 copies", False),
        ("1:6:A:<DUP>", "amplification", "T=8 copies", False),
    ],
)
def test_a_variant_of_another_class_is_compared_by_section_and_samples(variant, section, samples, as_planned, tmp_path):
    (tmp_path / "reported" / "copy_number").mkdir(parents=True)
    with gzip.open(tmp_path / "reported" / "copy_number" / "c1.vcf.gz", "wt") as vcf:
        vcf.write(CLASS_VCF)
    row = {"case": "c1", "class": "copy_number", "variant": variant, "section": section, "samples": samples}
    assert demo.is_class_as_planned(row, tmp_path) is as_planned


def test_summary_counts_and_points_to_the_results(tmp_path):
    for folder in ("truth", "results/qc", "results/filtered", "results/export/folder/trio1"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "results/export/folder/trio1/manifest.json").touch()
    (tmp_path / "truth/cases.tsv").write_text("case\tverdict\treason\ntrio1\tpass\t\n")
    (tmp_path / "truth/truth.tsv").write_text("case\tvariant\texpected\tfilters\ntrio1\t1:5:A:T\treported\t\n")
    (tmp_path / "results/qc/trio1.case.json").write_text(json.dumps({"verdict": "pass"}))
    with gzip.open(tmp_path / "results/filtered/trio1.vcf.gz", "wt") as vcf:
        vcf.write("##x\n1\t5\t.\tA\tT\t9\tPASS\t.\n")
    lines, as_planned = demo.summary(tmp_path)
    assert as_planned
    assert lines[0] == "Demo of 1 synthetic cases: all as planned"
    assert lines[1] == "  trio1            pass         planted variants: 1 of 1 reported"
    assert lines[3].endswith("results/export/folder: trio1")


@pytest.mark.parametrize(("words", "profile"), [([], "local"), (["--profile", "../site", "--until", "x"], "../site")])
def test_the_demo_runs_with_the_profile_that_is_asked_for(words, profile, monkeypatch, tmp_path):
    for name in demo.SHEETS.values():
        (tmp_path / name).write_text("case\tsample\nc1\ts1\n")
    started = []
    monkeypatch.setattr(demo, "DEMO", tmp_path)
    monkeypatch.setattr(demo, "make_data", lambda: None)
    monkeypatch.setattr(demo.run, "main", lambda arguments: started.append(arguments) or 1)
    assert demo.main(words) == 1
    options, rest = demo.run.parser("run", "").parse_known_args(started[0])
    assert options.profile == profile and rest == words[2:]


@pytest.mark.parametrize(("words", "runs"), [
    ([], ["run.yaml", "plate.yaml"]),
    (["--rerun-incomplete"], ["run.yaml", "plate.yaml"]),
    (["report/rare-trio.html"], ["run.yaml"]),
    (["qc/rare-mother.qc.json"], ["run.yaml"]),
    (["report/viral/DEMO1/index.html"], ["plate.yaml"]),
])  # fmt: skip
def test_a_target_is_asked_of_the_run_that_has_it(words, runs, monkeypatch, tmp_path):
    (tmp_path / "samples.tsv").write_text("case\tsample\nrare-trio\trare-mother\n")
    (tmp_path / "plate.tsv").write_text("case\tsample\tplate\nDV-clean\tDV-clean\tDEMO1\n")
    started = []
    monkeypatch.setattr(demo, "DEMO", tmp_path)
    monkeypatch.setattr(demo, "make_data", lambda: None)
    monkeypatch.setattr(demo.run, "main", lambda arguments: started.append(arguments) or 0)
    for name in ("summary", "trials_summary", "plate_summary"):
        monkeypatch.setattr(demo, name, lambda folder: ([], True))
    assert demo.main(words) == 0
    assert [name for one in started for name in runs if str(tmp_path / name) in one] == runs
    assert len(started) == len(runs)


def test_cases_that_were_not_asked_for_are_no_error(tmp_path):
    (tmp_path / "truth").mkdir()
    (tmp_path / "truth/cases.tsv").write_text("case\tverdict\treason\ntrio1\tpass\t\n")
    (tmp_path / "truth/truth.tsv").write_text("case\tvariant\texpected\tfilters\ntrio1\t1:5:A:T\treported\t\n")
    lines, as_planned = demo.summary(tmp_path)
    assert as_planned and lines[:2] == [
        "Demo of 1 synthetic cases: 0 made, all as planned",
        "  trio1            was not made to its end",
    ]
