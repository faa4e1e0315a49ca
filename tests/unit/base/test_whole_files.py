"""What a full disk or a tool that ended early leaves behind is no output."""

import os
import subprocess
from pathlib import Path

import pysam
import pytest

from alignments import read, write_cram, write_fasta
from gms.base import whole_files
from gms.base.digests import FileChanged, record_checksums, verify_checksums
from gms.base.problems import Findings
from gms.base.project import PROJECT
from gms.base.whole_files import FileNotWhole, read_file, require_whole
from gms.genome.vcf import write_vcf
from gms.inputs.user_tables import read_text
from gms.sharing.decision.keyfiles import KeyUnusable, read_secret

GENOME = "ACGTTGCA" * 500
HEADER = "##fileformat=VCFv4.2\n##contig=<ID=chr1,length=4000>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
FILE_DEFINITION = 26  # bytes
READERS = {  # columns of the tables of docs/faults.md that say which tools notice damage
    "cram": {
        "bcftools mpileup": ["bcftools", "mpileup", "-f", "g.fa", "file.cram"],
        "freebayes": ["freebayes", "-f", "g.fa", "file.cram"],
        "samtools stats": ["samtools", "stats", "-r", "g.fa", "file.cram"],
        "mosdepth": ["mosdepth", "-f", "g.fa", "out", "file.cram"],
    },
    "vcf.gz": {
        "bcftools view": ["bcftools", "view", "-H", "file.vcf.gz"],
        "pysam.VariantFile": lambda path: read_all(file := pysam.VariantFile(path), file),
        "pysam.TabixFile": lambda path: read_all(file := pysam.TabixFile(path), file.fetch()),
    },
}


def read_all(file, records):
    with file:
        return sum(1 for _ in records)


ENDS = {"cram": 38, "vcf.gz": 28}  # bytes of the container or block that marks the end


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    reads = [read(f"r{n}", n % 3_900, "50M", (GENOME * 2)[n % 3_900 :][:50]) for n in range(25_000)]
    write_cram(folder / "s.cram", write_fasta(folder / "g.fa", GENOME), reads)
    write_vcf([HEADER, *(f"chr1\t{n}\t.\tA\tC\t{n}\t.\t.\n" for n in range(1, 20_000))], folder / "c.vcf.gz")
    write_cram(folder / "empty.cram", folder / "g.fa", [])
    write_vcf([HEADER], folder / "empty.vcf.gz")
    names = {"cram": "s.cram", "vcf.gz": "c.vcf.gz", "empty.cram": "empty.cram", "empty.vcf.gz": "empty.vcf.gz"}
    return {kind: (folder / name).read_bytes() for kind, name in names.items()}


def problem(folder, kind, content):
    path = folder / f"file.{kind}"
    path.write_bytes(content)
    try:
        require_whole(path)
    except FileNotWhole as error:
        return str(error)
    return None


@pytest.mark.parametrize("kind", ["cram", "vcf.gz"])
def test_every_way_to_lose_an_end_is_noticed(tmp_path, whole, kind):
    content, end = whole[kind], whole[kind][-ENDS[kind] :]
    assert problem(tmp_path, kind, content) is None
    half = len(content) // 2
    for damaged in (b"", content[:half], content[:half] + end, content[:-1], content[: -len(end)], end, content[:40]):
        assert problem(tmp_path, kind, damaged), len(damaged)


def borders(kind, content):
    """Where containers or blocks begin, without the header's; the last is the end marker."""
    if kind == "cram":
        found, at = [], FILE_DEFINITION
        while at < len(content):
            found.append(at)
            at += whole_files._container_size(content[at : at + 4096])
        return found[1:]
    found = [0]
    while (at := found[-1] + int.from_bytes(content[found[-1] + 16 :][:2], "little") + 1) < len(content):
        found.append(at)
    return found[1:]


def damages(kind, content, empty):
    """Each damage of the table in docs/faults.md, by its words there."""
    part = {"cram": "container", "vcf.gz": "block"}[kind]
    places = borders(kind, content)
    first, second, last = places[0], places[1], places[-1]
    inside = (first + second) // 2
    common = {
        "a byte flipped": content[:inside] + bytes([content[inside] ^ 1]) + content[inside + 1 :],
        "64 bytes zeroed": content[:inside] + bytes(64) + content[inside + 64 :],
        f"cut within a {part}": content[:inside],
        f"cut at a {part} border": content[:second],
        f"a {part} missing": content[:first] + content[second:],
        "valid, but empty": empty,
    }
    if kind == "cram":
        return common | {"cut at a container border, end container added": content[:second] + content[last:]}
    return common | {"the end block missing": content[:last]}


