"""Kinds of assays that need reads refuse a row that starts from a VCF."""

from types import SimpleNamespace

import pytest

from gms.base.errors import Problems
from gms.base.project import PROJECT
from gms.inputs.load_run import load_run
from gms.inputs.row_files import measures_alleles

COLUMNS = "case sample role assay fastq_1 fastq_2 vcf scheme plate well"


@pytest.mark.parametrize(("row", "message"), [
    ("A P1 plasma residual_disease", "assay residual_disease follows variants in reads; give FASTQ files or bam"),
    ("A V1 isolate sarscov2", "samples of a virus need fastq_1 and fastq_2; vcf is for other assays"),
])  # fmt: skip
def test_an_assay_that_needs_reads(tmp_path, row, message):
    cells = [*row.split(), "", "", "calls.vcf", "", "", ""]
    (tmp_path / "samples.tsv").write_text("\t".join(COLUMNS.split()) + "\n" + "\t".join(cells) + "\n")
    config = {"samples": "samples.tsv", "gmc": "local", "reference": {"name": "tiny", "fasta": "tiny.fa"}}
    with pytest.raises(Problems) as caught:
        load_run(config, tmp_path / "run.yaml", PROJECT)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    "role, kind, callers, vcf, expected",
    [
        ("tumor", "somatic", ("cnvkit",), None, True),
        ("control", "somatic", ("cnvkit",), None, True),
        ("normal", "somatic", ("cnvkit",), None, False),
        ("tumor", "somatic", (), None, False),
        ("tumor", "somatic", ("cnvkit",), "calls.vcf", False),
        ("proband", "germline", ("depth",), None, False),
    ],
)
def test_alleles_are_measured_in_tumours_that_are_compared_with_normals(role, kind, callers, vcf, expected):
    classes = ("copy_number",) if callers else ()
    assay = SimpleNamespace(kind=kind, callers={"copy_number": callers}, other_classes=classes)
    index = SimpleNamespace(role=role, lanes=(SimpleNamespace(vcf=vcf),))
    assert measures_alleles({"a": assay}, SimpleNamespace(assay="a", index=index)) is expected
