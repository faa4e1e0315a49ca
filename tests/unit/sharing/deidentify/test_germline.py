"""The proof that nothing inherited is in a package: it finds what a de-identification that fails would leave."""

import gzip
import io
import json
from functools import partial

import openpyxl
import pysam
import pytest

from gms.base.errors import GmsError
from gms.sharing.deidentify.germline import KINDS, GermlineFound, germline_findings
from gms.sharing.deidentify.variants import deidentify_variants
from reported_vcf import MEMBERS, PAIR, tumor_line, write

LINES = [
    tumor_line(100, nlod=8.0),
    tumor_line(200, normal="0/1:15,15:30", nlod=-40.0),
    tumor_line(300, normal="0/0:20,10:30", nlod=-9.0),
    tumor_line(400, normal="0/0:5,0:5", nlod=1.5),
    tumor_line(600, "C", "T", flag="PartOfHaplotype", info="PART_OF=chr1:600:CG:TA"),
    tumor_line(600, "CG", "TA", info="PARTS=chr1:600:C:T,chr1:601:G:A;NLOD_PARTS=-40.0;NORMAL_PARTS=0.5"),
    tumor_line(601, "G", "A", normal="0/1:15,15:30", nlod=-40.0),
    tumor_line(500, contig="chrM", nlod=9.0),
]
NAMES = {"tumor": "STUMX", "normal": "SNORMX"}


@pytest.fixture
def source(tmp_path):
    return write(tmp_path / "filtered.vcf.gz", PAIR, LINES)


def package(**files):
    """Files as a package gives them: streams that can only be read forward."""
    return {path: lambda content=content: Forward(content) for path, content in files.items()}


class Forward(io.BytesIO):
    def seekable(self):
        return False

    def seek(self, *_):
        raise io.UnsupportedOperation("seek")


def vcf(lines, samples=("STUMX",), definitions=""):
    """A VCF as it would be in a package; of each line CHROM, POS, REF, ALT and INFO are given."""
    head = f"##fileformat=VCFv4.2\n{definitions}" + "\t".join(
        ["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", *samples]
    )
    rows = [
        "\t".join([chrom, str(pos), ".", ref, alt, "9", "PASS", info, "GT", *(["0/1"] * len(samples))])
        for chrom, pos, ref, alt, info in lines
    ]
    return gzip.compress("\n".join([head, *rows, ""]).encode())


def kinds(source, normal="normal", **files):
    findings = germline_findings(package(**files), {"STUMX"}, source, normal)
    return [(found.path, found.kind, found.count) for found in findings]


def test_a_deidentified_package_is_clean(tmp_path, source):
    out = tmp_path / "C1.vcf.gz"
    deidentify_variants(source, out, [MEMBERS[name] for name in PAIR], NAMES, {"somatic_variants"}, "somatic")
    files = {f"data/{path.name}": partial(open, path, "rb") for path in (out, tmp_path / "C1.vcf.gz.tbi")}
    table = b"CHROM\tPOS\tREF\tALT\tVRS_Allele_ID\nchr1\t100\tC\tT\tga4gh:VA.x\n"
    files |= {"metadata/vrs.tsv": lambda: Forward(table), "data/S.qc.json": lambda: Forward(b'{"reads": 3}')}
    assert germline_findings(files, {"STUMX"}, source, "normal") == []


def test_the_reported_vcf_itself_is_not(source):
    files = {"data/C1.vcf.gz": partial(open, source, "rb")}
    found = {finding.kind for finding in germline_findings(files, {"STUMX"}, source, "normal")}
    assert found == {"column", "field", "in_normal", "not_excluded", "mitochondrial"}


@pytest.mark.parametrize(
    "line, kind",
    [
        (("chr1", 200, "C", "T", "."), "in_normal"),
        (("chr1", 300, "C", "T", "."), "in_normal"),
        (("chr1", 400, "C", "T", "."), "not_excluded"),
        (("chrM", 500, "C", "T", "."), "mitochondrial"),
        (("chr1", 100, "C", "A", "."), "not_of_the_case"),
        (("chr1", 600, "CG", "TA", "."), "in_normal"),
        (("chr1", 100, "C", "T", "PARTS=chr1:100:C:T,chr1:601:G:A"), "in_normal"),
        (("chr1", 100, "C", "T", "NLOD_PARTS=8"), "field"),
        (("chr1", 100, "C", "T", "NLOD=8"), "field"),
        (("chr1", 100, "C", "T", "INHERITANCE=de_novo"), "field"),
    ],
)
def test_each_record_that_must_not_be_there(source, line, kind):
    assert kinds(source, a_vcf_gz=vcf([line])) == [("a_vcf_gz", kind, 1)]


