import gzip
import io

import pysam
import pytest

from gms.genome import vcf
from gms.genome.vcf import write_vcf

LINES = ["##fileformat=VCFv4.2\n", "##contig=<ID=chr1,length=90>\n", "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"]


def test_written_vcf_is_blocked_and_indexed(tmp_path):
    path = tmp_path / "calls.vcf.gz"
    write_vcf([*LINES, "chr1\t7\t.\tA\tC\t.\t.\t.\n", "chr1\t50\t.\tG\tGÅ\t.\t.\t.\n"], path)
    assert gzip.decompress(path.read_bytes()).decode().endswith("GÅ\t.\t.\t.\n")
    with pysam.TabixFile(str(path)) as table:
        assert [line.split("\t")[1] for line in table.fetch("chr1", 6, 7)] == ["7"]


def test_vcf_without_records_has_an_index_too(tmp_path):
    write_vcf(LINES, tmp_path / "none.vcf.gz")
    with pysam.TabixFile(str(tmp_path / "none.vcf.gz")) as table:
        assert list(table.contigs) == []


@pytest.mark.parametrize("text, values", [
    (".", {}),
    ("TARGET", {"TARGET": ""}),
    ("DP=3;TARGET;AF=.", {"DP": "3", "TARGET": "", "AF": "."}),
    ("DP=3;DP=4", {"DP": "3"}),
    ("URL=a=b;", {"URL": "a=b"}),
])  # fmt: skip
def test_info_knows_flags_missing_values_and_duplicates(text, values):
    assert vcf.info(text) == values


@pytest.mark.parametrize("text", [".", "TARGET", "CALLERS=a,b;TARGET;DP=3"])
def test_info_is_written_as_it_was_read(text):
    assert vcf.info_text(vcf.info(text)) == text


@pytest.mark.parametrize("text, value", [
    ("ANN=a|b;DP=3", "a|b"), ("DP=3;ANN=a", "a"), ("MANN=x;ANN=y", "y"), ("MANN=x", None), (".", None), ("ANN=", ""),
    ("ANN=.;DP=3", None), ("ANN;DP=3", None), ("ANN=a;ANN=b", "a"),
])  # fmt: skip
def test_one_value_of_info(text, value):
    assert vcf.info_value(text, "ANN") == value


def test_values_left_out_at_the_end_of_a_sample_are_absent():
    assert vcf.sample_values("GT:AD:DP", "0/1:3,4") == {"GT": "0/1", "AD": "3,4"}


def test_known_leaves_out_missing_values():
    assert vcf.known({"DP": ".", "AD": "3,4", "TARGET": ""}) == {"AD": "3,4", "TARGET": ""}


def test_header_is_read_to_its_columns():
    lines = io.StringIO("##gms_parts=genes,mask\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1\nrecord\n")
    header = vcf.read_header(lines)
    assert next(lines) == "record\n"
    assert (vcf.header_value(header, "gms_parts"), vcf.header_value(header, "other")) == ("genes,mask", None)
    assert vcf.samples_of(header) == ["S1"] and vcf.samples_of(["##fileformat=VCFv4.2"]) == []


@pytest.mark.parametrize("samples, columns", [([], 8), (["S1", "S2"], 11)])
def test_a_new_header_has_format_only_with_samples(samples, columns):
    assert len(list(vcf.header_lines({"chr1": 90}, "", samples))[-1].split("\t")) == columns


def test_a_new_file_is_vcf_4_3():
    assert next(vcf.header_lines({"chr1": 90}, "", [])) == "##fileformat=VCFv4.3\n"


def test_a_truncated_vcf_is_named(tmp_path):
    path = tmp_path / "cut.vcf.gz"
    write_vcf([*LINES, *(f"chr1\t{pos}\t.\tA\tC\t.\t.\t.\n" for pos in range(1, 90))], path)
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(vcf.UnreadableVcf, match=r"cut.vcf.gz is damaged or missing"), vcf.open_vcf(path) as lines:
        list(lines)


def test_records_at_an_interval(tmp_path):
    path = tmp_path / "calls.vcf.gz"
    write_vcf([*LINES, "chr1\t7\t.\tA\tC\t.\t.\t.\n", "chr1\t50\t.\tG\tT\t.\t.\t.\n"], path)
    assert [line.split("\t")[1] for line in vcf.records_at(path, "chr1", 6, 7)] == ["7"]
    assert vcf.records_at(path, "chrUnseen", 0, 9) == [] and vcf.header_of(path)[-1].startswith("#CHROM")
