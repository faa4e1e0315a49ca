"""References from a server that has ranges, faults and files that change."""

import gzip
import json
from pathlib import Path

import pysam
import pytest
import yaml

import file_server
from gms.base.errors import GmsError, Problems
from gms.commands import references as command
from gms.operations.references import download as downloads
from gms.operations.references import manifest
from gms.operations.references.download import CannotDownload, download
from gms.operations.references.get import CannotUseFolder, FolderInUse, config_lines, only_one
from gms.operations.references.lock import ChangedAtSource, DamagedReference
from gms.operations.references.prepare import CannotPrepare, renamed

CHR1 = "ACGTTGCAAAAAAGCTAGCTTACGGATCCATT" * 4
GENES = """##gff-version 3
##sequence-region 1 1 128
1\te\tgene\t1\t90\t.\t+\t.\tID=gene:G1
MT\te\tgene\t1\t20\t.\t+\t.\tID=gene:G2
KI270.1\te\tgene\t1\t20\t.\t+\t.\tID=gene:G3
"""
HEADER = '##fileformat=VCFv4.2\n{0}##INFO=<ID={1},Number=A,Type=Float,Description="x">\n'
HEADER += '##FILTER=<ID=AC0,Description="x">\n'
HEADER += '##INFO=<ID=AN,Number=1,Type=Integer,Description="x">\n##INFO=<ID=DP,Number=1,Type=Integer,Description="x">\n'
HEADER += "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"


def vcf(contig: str, field: str, *records: str) -> bytes:
    declared = "" if contig == "1" else f"##contig=<ID={contig}>\n"  # ClinVar declares none
    text = HEADER.format(declared, field) + "".join(f"{record}\n".replace(" ", "\t") for record in records)
    return gzip.compress(text.encode())


@pytest.fixture
def server():
    with file_server.running() as started:
        yield started


@pytest.fixture
def waits(monkeypatch):
    """Seconds that were waited before trying again; nobody really waits."""
    waited = []
    monkeypatch.setattr(downloads, "ATTEMPTS", 3)
    return waited


@pytest.mark.parametrize("fault", ["cut", 503, 429, "whole", "strange"])
def test_a_download_survives_a_fault(server, tmp_path, waits, fault):
    content = bytes(range(256)) * 400
    url = server.add("a.gz", content)
    server.faults["/a.gz"] = ["cut", fault]
    download(url, tmp_path / "a.gz", waits.append)
    assert (tmp_path / "a.gz").read_bytes() == content
    assert [path.name for path in tmp_path.iterdir()] == ["a.gz"]
    assert server.seen[1] == ("/a.gz", f"bytes={len(content) // 2}-")


def test_a_file_that_changes_during_its_download_is_begun_again(server, tmp_path, waits):
    url = server.add("a.gz", b"old" * 1000)
    server.faults["/a.gz"] = ["cut"]

    def change(seconds: float) -> None:
        server.add("a.gz", b"new!" * 1000)

    download(url, tmp_path / "a.gz", change)
    assert (tmp_path / "a.gz").read_bytes() == b"new!" * 1000


def test_a_download_that_was_stopped_continues_with_the_next_command(server, tmp_path, waits):
    url = server.add("a.gz", b"0123456789" * 100)
    server.faults["/a.gz"] = ["cut", 500, 500, 500]
    with pytest.raises(CannotDownload, match="answers 500 .*; 500 bytes are kept, and the same command continues"):
        download(url, tmp_path / "a.gz", waits.append)
    download(url, tmp_path / "a.gz", waits.append)
    assert server.seen[-1] == ("/a.gz", "bytes=500-")
    assert (tmp_path / "a.gz").read_bytes() == b"0123456789" * 100


