"""Knowledge files and aligner indexes that do not fit the reference; tests/cases/check_inputs holds the messages."""

import os
import shutil

import pysam
import pytest

from gms.preflight.aligner_index import alternates_without_alt, index_problem
from gms.preflight.knowledge_checks import knowledge_problem, missing_contigs, respelled
from gms.preflight.reference_bases import ReferenceBases

GENOME = {"chr1": "ACGTCTCTCTAGGT" * 40, "chr2": "TTGCA" * 50}
CONTIGS = {name: len(sequence) for name, sequence in GENOME.items()}
RIGHT = ["chr1\t3\t.\tG\tA\t.\t.\tAF=0.1", "chr1\t19\t.\tC\tT\t.\t.\tAF=0.1"]


@pytest.fixture
def bases(tmp_path):
    text = "".join(f">{name}\n{sequence}\n" for name, sequence in GENOME.items())
    (tmp_path / "genome.fa").write_text(text)
    return ReferenceBases(tmp_path / "genome.fa")


@pytest.fixture
def vcf(tmp_path):
    def write(records: list[str], csi: bool = False, name: str = "known.vcf"):
        head = '##fileformat=VCFv4.2\n##contig=<ID=chr1>\n##INFO=<ID=AF,Number=A,Type=Float,Description="x">\n'
        head += "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
        (tmp_path / name).write_text(head + "".join(f"{record}\n" for record in records))
        pysam.tabix_compress(str(tmp_path / name), str(tmp_path / f"{name}.gz"), force=True)
        pysam.tabix_index(str(tmp_path / f"{name}.gz"), preset="vcf", force=True, csi=csi)
        return tmp_path / f"{name}.gz"

    return write


@pytest.mark.parametrize("csi", [False, True])
def test_both_formats_of_index_are_read(vcf, bases, csi):
    assert knowledge_problem("population", vcf(RIGHT, csi), CONTIGS, bases) is None
    other = [record.replace("chr1", "1") for record in RIGHT]
    assert "has no contig in common" in knowledge_problem("population", vcf(other, csi), CONTIGS, bases)


def test_an_index_older_than_its_file(vcf, bases):
    path = vcf(RIGHT)
    os.utime(f"{path}.tbi", (1, 1))
    assert "is newer than its index known.vcf.gz.tbi" in knowledge_problem("clinvar", path, CONTIGS, bases)


def test_an_index_of_another_file(vcf, bases):
    path = vcf(RIGHT)
    other = vcf([record.replace("chr1", "chr2") for record in RIGHT], name="other.vcf")
    shutil.copy(f"{other}.tbi", f"{path}.tbi")
    assert "or one of another file" in knowledge_problem("whitelist", path, CONTIGS, bases)


def test_single_errors_of_a_list_are_no_other_assembly(vcf, bases):
    many = [f"chr1\t{3 + 14 * n}\t.\tG\tA\t.\t.\tAF=0.1" for n in range(19)]
    assert knowledge_problem("population", vcf([*many, "chr1\t300\t.\tN\tA\t.\t.\tAF=1"]), CONTIGS, bases) is None
    wrong = [record.replace("G\tA", "T\tA") for record in many[:3]]
    assert "REF of 3 of 19" in knowledge_problem("population", vcf([*wrong, *many[3:]]), CONTIGS, bases)


def test_contigs_without_records_and_respelled_records_are_noted(vcf, bases):
    right_most = "chr1\t8\t.\tTCT\tT\t.\t.\tAF=0.1"
    path = vcf([RIGHT[0], right_most, "chr1\t19\t.\tCT\tTT,C\t.\t.\tAF=0.1,0.2"])
    assert missing_contigs(path, CONTIGS) == ["chr2"]
    assert respelled(path, CONTIGS, bases) == (2, 3)


def index(fasta, contigs: dict[str, int], unknown: int = 0) -> None:
    for suffix in (".bwt", ".pac", ".sa"):
        fasta.with_name(fasta.name + suffix).write_text("x")
    names = "".join(f"0 {name} (null)\n0 {length} 0\n" for name, length in contigs.items())
    fasta.with_name(fasta.name + ".ann").write_text(f"9 {len(contigs)} 11\n{names}")
    fasta.with_name(fasta.name + ".amb").write_text(f"9 2 1\n5 {unknown} N\n")


def test_an_index_of_bwa_must_be_of_this_fasta(bases):
    assert index_problem(bases.fasta, CONTIGS, bases) is None  # none there
    index(bases.fasta, CONTIGS)
    assert index_problem(bases.fasta, CONTIGS, bases) is None
    index(bases.fasta, CONTIGS, unknown=7)
    assert "other masked bases" in index_problem(bases.fasta, CONTIGS, bases)
    index(bases.fasta, {**CONTIGS, "chr2": 9})
    assert "other contigs" in index_problem(bases.fasta, CONTIGS, bases)
    index(bases.fasta, CONTIGS)
    os.utime(f"{bases.fasta}.bwt", (1, 1))
    assert "is newer than its bwa index" in index_problem(bases.fasta, CONTIGS, bases)


def test_alternate_contigs_need_an_alt_file(bases):
    contigs = {**CONTIGS, "chr1_KI270762v1_alt": 9, "HLA-A*01:01": 9}
    assert alternates_without_alt(bases.fasta, contigs) == 2
    bases.fasta.with_name("genome.fa.alt").write_text("")
    assert alternates_without_alt(bases.fasta, contigs) == alternates_without_alt(bases.fasta, CONTIGS) == 0
