from pathlib import Path

import pytest

from benchmarks.filter import synthetic_records
from gms.base.errors import GmsError
from gms.filtering.apply import filter_vcf, make_layout
from gms.filtering.compile import compile_values
from gms.filtering.policy import load_policy
from gms.filtering.variables import HEADER_PARTS

SOLID = Path(__file__).parents[3] / "config" / "filters" / "panel_solid.yaml"
HEADER = ["##fileformat=VCFv4.2", "##gms_parts=" + ",".join(HEADER_PARTS)]
COLUMNS = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tT1"
RECORD = "chr1\t100\t.\tA\tT\t60\t.\tTARGET\tGT:AD:DP:AF\t0/1:50,50:100:0.5"


def write(folder: Path, *lines: str) -> Path:
    path = folder / "annotated.vcf"
    path.write_text("\n".join(lines) + "\n")
    return path


def run(vcf: Path, folder: Path, roles=None):
    outputs = folder / "every.vcf.gz", folder / "passing.vcf.gz"
    return filter_vcf(vcf, load_policy(SOLID), *outputs, roles or {"tumor": "T1"}), outputs


def test_same_bytes_twice(tmp_path):
    vcf = write(tmp_path, *HEADER, COLUMNS, *(line.rstrip("\n") for line in synthetic_records(3_000)))
    (counts, outputs) = run(vcf, tmp_path)
    first = [path.read_bytes() for path in outputs]
    assert counts["records"] == 3_000
    assert 0 < counts["reported"] < 3_000
    assert [path.read_bytes() for path in run(vcf, tmp_path)[1]] == first


@pytest.mark.parametrize("format_, sample, values", [
    ("GT:AD:DP:AF", "0/1:3,4:7:.5", {"vaf": 0.5, "alt_reads": 4, "depth": 7, "genotype": "0/1"}),
    ("GT:AD:DP:AF", "./.:.,.:.:.", dict.fromkeys(("vaf", "alt_reads", "depth", "genotype"))),
    ("GT:AD:DP:AF", "0/1", {"vaf": None, "alt_reads": None, "depth": None, "genotype": "0/1"}),
    ("GT", "0/1", {"vaf": None, "alt_reads": None, "depth": None, "genotype": "0/1"}),
])  # fmt: skip
def test_values_that_are_left_out_or_a_dot_are_missing(format_, sample, values):
    layout = make_layout(Path("x"), [*HEADER, COLUMNS], {"tumor": "T1"}, None)
    line = f"chr1\t7\t.\tA\tT\t.\t.\tSBP=.;RPT=3\t{format_}\t{sample}"
    read = compile_values([*values, "strand_bias", "repeat", "mq", "qual"], layout)
    assert read(line) == values | {"strand_bias": None, "repeat": 3.0, "mq": None, "qual": None}


@pytest.mark.parametrize("info, calls", [("PON_CALLERS=bcftools:2,freebayes:11", 11), ("PON_COUNT=5", None)])
def test_the_caller_that_found_an_allele_in_most_normals_counts(info, calls):
    layout = make_layout(Path("x"), [*HEADER, COLUMNS], {"tumor": "T1"}, None)
    read = compile_values(["pon_calls"], layout)
    assert read(f"chr1\t7\t.\tA\tT\t.\t.\t{info}\tGT\t0/1") == {"pon_calls": calls}


def test_a_silent_change_is_named_as_hgvs_has_it():
    layout = make_layout(Path("x"), [*HEADER, COLUMNS], {"tumor": "T1"}, None)
    line = "chr1\t7\t.\tA\tT\t.\t.\tHGVSC=T.1:c.12A>T;HGVSP=P.1:p.(Leu4%3D)\tGT\t0/1"
    assert compile_values(["hgvsc", "hgvsp"], layout)(line) == {"hgvsc": "T.1:c.12A>T", "hgvsp": "P.1:p.(Leu4=)"}


@pytest.mark.parametrize(
    ("lines", "roles", "text"),
    [
        ([HEADER[0], COLUMNS, RECORD], {"tumor": "T1"}, "does not list its annotation resources"),
        ([*HEADER, COLUMNS, RECORD], {"tumor": "T2"}, "lacks sample T2; it has T1"),
        ([*HEADER, COLUMNS, RECORD], {"mother": "T1"}, "none of the case's samples"),
        ([*HEADER, COLUMNS, RECORD.replace("50,50", "5,x")], {"tumor": "T1"}, "record at chr1:100 cannot be read"),
        ([*HEADER, COLUMNS, "chr1\t7\t.\tA"], {"tumor": "T1"}, "record at chr1:7 cannot be read"),
    ],
)
def test_errors_are_sentences(tmp_path, lines, roles, text):
    with pytest.raises(GmsError, match=text):
        run(write(tmp_path, *lines), tmp_path, roles)
    assert not (tmp_path / "every.vcf.gz").exists()


def test_damaged_input(tmp_path):
    path = tmp_path / "annotated.vcf.gz"
    path.write_bytes(b"no gzip")
    with pytest.raises(GmsError, match="no #CHROM line"):
        run(path, tmp_path)
