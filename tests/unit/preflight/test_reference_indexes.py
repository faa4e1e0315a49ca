"""Indexes next to a reference FASTA are of that very FASTA."""

import os
import random
import subprocess

import pysam
import pytest

from gms.preflight import fasta_index
from gms.preflight.aligner_index import accessions_problem, alternates_problem, index_problem
from gms.preflight.places_twice import COPY, U2AF1, false_duplications_note, has_regions_twice, pseudoautosomal_note
from gms.preflight.reference_bases import ReferenceBases

RANDOM = random.Random(5)
GENOME = {name: "".join(RANDOM.choices("ACGT", k=size)) for name, size in (("chr1", 603), ("chr2", 250))}
CONTIGS = {name: len(sequence) for name, sequence in GENOME.items()}
MASKED = GENOME["chr2"][:50] + "N" * 20 + GENOME["chr2"][70:]
SHIFTED = GENOME["chr2"][:51] + "N" * 20 + GENOME["chr2"][71:]


def write(fasta, genome, width=60):
    lines = (
        f">{name} of >a\n" + "".join(f"{s[i : i + width]}\n" for i in range(0, len(s), width)) for name, s in genome
    )
    fasta.write_text("".join(lines))
    return fasta


@pytest.fixture
def indexed(tmp_path):
    """A FASTA with the index that bwa made of `genome`."""

    def make(genome):
        fasta = write(tmp_path / "genome.fa", genome.items())
        subprocess.run(["bwa", "index", fasta], check=True, capture_output=True)
        return fasta

    return make


@pytest.mark.parametrize("genome", [GENOME, {**GENOME, "chr2": MASKED}])
def test_the_own_index_of_bwa_fits(indexed, genome):
    fasta = indexed(genome)
    assert index_problem(fasta, CONTIGS, ReferenceBases(fasta)) is None
    (fasta.parent / "genome.fa.sa").unlink()
    assert index_problem(fasta, CONTIGS, ReferenceBases(fasta)) is None  # not whole: it is made


@pytest.mark.parametrize(
    "before, after, place",
    [
        (GENOME, {**GENOME, "chr2": MASKED}, "chr2:51"),
        ({**GENOME, "chr2": MASKED}, {**GENOME, "chr2": SHIFTED}, "chr2:51"),  # as many masked bases
        (GENOME, {**GENOME, "chr1": GENOME["chr1"][::-1]}, "chr1:"),
    ],
)
def test_an_index_of_bwa_from_other_bases_is_refused_whatever_its_date(indexed, before, after, place):
    fasta = indexed(before)
    write(fasta, after.items())
    os.utime(fasta, (1, 1))
    assert f"other or masked bases at {place}" in index_problem(fasta, CONTIGS, ReferenceBases(fasta))


def test_large_genomes_are_compared_at_some_places(indexed, monkeypatch):
    monkeypatch.setattr("gms.preflight.reference_bases._SMALL", 1)
    monkeypatch.setattr("gms.preflight.aligner_index._WINDOW", 40)
    fasta = indexed(GENOME)
    pysam.faidx(str(fasta))
    assert index_problem(fasta, CONTIGS, ReferenceBases(fasta)) is None
    write(fasta, {**GENOME, "chr2": MASKED}.items())
    assert "at chr2:51" in index_problem(fasta, CONTIGS, ReferenceBases(fasta))


def test_files_of_two_indexes_are_refused(indexed):
    fasta = indexed({**GENOME, "chr2": MASKED})
    other = (fasta.parent / "genome.fa.bwt").read_bytes()
    fasta = indexed(GENOME)
    assert index_problem(fasta, {"chr1": 9}, ReferenceBases(fasta)).startswith("has a bwa index with other contigs")
    (fasta.parent / "genome.fa.bwt").write_bytes(b"x" + other[1:])
    assert "not of one run" in index_problem(fasta, CONTIGS, ReferenceBases(fasta))


def test_an_index_older_than_the_fasta_is_refused(indexed):
    fasta = indexed(GENOME)
    os.utime(f"{fasta}.bwt", (1, 1))
    assert "is newer than its bwa index" in index_problem(fasta, CONTIGS, ReferenceBases(fasta))


