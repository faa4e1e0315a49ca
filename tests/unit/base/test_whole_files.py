"""What a full disk or a tool that ended early leaves behind is no output."""

import pysam
import pytest

from alignments import read, write_cram, write_fasta
from gms.base.whole_files import FileNotWhole, require_whole
from gms.genome.vcf import write_vcf

GENOME = "ACGTTGCA" * 500
HEADER = "##fileformat=VCFv4.2\n##contig=<ID=chr1,length=4000>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
ENDS = {"cram": 38, "vcf.gz": 28}  # bytes of the container or block that marks the end


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    reads = [read(f"r{n}", n % 3_900, "50M", (GENOME * 2)[n % 3_900 :][:50]) for n in range(25_000)]
    write_cram(folder / "s.cram", write_fasta(folder / "g.fa", GENOME), reads)
    write_vcf([HEADER, *(f"chr1\t{n}\t.\tA\tC\t{n}\t.\t.\n" for n in range(1, 20_000))], folder / "c.vcf.gz")
    return {"cram": (folder / "s.cram").read_bytes(), "vcf.gz": (folder / "c.vcf.gz").read_bytes()}


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