def test_a_column_and_a_definition(source):
    telling = '##INFO=<ID=NLOD,Number=1,Type=Float,Description="x">\n'
    content = vcf([("chr1", 100, "C", "T", ".")], ["STUMX", "SNORMX"], telling)
    assert kinds(source, a=content) == [("a", "column", 1), ("a", "field", 1)]


def test_a_tumor_without_normal(tmp_path):
    lines = [
        tumor_line(100, tumor="0/1:90,10:100", normal=None),
        tumor_line(200, tumor="0/1:60,40:100", normal=None),
        tumor_line(300, tumor="0/1:90,10:100", normal=None, info="POP_AF=0.0001"),
    ]
    content = vcf([("chr1", pos, "C", "T", ".") for pos in (100, 200, 300)])
    looked_up = write(tmp_path / "a.vcf.gz", ["tumor"], lines)
    assert kinds(looked_up, None, a=content) == [("a", "possibly_inherited", 2)]
    not_looked_up = write(tmp_path / "b.vcf.gz", ["tumor"], lines, parts="genes")
    assert kinds(not_looked_up, None, a=content) == [("a", "possibly_inherited", 3)]


def workbook(*cells):
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.append(cells)
    book.save(out)
    return out.getvalue()


CLEAN = [("chr1", 100, "C", "T", ".")]
ELSEWHERE = {
    "a.tsv": b"#chrom\tpos\tref\talt\nchr1\t200\tC\tT\n1\t100\tC\tT\n",
    "b.csv": b"sample,variant\nSTUMX,chr1:200:C:T\n",
    "c.json": json.dumps({"vcfRecord": {"chrom": "1", "pos": "200", "ref": "C", "alt": "T"}}).encode(),
    "d.json": json.dumps({"1-200-C-T": 1, "of": "chr1-100-C-T"}).encode(),
    "e.json": json.dumps([{"variation": {}}, {"variation": {}}]).encode(),
    "f.xlsx": workbook("STUMX", "chr1:200:C:T", 4),
}


@pytest.mark.parametrize("path", ELSEWHERE)
def test_variants_that_only_the_metadata_name(source, path):
    files = {"a.vcf.gz": lambda: Forward(vcf(CLEAN)), path: lambda: Forward(ELSEWHERE[path])}
    assert [(f.path, f.kind, f.count) for f in germline_findings(files, {"STUMX"}, source, "normal")] == [
        (path, "elsewhere", 1)
    ]


OTHERS = {
    "S.cram": (b"CRAM\3\0", "reads"),
    "S.cram.crai": (gzip.compress(b"0\t1\t2\t3\t4\t5\n"), "reads"),
    "renamed.json": (gzip.compress(b"BAM\1rest"), "reads"),
    "S.fastq.gz": (gzip.compress(b"@read\nACGT\n+\nIIII\n"), "reads"),
    "zygosity.json": (b'{"id": "GENO:0000135"}', "term"),
    "origin.json": (b'{"id": "SO:0001778"}', "term"),
    "program": (b"\x7fELF", "unknown"),
    "damaged.json": (b'{"a": ', "unknown"),
    "latin.json": (b'{"a": "\xe5"}', "unknown"),
    "cut.vcf.gz": (vcf(CLEAN)[:-9], "unknown"),
    "cut.xlsx": (ELSEWHERE["f.xlsx"][:-99], "unknown"),
    "empty": (b"", "unknown"),
}


@pytest.mark.parametrize("path", OTHERS)
def test_reads_terms_and_what_is_not_understood(source, path):
    content, kind = OTHERS[path]
    files = {path: lambda: Forward(content)}
    assert [(f.path, f.kind, f.count) for f in germline_findings(files, {"STUMX"}, source, "normal")] == [
        (path, kind, 1)
    ]


def test_an_index_is_no_finding(tmp_path, source):
    pysam.tabix_index(str(source), preset="vcf", force=True)
    assert kinds(source, a=(tmp_path / "filtered.vcf.gz.tbi").read_bytes()) == []


def test_without_the_normals_column_there_is_no_proof(source):
    with pytest.raises(GmsError, match="lacks the normal sample"):
        kinds(source, "blood", a=vcf(CLEAN))


def test_the_error_says_what_and_where_without_variants(source):
    findings = germline_findings(package(a=vcf([("chr1", 200, "C", "T", ".")])), {"STUMX"}, source, "normal")
    assert str(GermlineFound(findings)).endswith("a: 1 x variants that the normal carries")
    assert set(KINDS) >= {finding.kind for finding in findings}