@pytest.mark.parametrize("packed", [False, True])
def test_a_fai_is_of_this_fasta(tmp_path, packed):
    def is_index(genome, width=60):
        fasta = write(tmp_path / "genome.fa", genome, width)
        if packed:
            pysam.tabix_compress(str(fasta), f"{fasta}.gz", force=True)
            fasta = fasta.with_name("genome.fa.gz")
        if not (tmp_path / "kept.fai").exists():
            pysam.faidx(str(fasta))
            (tmp_path / "kept.fai").write_bytes(fasta.with_name(f"{fasta.name}.fai").read_bytes())
        if packed:
            pysam.faidx(str(fasta))  # a new .gzi
        return fasta_index.is_index_of(fasta, tmp_path / "kept.fai")

    assert is_index(GENOME.items())
    assert is_index({"chr1": GENOME["chr1"], "chr2": MASKED}.items())  # offsets are the same, and so is the index
    assert not is_index(GENOME.items(), width=70)
    assert not is_index({**GENOME, "chr2": MASKED[1:]}.items())
    assert not is_index({**GENOME, "chr3": "ACGT"}.items())
    assert not is_index([("chr1", GENOME["chr1"])])
    assert not is_index([("chr1", GENOME["chr1"]), ("chr20", GENOME["chr2"])])


def test_sex_chromosomes_and_the_mitochondrion_are_known_by_name():
    refused = accessions_problem({"NC_000001.11": 9, "NC_000023.11": 9, "NC_012920.1": 9})
    assert "(NC_000023.11, NC_012920.1), by which they are not known" in refused
    assert accessions_problem({"NC_000020.11": 9, "NC_045512.2": 9, "chrX": 9}) is None


def test_alternate_contigs_need_an_alt_file_that_lists_them(tmp_path):
    fasta = tmp_path / "genome.fa"
    contigs = {**CONTIGS, "chr1_KI270762v1_alt": 9, "HLA-A*01:01": 9}
    assert "has 2 alternate contigs (such as HLA-A*01:01), but no .alt file" in alternates_problem(fasta, contigs)
    (tmp_path / "genome.fa.alt").write_text("@SQ\tSN:x\nHLA-A*01:01\t0\tchr6\n")
    assert "but its .alt file lacks 1 of them" in alternates_problem(fasta, contigs)
    (tmp_path / "genome.fa.alt").write_text("HLA-A*01:01\t0\nchr1_KI270762v1_alt\t0\n")
    assert alternates_problem(fasta, contigs) is None
    assert alternates_problem(tmp_path / "other.fa", CONTIGS) is None


def test_pseudoautosomal_regions_that_are_there_twice_are_reported(tmp_path):
    shared, of_x, of_y = ("".join(RANDOM.choices("ACGT", k=size)) for size in (6_000, 4_000, 3_000))
    genome = {"chrX": f"{'N' * 500}{shared}{of_x}", "chrY": f"{'N' * 500}{shared}{of_y}"}
    contigs = {name: len(sequence) for name, sequence in genome.items()}
    bases = ReferenceBases(write(tmp_path / "x.fa", genome.items()))
    assert "the same pseudoautosomal regions on chrX and chrY" in pseudoautosomal_note(contigs, bases)
    masked = ReferenceBases(write(tmp_path / "y.fa", {**genome, "chrY": "N" * 6_500 + of_y}.items()))
    assert pseudoautosomal_note(contigs, masked) is None
    for name, expected in (("x.fa", True), ("y.fa", False)):
        pysam.faidx(str(tmp_path / name))
        assert has_regions_twice(f"{tmp_path / name}.fai") is expected
    assert has_regions_twice([]) is False
    assert pseudoautosomal_note({"chrX": 10_500}, bases) is None


class Chromosome21:
    """Bases of U2AF1 and of the stretch of 21p that repeats it, at their places in GRCh38."""

    def __init__(self, of_p, of_q):
        self.held = {COPY: of_p, U2AF1: of_q}

    def fetch(self, contig, start, end):
        return self.held[start, end]


@pytest.mark.parametrize("contig", ["chr21", "21"])
def test_false_duplications_of_chromosome_21_are_reported_unless_masked(contig):
    gene = "".join(RANDOM.choices("ACGT", k=U2AF1[1] - U2AF1[0]))
    contigs, copy = {contig: 46_709_983}, f"{gene[:200]}A{gene[201:]}"
    note = false_duplications_note(contigs, Chromosome21(copy, gene))
    assert f"on the short arm of {contig}: " in note and "U2AF1 (S34, Q157)" in note
    assert false_duplications_note(contigs, Chromosome21("N" * len(gene), gene)) is None
    assert false_duplications_note(contigs, Chromosome21("".join(RANDOM.choices("ACGT", k=len(gene))), gene)) is None
    assert false_duplications_note(contigs, Chromosome21("", "")) is None  # a small genome of tests
    assert false_duplications_note({"chr20": 9}, Chromosome21(copy, gene)) is None