def test_all_of_a_file_may_have_been_there(server, tmp_path, waits):
    url = server.add("a.gz", b"0123456789")
    server.faults["/a.gz"] = ["cut", 404]
    with pytest.raises(CannotDownload, match="answers 404"):
        download(url, tmp_path / "a.gz", waits.append)
    (tmp_path / "a.gz.part").write_bytes(b"0123456789")
    download(url, tmp_path / "a.gz", waits.append)
    assert (tmp_path / "a.gz").read_bytes() == b"0123456789"


def test_an_absent_file_and_an_absent_server_are_sentences(server, tmp_path, waits):
    with pytest.raises(CannotDownload, match="could not be downloaded: the server answers 404 Not Found$"):
        download(f"{server.url}/none", tmp_path / "none", waits.append)
    with pytest.raises(CannotDownload, match="127.0.0.1:1/x could not be downloaded"):
        download("http://127.0.0.1:1/x", tmp_path / "x", waits.append)
    assert waits == [2, 4]


@pytest.fixture
def site(server, tmp_path):
    """A server with a small genome, and a list of its files; returns (server, path of the list, folder)."""
    urls = {
        "fasta": server.add("g.fa.gz", gzip.compress(f">chr1\n{CHR1}\n>chrM\n{CHR1[:20]}\n".encode())),
        "genes": server.add("g.gff3.gz", gzip.compress(GENES.encode())),
        # Two alleles, padded; one on a contig that the reference lacks; one whose REF is not the reference's.
        "clinvar": server.add(
            "c.vcf.gz",
            vcf(
                "1",
                "CLNSIG",
                "1 8 7 AAA AA,AAAA . . CLNSIG=1,2;DP=3",
                "1 20 8 A C . . CLNSIG=1",
                "NW_1 5 9 A C . . DP=1",
            ),
        ),
        "p1": server.add("p1.vcf.bgz", vcf("chr1", "AF_grpmax", "chr1 1 . A C . PASS AF_grpmax=0.1;AN=5000;DP=7")),
        "pM": server.add("pM.vcf.bgz", vcf("chrM", "AF_grpmax", "chrM 2 . C T . AC0 AF_grpmax=0.2;AN=9;DP=7")),
    }
    common = {"what": "test", "licence": "CC0"}
    parts = {
        "population": {**common, "prepare": "frequencies", "keep": False, "urls": [f"{server.url}/p{{1-1,M}}.vcf.bgz"]},
        "fasta": {**common, "prepare": "fasta", "urls": [urls["fasta"]]},
        "genes": {**common, "prepare": "genes", "urls": [urls["genes"]]},
        "clinvar": {**common, "prepare": "variants", "urls": [urls["clinvar"]]},
    }
    (tmp_path / "list.yaml").write_text(yaml.safe_dump({"name": "GRCh38", "parts": parts}))
    return server, tmp_path / "list.yaml", tmp_path / "refs"


def get(site, *options: str) -> int:
    return command.main(["get", str(site[1]), str(site[2]), *options])


def records(path: Path) -> list[tuple]:
    with pysam.VariantFile(str(path)) as file:
        return [(r.chrom, r.pos, r.ref, r.alts, sorted(r.info), r.filter.keys()) for r in file]


def test_every_part_gets_the_form_that_runs_read(site, capsys):
    server, _, folder = site
    assert get(site) == 0
    assert {f"genome.fa{end}" for end in ("", ".fai", ".bwt")} <= {path.name for path in folder.iterdir()}
    with gzip.open(folder / "genes.gff3.gz", "rt") as lines:
        shown = [line.split()[0:2] for line in lines]
    assert shown == [["##gff-version", "3"], ["##sequence-region", "chr1"], ["chr1", "e"], ["chrM", "e"]]
    assert records(folder / "clinvar.vcf.gz") == [
        ("chr1", 7, "CA", ("C",), ["CLNSIG", "DP"], []),
        ("chr1", 7, "C", ("CA",), ["CLNSIG", "DP"], []),
    ]
    assert records(folder / "population.vcf.gz") == [
        ("chr1", 1, "A", ("C",), ["AF_grpmax", "AN"], ["PASS"]),
        ("chrM", 2, "C", ("T",), ["AF_grpmax", "AN"], ["AC0"]),
    ]
    assert sorted(path.name for path in (folder / "downloads").iterdir()) == ["c.vcf.gz", "g.fa.gz", "g.gff3.gz"]
    config = yaml.safe_load(capsys.readouterr().out.partition(":\n")[2])
    assert config["reference"] == {
        "name": "GRCh38",
        "fasta": f"{folder}/genome.fa",
        "genes": f"{folder}/genes.gff3.gz",
        "clinvar": f"{folder}/clinvar.vcf.gz",
        "population": f"{folder}/population.vcf.gz",
    }
    asked = len(server.seen)
    assert get(site) == 0 and len(server.seen) == asked  # nothing is fetched again


