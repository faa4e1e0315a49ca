"""Layers within layers, damage, and formats that cannot be searched: each is a finding."""

import base64
import bz2
import gzip
import io
import os
import random
import struct
import zipfile
import zlib

import pysam
import pytest

from gms.sharing.leak_patterns.rules import LeakRules
from gms.sharing.leak_scan.scan import examine, scan
from gms.sharing.leak_scan.streams import Budget, Stop, Stream, pieces

NUMBER = b"of 121212-1212\n"
COLUMNS = b"#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
VCF = b"##fileformat=VCFv4.2\n##contig=<ID=chr1>\n" + COLUMNS + b"chr1\t9\t.\tA\tC\t.\t.\t.\n"


def squeezed(content):
    return gzip.compress(content, mtime=0)


def blocked(tmp_path, content=VCF):
    path = tmp_path / "blocked.vcf.gz"
    with pysam.BGZFile(str(path), "wb") as out:
        out.write(content)
    return path.read_bytes()


def zipped(members, time=(1980, 1, 1, 0, 0, 0), **more):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, time)
            for key, value in more.items():
                setattr(info, key, value)
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def png(*chunks):
    header = (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    parts = [header, *chunks, (b"IDAT", zlib.compress(b"\0\0")), (b"IEND", b"")]
    coded = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(coded)


def test_clean_layers(tmp_path, kinds):
    assert kinds(VCF) == kinds(squeezed(squeezed(VCF))) == kinds(blocked(tmp_path)) == set()
    assert kinds(zipped({"a.txt": b"text", "b.gz": squeezed(b"text")})) == set()


def test_found_through_layers(tmp_path, kinds):
    assert kinds(squeezed(zipped({"a.gz": squeezed(NUMBER)}))) == {"personal_number"}
    assert kinds(blocked(tmp_path, VCF + b"chr1\t9\t121212-1212\tA\tC\t.\t.\t.\n")) == {"personal_number"}


def test_gzip_headers(found):
    named = io.BytesIO()
    with gzip.GzipFile(filename="reads.fastq", mode="wb", fileobj=named, mtime=5) as out:
        out.write(b"text")
    assert found(a=named.getvalue()) == {("original_name", "gzip file name"), ("timestamp", "gzip header")}
    header = b"\x1f\x8b\x08\x14" + bytes(6) + struct.pack("<H", 8) + b"AB\x04\x00text" + NUMBER + b"\0"
    assert found(a=header + squeezed(b"text")[10:]) == {
        ("hidden_data", "gzip extra field"),
        ("hidden_data", "gzip comment"),
        ("personal_number", "gzip comment"),
    }


def test_damaged_gzip(tmp_path, found):
    content = squeezed(os.urandom(1000).hex().encode())
    assert found(a=content[:-4]) == {("damaged", "ends too early")}
    assert found(a=content[:500]) == {("damaged", "gzip member 1")}
    assert found(a=content[:-8] + bytes(8)) == {("damaged", "gzip member 1")}
    assert found(a=content + NUMBER) == {("hidden_data", "after the gzip data")}
    assert found(a=blocked(tmp_path)[:-28]) == {("damaged", "BGZF without its end marker")}


def test_files_in_base64(found):
    coded = {name: base64.b64encode(content).decode() for name, content in {"a": squeezed(NUMBER), "b": png()}.items()}
    assert found(a=f'<p>\n<img src="data:image/png;base64,{coded["b"]}"><a href="{coded["a"]}">\n'.encode()) == {
        ("picture", "file in Base64 in line 2"),
        ("personal_number", "file in Base64 in line 2, line 1"),
    }


def test_bombs_and_depth(kinds, monkeypatch):
    monkeypatch.setattr("gms.sharing.leak_scan.streams._FREE_GROWTH", 1 << 20)
    lines = b" \n" * (2 << 20)
    assert kinds(squeezed(lines)) == kinds(squeezed(squeezed(lines))) == {"decompression_bomb"}
    assert kinds(zipped({"a": lines})) == {"decompression_bomb"}
    nested = b"text"
    for _ in range(8):
        nested = squeezed(nested)
    assert kinds(nested) == {"too_deep"}


@pytest.mark.parametrize(
    "content",
    [
        bz2.compress(b"text"),
        b"%PDF-1.7\ntext",
        b"crypt4gh" + bytes(20),
        squeezed(b"BCF\2\2" + bytes(20)),
        os.urandom(10_000),
        b"text \0 text",
        b"SQLite format 3\0",
        b"CRAM\2\1" + bytes(40),
    ],
    ids=["bzip2", "PDF", "crypt4gh", "BCF", "random", "text with NUL", "SQLite", "CRAM 2"],
)
def test_unknown_formats(kinds, content):
    assert kinds(content) == {"unknown_format"}
    assert kinds(zipped({"member": content})) == {"unknown_format"}


def test_headers_of_archives(found):
    clean = zipped({"a": b"text"})
    assert found(a=zipped({"a": b"text"}, time=(2026, 11, 23, 1, 2, 4))) == {("timestamp", "a, time of the member")}
    assert found(a=zipped({"a": b"text"}, comment=NUMBER)) == {
        ("hidden_data", "a, comment of the member"),
        ("personal_number", "a, comment of the member"),
    }
    assert ("hidden_data", "a, extra field of the member") in found(a=zipped({"a": b""}, extra=b"ux\x04\x00text"))
    assert found(a=zipped({"121212-1212": b"text"})) == {("personal_number", "name of member 1")}
    assert found(a=clean + b"x") == {("hidden_data", "after the archive")}
    assert found(a=clean[:-5]) == {("damaged", "zip archive")}


def test_properties_of_office_documents(found):
    core = "<cp:coreProperties><dc:creator>{}</dc:creator><dcterms:created>{}</dcterms:created></cp:coreProperties>"
    clean = {"docProps/core.xml": core.format("openpyxl", "1980-01-01T00:00:00Z"), "xl/a.xml": '<a Target="/xl/b/c"/>'}
    assert found(a=zipped(clean)) == set()
    telling = {"docProps/core.xml": core.format("Anna", "2026-11-23T01:02:04Z"), "xl/a.xml": '<a path="/srv/b/c"/>'}
    assert found(a=zipped(telling)) == {
        ("author", "docProps/core.xml"),
        ("timestamp", "docProps/core.xml"),
        ("local_path", "xl/a.xml, line 1"),
    }


def test_pictures(found):
    texts = [
        (b"tEXt", b"Comment\0" + NUMBER),
        (b"zTXt", b"Author\0\0" + zlib.compress(b"/srv/data/x")),
        (b"tIME", bytes(7)),
    ]
    assert found(a=png(*texts)) == {
        ("picture", "content"),
        ("personal_number", "text of the picture"),
        ("local_path", "text of the picture"),
        ("timestamp", "time of the picture"),
    }
    assert ("unknown_format", "chunk of the picture") in found(a=png((b"eXIf", b"x")))


def test_indices(tmp_path, found, kinds):
    path = tmp_path / "a.vcf.gz"
    path.write_bytes(blocked(tmp_path))
    for name, csi in (("tbi", False), ("csi", True)):
        pysam.tabix_index(str(path), preset="vcf", force=True, csi=csi)
        index = (tmp_path / f"a.vcf.gz.{name}").read_bytes()
        assert kinds(index) == set()
        plain = gzip.decompress(index)
        assert found(a=squeezed(plain + b"more")) == {("hidden_data", "after the index")}
        assert found(a=squeezed(plain[:-20])) == {("damaged", "ends too early")}
    assert found(a=squeezed(plain.replace(b"chr1\0", b"/a/b\0"))) == {("local_path", "sequence names of the index")}


def test_damaged_alignments(found, alignments):
    content = alignments(names=[f"read{number}" for number in range(500)])
    assert found(a=content) == set()
    assert found(a=content[:-38]) == {("damaged", "CRAM without its end marker")}
    assert found(a=content[:-200]) == {("damaged", "alignments")}
    bam = alignments("wb", names=[f"read{number}" for number in range(500)])
    assert {kind for kind, _ in found(a=bam[:-28])} == {("damaged")}
    assert {kind for kind, _ in found(a=bam[:900])} == {("damaged")}


def test_alignments_that_are_none(found, alignments):
    """More than a pipe holds, which a reader that has given up leaves unread."""
    noise, damaged = random.Random(1).randbytes(1 << 20), {("damaged", "alignments")}
    assert found(a=b"CRAM\3\0" + bytes(20) + noise) == found(a=squeezed(b"BAM\1" + noise)) == damaged
    assert found(a=alignments() + bytes(1 << 20)) == damaged


def test_a_stream_that_fails():
    class Failing(io.BytesIO):
        def read(self, size=-1):
            raise ValueError("segment of 121212-1212 could not be decrypted")

    findings = scan({"a.cram": Failing, "b.txt": lambda: io.BytesIO(NUMBER)}, LeakRules())
    assert [(finding.path, finding.kind) for finding in findings] == [
        ("a.cram", "damaged"),
        ("b.txt", "personal_number"),
    ]


def test_links_are_not_followed(tmp_path):
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "link").symlink_to("/etc/hostname")
    assert [finding.kind for finding in scan(tmp_path / "package", LeakRules())] == ["unknown_format"]


def test_long_lines(monkeypatch):
    """Lines of many mebibytes are searched in pieces, cut between words, so that memory stays bounded."""
    line = b'["words",' + b'{"a": 1},' * 250_000 + b'"121212-1212"]'
    examination = examine({"a.json": lambda: io.BytesIO(line)}, LeakRules())
    assert [(finding.where, finding.count) for finding in examination.findings] == [("line 1", 1)]
    assert examination.bytes == len(line)
    assert max(len(piece.data) for piece in pieces(Stream(io.BytesIO(line)))) < 2 << 20
    monkeypatch.setattr("gms.sharing.leak_scan.streams._LONGEST_WORD", 3 << 20)
    with pytest.raises(Stop):
        list(pieces(Stream(io.BytesIO(b"x" * (5 << 20)))))


def test_growth_is_measured_by_what_was_read():
    budget = Budget()
    Stream(io.BytesIO(bytes(1 << 20)), budget).read(1 << 20)
    budget.spend(360 << 20)
    with pytest.raises(Stop):
        budget.spend(5 << 20)
