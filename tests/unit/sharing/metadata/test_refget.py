"""Refget accessions."""

import base64
import gzip
import hashlib
import re

import pysam
import pytest

from described import genome
from gms.sharing.metadata import refget
from gms.sharing.metadata.refget import FastaUnusable, refget_digests

ACGT = "SQ.aKF498dAxcJAqme6QYQ7EZ07-fiw8Kw2"  # the example of GA4GH's definition of sha512t24u


def indexed(path, text):
    path.write_bytes(text)
    pysam.faidx(str(path))
    return path


@pytest.mark.parametrize(
    "text", [b">a\nACGT\n", b">a\nac\ngt\n", b">a\nAC\nGT", b">a\r\nAC\r\nGT\r\n", b">a words\nACG\nT\n"]
)
def test_layout_and_case_do_not_matter(tmp_path, text):
    assert refget_digests(indexed(tmp_path / "a.fa", text)) == {"a": ACGT}


def sha512t24u(sequence):
    return "SQ." + base64.urlsafe_b64encode(hashlib.sha512(sequence.upper().encode()).digest()[:24]).decode()


@pytest.mark.parametrize("block", [1, 7, 60, 61, 1 << 20])
def test_blocks_and_pysam_agree(tmp_path, monkeypatch, block):
    monkeypatch.setattr(refget, "BLOCK", block)
    fasta = genome(tmp_path)
    with pysam.FastaFile(str(fasta)) as reader:
        assert refget_digests(fasta) == {name: sha512t24u(reader.fetch(name)) for name in ("chr1", "chrX")}


def test_only_the_contigs_asked_for_in_the_order_of_the_index(tmp_path):
    fasta = genome(tmp_path)
    assert list(refget_digests(fasta, ["chrX"])) == ["chrX"]
    assert list(refget_digests(fasta, ["chrX", "chr1"])) == ["chr1", "chrX"]


def test_a_changed_file_is_read_again(tmp_path):
    fasta = indexed(tmp_path / "a.fa", b">a\nACGT\n")
    before = refget_digests(fasta)
    assert refget_digests(indexed(fasta, b">a\nACGTT\n")) != before


def test_unknown_contig(tmp_path):
    with pytest.raises(
        FastaUnusable, match="genome.fa has no contig chr2, chr3; give the FASTA that the reads were aligned to"
    ):
        refget_digests(genome(tmp_path), ["chr3", "chr1", "chr2"])


def test_no_index_a_short_file_and_gzip(tmp_path):
    fasta = genome(tmp_path)
    index = tmp_path / "genome.fa.fai"
    index.write_text(re.sub(r"\t200\t", "\t250\t", index.read_text()))
    with pytest.raises(FastaUnusable, match="chrX has 200 bases, its index says 250"):
        refget_digests(fasta)
    fasta.write_bytes(gzip.compress(fasta.read_bytes()))
    with pytest.raises(FastaUnusable, match="is gzipped"):
        refget_digests(fasta)
    index.unlink()
    with pytest.raises(FastaUnusable, match="make it with samtools faidx"):
        refget_digests(fasta)