def test_what_changed_at_its_source_is_refused_until_it_is_asked_for(site, capsys):
    server, _, folder = site
    get(site, "--parts", "clinvar")
    before = (folder / "references.lock.json").read_bytes()
    server.add("c.vcf.gz", vcf("1", "CLNSIG", "1 1 7 A G . . CLNSIG=5"))
    for path in ("downloads/c.vcf.gz", "clinvar.vcf.gz"):
        (folder / path).unlink()
    with pytest.raises(ChangedAtSource, match="is not the file that the lock has: .* --renew clinvar"):
        get(site, "--parts", "clinvar")
    assert (folder / "references.lock.json").read_bytes() == before
    assert not (folder / "downloads" / "c.vcf.gz").exists()
    assert get(site, "--renew", "clinvar") == 0
    assert [record[:4] for record in records(folder / "clinvar.vcf.gz")] == [("chr1", 1, "A", ("G",))]
    assert command.main(["check", str(folder)]) == 0


def test_a_digest_of_the_list_is_enforced_at_the_first_download(site):
    content = yaml.safe_load(site[1].read_text())
    content["parts"]["fasta"]["sha256"] = {"g.fa.gz": "0" * 64}
    site[1].write_text(yaml.safe_dump(content))
    with pytest.raises(ChangedAtSource, match="that the list has"):
        get(site)
    assert not (site[2] / "genome.fa").exists()


def test_check_names_what_differs(site, capsys):
    folder = site[2]
    get(site, "--parts", "genes")
    capsys.readouterr()
    assert command.main(["check", str(folder)]) == 0
    (folder / "downloads" / "g.gff3.gz").unlink()
    content = (folder / "genome.fa").read_bytes()
    (folder / "genome.fa").write_bytes(content.replace(b"A", b"C", 1))
    with (folder / "genes.gff3.gz").open("ab") as file:
        file.write(b"x")
    capsys.readouterr()
    assert command.main(["check", str(folder)]) == 1
    said = capsys.readouterr().out.splitlines()
    assert "genome.fa has another content (SHA-256) than when it was locked" in said
    assert "downloads/g.gff3.gz is missing" in said and any("bytes instead of" in line for line in said)
    with pytest.raises(DamagedReference, match="genes.gff3.gz has another size"):
        get(site, "--parts", "genes")


def test_another_fasta_makes_the_others_again(site, capsys):
    server, _, folder = site
    get(site, "--parts", "genes")
    server.add("g.fa.gz", gzip.compress(f">1\n{CHR1}\n".encode()))
    get(site, "--renew", "fasta")
    get(site, "--parts", "genes")
    with gzip.open(folder / "genes.gff3.gz", "rt") as lines:
        assert [line.split()[0] for line in lines] == ["##gff-version", "##sequence-region", "1"]


