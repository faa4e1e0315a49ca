"""Personal numbers in all the places where an export could hold them, as written in many ways."""

import base64
import gzip
import io
import json
import urllib.parse

import openpyxl
import pytest

from gms.sharing.leak_patterns.findings import LeakFound
from gms.sharing.leak_patterns.rules import LeakRules
from gms.sharing.leak_scan.scan import require_clean, scan

# The tax agency's own example and test number; they belong to nobody.
PLAIN = ["121212-1212", "121212+1212", "1212121212", "191212121212", "19121212-1212", "701063-2391", "197010632391"]
FULL_WIDTH = str.maketrans("0123456789-", "０１２３４５６７８９－")
HIDDEN = {
    "full width": "19121212-1212".translate(FULL_WIDTH),
    "dash": "121212\N{EN DASH}1212",
    "Arabic digits": "١٢١٢١٢-١٢١٢",
    "URL": "121212%2D1212",
    "URL twice": "121212%252D1212",
    "percent digits": "".join(f"%{ord(digit):02x}" for digit in "1212121212"),
    "Base64": base64.b64encode(b"191212121212").decode(),
    "Base64 of UTF-16": base64.b64encode("x 121212-1212".encode("utf-16")).decode(),
    "Base64 after a prefix": "id/" + base64.b64encode(b"191212121212").decode(),
    "JSON escapes": "\\u0031\\u00321212121\\u0032",
    "entities": "1212&#49;2-121&#x32;",
    "soft hyphen": "121212\N{SOFT HYPHEN}1212",
}
IN_TAGS = ["1912<b>12</b>12-1212", "1212<wbr>12-1212", "121212<!-- x -->-1212", '1212<span class="a">121212</span>']


def vcf(header="", info="", column="S"):
    return (
        "##fileformat=VCFv4.2\n##contig=<ID=chr1>\n"
        '##INFO=<ID=DP,Number=1,Type=Integer,Description="Depth">\n'
        f'##note="{header}"\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t{column}\n'
        "chr1\t10\t.\tA\tC\t9\tPASS\tDP=3\tGT\t0/1\n"
        f"chr1\t11\t.\tA\tC\t9\tPASS\tDP=3;NOTE={info}\tGT\t0/1\n"
    ).encode()


def xlsx(value):
    book = openpyxl.Workbook()
    book.active["B2"] = value
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def gzip_named(name):
    file = io.BytesIO()
    with gzip.GzipFile(filename=name, mode="wb", fileobj=file, mtime=0) as out:
        out.write(b"text\n")
    return file.getvalue()


@pytest.fixture
def places(found, alignments):
    """Name of a place -> function that gives kinds and places found where a text stands there."""
    return {
        "RG": lambda text: found(a=alignments(header={"RG": [{"ID": "r", "SM": text}]})),
        "PG": lambda text: found(a=alignments(header={"PG": [{"ID": "x", "PN": "bwa", "DS": text}]})),
        "CO": lambda text: found(a=alignments(header={"CO": [text]})),
        "VCF header": lambda text: found(a=gzip.compress(vcf(header=text), mtime=0)),
        "INFO": lambda text: found(a=gzip.compress(vcf(info=text), mtime=0)),
        "FASTQ name": lambda text: found(a=gzip.compress(f"@{text}/1\nACGT\n+\nIIII\n".encode(), mtime=0)),
        "gzip name": lambda text: found(a=gzip_named(text)),
        "JSON": lambda text: found(a=json.dumps({"a": [{"note": f"of {text}."}]}, ensure_ascii=False).encode()),
        "HTML": lambda text: found(a=f"<html>\n<body><p>{text}</p></body></html>".encode()),
        "XLSX": lambda text: found(a=xlsx(text)),
        "file name": lambda text: found(**{f"data/{text}.vcf": vcf()}),
        "S3 key": lambda text: found(texts={"S3 key of data/x.c4gh": f"study/{text}/x.c4gh"}),
        "BAM tag": lambda text: found(a=alignments("wb", tag=text)),
        "CRAM tag": lambda text: found(a=alignments(tag=text)),
        "BAM read name": lambda text: found(a=alignments("wb", names=["read1", f"x:{text}:1"])),
        "CRAM read name": lambda text: found(a=alignments(names=["read1", f"x:{text}:1"])),
    }


WHERE = {
    "RG": "header line 3",
    "PG": "header line 4",
    "CO": "header line 4",
    "VCF header": "header line 4",
    "INFO": "INFO of record 2",
    "FASTQ name": "name of read 1",
    "gzip name": "gzip file name",
    "JSON": "line 1",
    "HTML": "line 2",
    "file name": "file name",
    "S3 key": "line 1",
    "BAM tag": "tag XX of record 1",
    "CRAM tag": "tag XX of record 1",
    "BAM read name": "name of record 2",
    "CRAM read name": "name of record 2",
    "XLSX": "xl/worksheets/sheet1.xml, line 1",
}


@pytest.mark.parametrize("number", PLAIN)
@pytest.mark.parametrize("place", WHERE)
def test_every_form_in_every_place(places, place, number):
    assert ("personal_number", WHERE[place]) in places[place](number)


@pytest.mark.parametrize("place", ["VCF header", "INFO", "JSON", "HTML", "XLSX", "S3 key", "file name"])
@pytest.mark.parametrize("form", HIDDEN)
def test_hidden_forms(places, place, form):
    assert ("personal_number", WHERE[place]) in places[place](HIDDEN[form])


@pytest.mark.parametrize("place", ["RG", "CO", "CRAM tag", "CRAM read name"])
@pytest.mark.parametrize("form", ["URL", "Base64"])
def test_hidden_forms_in_alignments(places, place, form):
    assert ("personal_number", WHERE[place]) in places[place](HIDDEN[form])


@pytest.mark.parametrize("text", IN_TAGS)
def test_split_over_tags(places, text):
    assert ("personal_number", "line 2") in places["HTML"](text)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
def test_wide_characters(found, encoding):
    content = "first line\nof 121212-1212, please\n".encode(encoding)
    assert found(a=content) == {("personal_number", "line 2")}


@pytest.mark.parametrize("place", WHERE)
def test_clean(places, place):
    kinds = {kind for kind, _ in places[place]("12121213")}
    assert kinds == {"gzip name": {"original_name"}, "XLSX": {"timestamp"}}.get(place, set())


def test_counts_and_first_place(tmp_path):
    (tmp_path / "a.json").write_text('{\n"a": "121212-1212",\n"b": "121212-1212 and 701063-2391"}\n')
    assert [tuple(finding) for finding in scan(tmp_path, LeakRules())] == [("a.json", "line 2", "personal_number", 3)]


def test_no_value_is_told(tmp_path):
    (tmp_path / "191212121212.txt").write_text("name: 701063-2391\n")
    with pytest.raises(LeakFound) as raised:
        require_clean(tmp_path, LeakRules(), {}, tmp_path)
    assert "file 1: file name: a Swedish personal number" in str(raised.value)
    assert "file 1: line 1: a Swedish personal number" in str(raised.value)
    assert not {"1212", "2391"} & set(urllib.parse.unquote(str(raised.value) + repr(raised.value.findings)).split())
    assert "1212" not in str(raised.value) and "2391" not in str(raised.value)
