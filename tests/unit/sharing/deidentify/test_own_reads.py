"""Reads leave only if they are the ones that quality control measured."""

import pysam
import pytest

from gms.base.digests import sha256
from gms.qc.fingerprint import HEADER, count_sites
from gms.qc.sites import Site
from gms.sharing.deidentify.own_reads import ForeignReads, is_linked, read_group_samples, require_measured_reads

SITES = [Site("chr1", 50, "A", "C", 0.3)]


def write_reads(folder, name, sample, base):
    """A CRAM of 30 reads over the site, with one base there; its path."""
    fasta = folder / "genome.fa"
    fasta.write_text(">chr1\n" + "A" * 200 + "\n")
    pysam.faidx(str(fasta))
    header = {"HD": {"VN": "1.6", "SO": "coordinate"}, "SQ": [{"SN": "chr1", "LN": 200}]}
    header |= {"RG": [{"ID": "r", "SM": sample}], "PG": [{"ID": name, "CL": f"/home/{name}"}]}
    with pysam.AlignmentFile(str(folder / name), "wc", header=header, reference_filename=str(fasta)) as out:
        for number in range(30):
            read = pysam.AlignedSegment(out.header)
            read.query_name, read.reference_id, read.reference_start = f"read{number}", 0, 30
            read.query_sequence = "A" * 19 + base + "A" * 20
            read.cigartuples, read.mapping_quality = [(0, 40)], 60
            read.query_qualities = pysam.qualitystring_to_array("I" * 40)
            read.set_tag("RG", "r")
            out.write(read)
    pysam.index(str(folder / name))
    return folder / name


@pytest.fixture
def measured(tmp_path):
    """Reads with what quality control recorded of them."""
    cram = write_reads(tmp_path, "own.cram", "own", "C")
    rows = [HEADER, *count_sites(cram, tmp_path / "genome.fa", SITES)]
    (tmp_path / "own.tsv").write_text("".join("\t".join(map(str, row)) + "\n" for row in rows))
    return cram, {"cram_sha256": sha256(cram)}


def require(cram, quality):
    require_measured_reads(cram, cram.parent / "genome.fa", quality, cram.parent / "own.tsv")


def test_measured_reads_leave(measured):
    require(*measured)
    assert read_group_samples(measured[0]) == {"own"}


def test_other_reads_do_not(measured, tmp_path):
    other = write_reads(tmp_path, "other.cram", "own", "A")
    with pytest.raises(ForeignReads, match="their digest is another one"):
        require(other, measured[1])
    with pytest.raises(ForeignReads, match="genotype fingerprint"):
        require(other, {"cram_sha256": sha256(other)})
    with pytest.raises(ForeignReads, match="did not record the digest"):
        require(measured[0], {})


def test_a_link_and_a_linked_folder_are_noticed(tmp_path):
    results, elsewhere = tmp_path / "results", tmp_path / "elsewhere"
    for folder in (results / "alignment", elsewhere):
        folder.mkdir(parents=True)
        (folder / "a.cram").touch()
    (results / "alignment" / "b.cram").symlink_to(elsewhere / "a.cram")
    (results / "qc").symlink_to(elsewhere)
    assert not is_linked(results / "alignment" / "a.cram", results)
    assert is_linked(results / "alignment" / "b.cram", results)
    assert is_linked(results / "qc" / "a.cram", results)
    (tmp_path / "scratch").symlink_to(results)  # a results folder may be reached through a link
    assert not is_linked(tmp_path / "scratch" / "alignment" / "a.cram", tmp_path / "scratch")