def test_files_that_cannot_be_prepared_are_sentences(site):
    server, _, _ = site
    server.add("g.gff3.gz", gzip.compress(b"KI1\te\tgene\t1\t2\t.\t+\t.\tID=x\n"))
    with pytest.raises(CannotPrepare, match="none of its contigs is in the reference"):
        get(site, "--parts", "genes")
    server.add("c.vcf.gz", vcf("1", "CLNSIG", "1 20 8 A C . . CLNSIG=1"))
    with pytest.raises(CannotPrepare, match="no record is on a contig of the reference with its REF"):
        get(site, "--parts", "clinvar")
    server.add("p1.vcf.bgz", vcf("chr1", "OTHER", "chr1 1 . A C . PASS OTHER=0.1"))
    with pytest.raises(CannotPrepare, match="no INFO field with a frequency"):
        get(site, "--parts", "population")


def test_a_truncated_fasta_is_a_sentence(site):
    server = site[0]
    server.add("g.fa.gz", server.files["/g.fa.gz"][:-9])
    with pytest.raises(CannotPrepare, match="it is not a whole gzip file"):
        get(site, "--parts", "fasta")
    assert not (site[2] / "genome.fa").exists()


def test_unknown_names_and_wrong_lists_are_sentences(site, tmp_path):
    with pytest.raises(GmsError, match="unknown reference 'GRCh39' .known: GRCh37, GRCh38"):
        command.main(["get", "GRCh39", str(tmp_path / "x")])
    with pytest.raises(GmsError, match="unknown part 'clinva'"):
        get(site, "--parts", "clinva")
    site[1].write_text("name: x\nparts:\n  fasta: {what: x, licence: x, prepare: fasta, urls: ['ftp://x']}\n")
    with pytest.raises(Problems, match="line 3: .*is the address of a file"):
        get(site)
    with pytest.raises(GmsError, match="was not made by"):
        command.main(["check", str(tmp_path)])


def test_one_command_at_a_time(site, tmp_path):
    site[2].mkdir()
    with only_one(site[2]), pytest.raises(FolderInUse, match="another ./gms references get is running there"):
        get(site)
    (tmp_path / "file").touch()
    with pytest.raises(CannotUseFolder, match="cannot be used: "):
        command.main(["get", str(site[1]), str(tmp_path / "file" / "refs")])


def test_a_folder_holds_one_genome(site, tmp_path):
    get(site, "--parts", "fasta")
    content = yaml.safe_load(site[1].read_text()) | {"name": "GRCh37"}
    site[1].write_text(yaml.safe_dump(content))
    with pytest.raises(GmsError, match="holds references of GRCh38, not of GRCh37"):
        get(site)
    assert json.loads((site[2] / "references.lock.json").read_text())["name"] == "GRCh38"


def test_parts_that_a_config_knows_are_lines_of_it(tmp_path):
    parts = {
        name: manifest.Part(name, "x", "CC0", "variants", True, ()) for name in ("clinvar", "mitomap", "mane", "smn")
    }
    for name in parts:
        (tmp_path / f"{name}.vcf.gz").touch()
    lines = config_lines(manifest.Manifest("g", parts), tmp_path)
    assert [*yaml.safe_load(lines)["reference"]] == ["name", "clinvar", "mitomap", "smn"]


def test_names_of_contigs():
    names = renamed(["chr1", "chrM"])
    assert names["1"] == names["chr1"] == "chr1" and names["MT"] == "chrM" and "chr2" not in names
    assert renamed(["MT"])["chrM"] == "MT"


@pytest.mark.parametrize("name", manifest.known())
def test_the_lists_of_the_workflow(name, capsys):
    loaded = manifest.load(name)
    assert loaded.name == name and {"fasta", "genes", "clinvar", "population"} <= loaded.parts.keys()
    assert all(source.url.startswith("https://") for part in loaded.parts.values() for source in part.sources)
    assert command.main(["list", name]) == 0
    assert "licence: CC0" in capsys.readouterr().out


def test_patterns_of_addresses():
    assert manifest.expanded("a{1-3,X}.b") == ["a1.b", "a2.b", "a3.b", "aX.b"]
    assert manifest.expanded("a.b") == ["a.b"]
