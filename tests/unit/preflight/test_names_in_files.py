"""The name of the sample in the header of a BAM or VCF, against the sheet: two swapped rows are two wrong patients."""

from types import SimpleNamespace

import pysam
import pytest

from gms.alignment.taken_reads import names_another
from gms.inputs.run_model import Lane
from gms.preflight.sample_files import named_otherwise
from gms.qc.records import facts_of

VCF = """##fileformat=VCFv4.2
##contig=<ID=chr1,length=200>
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t{}
"""


@pytest.fixture
def check(tmp_path):
    """What is wrong with a file of sample S1, of which S2 is another in the sheet; the file's name of it is given."""
    run = SimpleNamespace(sheet=tmp_path / "samples.tsv", samples={"S1": None, "S2": None})

    def of(kind, name, vcf_sample=""):
        path = tmp_path / f"x.{kind}"
        if kind == "vcf":
            path.write_text(VCF.format(name))
            lane = Lane("L001", None, None, 7, vcf=path, vcf_sample=vcf_sample)
        else:
            groups = [{"ID": "1", "SM": name}] if name else []
            pysam.AlignmentFile(str(path), "wb", header={"HD": {"VN": "1.6"}, "RG": groups}).close()
            lane = Lane("L001", None, None, 7, path)
        return named_otherwise(SimpleNamespace(name="S1"), lane, run)

    return of


@pytest.mark.parametrize("kind", ["bam", "vcf"])
def test_another_sample_of_the_sheet_is_refused(check, kind, capsys):
    assert f"{kind} 'x.{kind}' has sample 'S2' in its header, which is another sample of this sheet" in check(
        kind, "S2"
    )
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("kind", "name"),
    [("bam", "NA12878"), ("bam", "Andersson Anna"), ("bam", "121212.1212"), ("vcf", "Andersson Anna")],
)
def test_any_other_name_is_a_warning_that_does_not_repeat_it(check, kind, name, capsys):
    assert check(kind, name) is None
    said = capsys.readouterr().err
    assert said.startswith("warning: ") and name not in said
    assert f"line 7: {kind} 'x.{kind}' has another name than 'S1' in its header" in said


def test_the_names_of_the_sheet_are_right(check, capsys):
    assert [check("bam", "S1"), check("bam", ""), check("vcf", "S1"), check("vcf", "S2", vcf_sample="S2")] == [None] * 4
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(("name", "found"), [("S1", False), ("", False), ("Andersson Anna", True)])
def test_reads_of_another_name_are_noted_with_the_reads(check, tmp_path, name, found):
    check("bam", name)
    assert names_another(tmp_path / "x.bam", "S1") == found
    assert facts_of({"reads": 1, **({"named_otherwise": True} if found else {})}) == (
        {"named_otherwise": True} if found else {}
    )