@pytest.mark.parametrize("kind, name", [("cram", "CRAM"), ("vcf.gz", "VCF")])
def test_the_table_of_damages_is_true(tmp_path, monkeypatch, whole, kind, name):
    monkeypatch.chdir(tmp_path)
    rows = [line.strip("| \n").split(" | ") for line in (PROJECT / "docs" / "faults.md").read_text().splitlines()]
    table = {row[1]: row[2:] for row in rows if row[0] == name}
    made = damages(kind, whole[kind], whole[f"empty.{kind}"])
    assert made.keys() == table.keys()
    for damage, content in made.items():
        written, later = table[damage]
        assert bool(problem(tmp_path, kind, content)) == written.startswith("chain of"), damage
        Path(f"file.{kind}").write_bytes(whole[kind])
        record_checksums([f"file.{kind}"])
        Path(f"file.{kind}").write_bytes(content)
        with pytest.raises(FileChanged):
            verify_checksums([f"file.{kind}"])
        assert later == "checksum"


def table_of_readers(kind):
    """Damage -> word for each reader, of the table in docs/faults.md; "damaged X" is its first column."""
    lines = (PROJECT / "docs" / "faults.md").read_text().splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    start = next(n for n, row in enumerate(rows) if row[0] == f"damaged {kind}")
    end = next(n for n in range(start, len(lines)) if not lines[n])
    return {row[0]: dict(zip(rows[start][1:], row[1:], strict=True)) for row in rows[start + 2 : end]}


@pytest.mark.parametrize("kind, name", [("cram", "CRAM"), ("vcf.gz", "VCF")])
def test_the_tables_of_readers_are_true(tmp_path, whole, kind, name):
    """Why each job verifies checksums: no caller and no reader notices all damage, and most of them miss some."""
    write_fasta(tmp_path / "g.fa", GENOME)
    path = tmp_path / f"file.{kind}"
    path.write_bytes(whole[kind])
    pysam.index(str(path)) if kind == "cram" else pysam.tabix_index(str(path), preset="vcf", force=True)
    found = {}
    for damage, content in damages(kind, whole[kind], whole[f"empty.{kind}"]).items():
        path.write_bytes(content)
        for name_of_reader, reader in READERS[kind].items():
            found.setdefault(damage, {})[name_of_reader] = "fails" if fails(reader, path) else "exits with 0"
    assert found == table_of_readers(name)


def fails(reader, path):
    """Whether a program, run in the folder of a file, or a function that is given its path, notices damage."""
    if isinstance(reader, list):
        return subprocess.run(reader, cwd=path.parent, capture_output=True, timeout=60).returncode != 0
    try:
        reader(str(path))
    except (OSError, ValueError):
        return True
    return False


def test_a_damaged_container_header_is_noticed(tmp_path, whole):
    first = 26 + 4  # after the file definition and the length of the header container
    content = bytearray(whole["cram"])
    content[first] ^= 1
    assert "is damaged" in problem(tmp_path, "cram", bytes(content))


def test_a_vcf_has_column_names_and_ends_with_a_line(tmp_path):
    for text, said in (("##x\n", "no line of column names"), (f"{HEADER}chr1\t1", "ends within a line")):
        with pysam.BGZFile(str(tmp_path / "a.vcf.gz"), "wb") as out:
            out.write(text.encode())
        with pytest.raises(FileNotWhole, match=said):
            require_whole(tmp_path / "a.vcf.gz")


def test_a_table_ends_with_a_line_and_may_be_empty(tmp_path):
    assert problem(tmp_path, "tsv", b"a\tb\n") is None
    assert problem(tmp_path, "bed", b"") is None
    assert "ends within a line" in problem(tmp_path, "json", b'{"a": 1')


def test_other_files_are_not_looked_at(tmp_path):
    assert problem(tmp_path, "html", b"<p>") is None
    require_whole(tmp_path / "missing.cram")  # Snakemake reports it


def test_a_pipe_or_device_is_refused_instead_of_read_for_ever(tmp_path):
    pipe, file = tmp_path / "samples.tsv", tmp_path / "file"
    os.mkfifo(pipe)
    file.write_bytes(b"text")
    assert read_file(file) == b"text"
    for endless in (pipe, Path("/dev/zero")):
        with pytest.raises(OSError, match="a pipe or a device, not a file"):
            read_file(endless)
    with pytest.raises(KeyUnusable, match="is not a regular file"):
        read_secret(pipe)
    findings = Findings()
    assert read_text(pipe, findings) is None
    assert [problem.text for problem in findings.problems] == ["cannot be read: it is a pipe or a device, not a file"]
