"""Knowledge files that do not fit the reference or their index; tests/cases/check_inputs holds the messages."""

import gzip
import os
import shutil

import pysam
import pytest

from gms.annotation.knowledge_files import missing_contigs
from gms.preflight.gene_model_checks import gene_models_problem, start_codons_problem
from gms.preflight.knowledge_checks import knowledge_problem, respelled, unknown_contigs, unlike_reference
from gms.preflight.reference_bases import ReferenceBases
from gms.preflight.tabix_index import count_records

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
    def write(records: list[str], csi: bool = False, name: str = "known.vcf", kind: str = "Float"):
        head = f'##fileformat=VCFv4.2\n##contig=<ID=chr1>\n##INFO=<ID=AF,Number=A,Type={kind},Description="x">\n'
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


@pytest.mark.parametrize(("interval", "refused"), [("500\t560", False), ("550\t570", False), ("560\t570", True)])
def test_a_mask_of_another_assembly(tmp_path, bases, interval, refused):
    (tmp_path / "mask.bed").write_text(f"chr1\t10\t20\nchr1\t{interval}\n")
    pysam.tabix_compress(str(tmp_path / "mask.bed"), str(tmp_path / "mask.bed.gz"))
    pysam.tabix_index(str(tmp_path / "mask.bed.gz"), preset="bed")
    problem = knowledge_problem("mask", tmp_path / "mask.bed.gz", CONTIGS, bases)
    assert (problem or "").startswith("is of another assembly: an interval begins at chr1:560, the") is refused
    assert refused or problem is None


def test_frequencies_must_be_numbers(vcf, bases):
    problem = knowledge_problem("population", vcf(RIGHT, kind="String"), CONTIGS, bases)
    assert problem.startswith("defines INFO/AF as text, which no limit can be compared with; write Type=Float")


def test_an_index_older_than_its_file(vcf, bases):
    path = vcf(RIGHT)
    os.utime(f"{path}.tbi", (1, 1))
    assert "is newer than its index known.vcf.gz.tbi" in knowledge_problem("clinvar", path, CONTIGS, bases)


def test_an_index_of_another_file(vcf, bases):
    path = vcf(RIGHT)
    other = vcf([record.replace("chr1", "chr2") for record in RIGHT], name="other.vcf")
    shutil.copy(f"{other}.tbi", f"{path}.tbi")
    assert "or one of another file" in knowledge_problem("whitelist", path, CONTIGS, bases)


@pytest.mark.parametrize("csi", [False, True])
@pytest.mark.parametrize("part", ["population", "clinvar", "whitelist"])
def test_an_index_of_the_former_version(vcf, bases, csi, part):
    """New as it is, and with the same first record: its end is another, or its number of records."""
    suffix = ".csi" if csi else ".tbi"
    many = [f"chr1\t{3 + 14 * n}\t.\tG\tA\t.\t.\tAF=0.{n:02}" for n in range(39)]
    path = vcf(many, csi)
    assert "damaged index" not in str(knowledge_problem(part, path, CONTIGS, bases))
    for changed in (many[:20], many[:1] + many[2:], [many[0].replace("AF=0.00", "AF=0.5;CLNSIG=x"), *many[1:]]):
        other = vcf(changed, csi, name="other.vcf")
        shutil.copy(f"{other}{suffix}", f"{path}{suffix}")
        problem = knowledge_problem(part, path, CONTIGS, bases)
        assert f"has a damaged index known.vcf.gz{suffix}, or one of another file; make it again" in problem


def test_a_stale_index_next_to_the_right_one(vcf, bases):
    stale = vcf(RIGHT[:1], csi=True, name="other.vcf")
    path = vcf(RIGHT)
    shutil.copy(f"{stale}.csi", f"{path}.csi")  # which tools prefer
    problem = knowledge_problem("clinvar", path, CONTIGS, bases)
    assert "damaged index known.vcf.gz.csi" in problem and "tabix -f -C -p vcf" in problem


def test_records_are_counted(tmp_path):
    for text, number in ((b"#h\n#c\nx\ny\n", 2), (b"x\n\n#no\ny", 2), (b"#h\n", 0), (b"x\n" * 700_000, 700_000)):
        (tmp_path / "a.gz").write_bytes(gzip.compress(text, 1))
        assert count_records(tmp_path / "a.gz") == number


def test_single_errors_of_a_list_are_no_other_assembly(vcf, bases):
    many = [f"chr1\t{3 + 14 * n}\t.\tG\tA\t.\t.\tAF=0.1" for n in range(19)]
    assert knowledge_problem("population", vcf([*many, "chr1\t300\t.\tN\tA\t.\t.\tAF=1"]), CONTIGS, bases) is None
    wrong = [record.replace("G\tA", "T\tA") for record in many[:3]]
    assert "REF of 3 of 19" in knowledge_problem("population", vcf([*wrong, *many[3:]]), CONTIGS, bases)


def test_one_contig_of_another_assembly_is_found_among_many_right_ones(vcf, bases):
    """As the mitochondrion of rCRS in a file for hg19, whose chrM is another sequence."""
    many = [f"chr1\t{at + 14 * n}\t.\t{ref}\tT\t.\t.\tAF=0.1" for n in range(40) for at, ref in ((1, "A"), (3, "G"))]
    wrong = [f"chr2\t{1 + n}\t.\t{other_base(n)}\tN\t.\t.\tAF=0.1" for n in range(6)]
    assert "REF of 6 of 6 sampled records of chr2" in knowledge_problem("population", vcf(many + wrong), CONTIGS, bases)
    assert knowledge_problem("population", vcf(many + wrong[:4]), CONTIGS, bases) is None  # too few to tell


def other_base(n: int) -> str:
    return "C" if GENOME["chr2"][n] == "A" else "A"


def test_chromosomes_that_the_reference_lacks_are_noted(vcf):
    path = vcf([*RIGHT, "MT\t3\t.\tA\tG\t.\t.\tAF=0.1", "chrUn_1\t3\t.\tA\tG\t.\t.\tAF=0.1"])
    assert unknown_contigs(path, CONTIGS) == ["MT"]


def test_entries_of_a_list_with_other_bases_are_named(vcf, bases):
    wrong = [f"chr2\t{1 + n}\t.\t{other_base(n)}\tN\t.\t.\tAF=0.1" for n in (2, 4)]
    assert unlike_reference(vcf([*RIGHT, *wrong]), CONTIGS, bases) == ["chr2:3", "chr2:5"]
    assert unlike_reference(vcf(RIGHT), CONTIGS, bases) == []


def test_contigs_without_records_and_respelled_records_are_noted(vcf, bases):
    right_most = "chr1\t8\t.\tTCT\tT\t.\t.\tAF=0.1"
    path = vcf([RIGHT[0], right_most, "chr1\t19\t.\tCT\tTT,C\t.\t.\tAF=0.1,0.2"])
    assert missing_contigs(path, CONTIGS) == ["chr2"]
    assert respelled(path, CONTIGS, bases) == (2, 3)


@pytest.mark.parametrize(
    ("shift", "length", "refused"), [(0, 50_000_000, False), (7, 50_000_000, True), (7, 900, False)]
)
def test_gene_models_whose_coding_sequence_begins_elsewhere(tmp_path, shift, length, refused):
    """With the same names of contigs and without their lengths; references of made-up bases are shorter."""
    codons = ["ATG" + "C" * 9, "G" * 9 + "CAT"] * 15  # on the forward and on the reverse strand
    (tmp_path / "genome.fa").write_text(f">chr1\n{''.join(codons)}\n>chr2\nACGT\n")
    strands = [(number, "+-"[number % 2]) for number in range(len(codons) - 1)]
    cds = [
        f"chr1\tx\tCDS\t{12 * n + 1 + shift}\t{12 * n + 12 + shift}\t.\t{way}\t0\tParent=T{n}\n" for n, way in strands
    ]
    (tmp_path / "genes.gff3").write_text("".join(cds))
    found = start_codons_problem(tmp_path / "genes.gff3", {"chr1": length}, ReferenceBases(tmp_path / "genome.fa"))
    words = "is of another assembly: of 29 coding sequences 0 begin with ATG in the reference; give the gene models"
    assert (found or "").startswith(words) is refused and (refused or found is None)


def test_hidden_bases_and_cut_lines_tell_nothing_of_an_assembly(tmp_path):
    """A reference of which all but the genes of a panel is N."""
    (tmp_path / "genome.fa").write_text(f">chr1\n{'N' * 900}\n")
    cds = "".join(f"chr1\tx\tCDS\t{9 * n + 1}\t{9 * n + 9}\t.\t+\t0\tParent=T{n}\n" for n in range(60))
    (tmp_path / "genes.gff3").write_text(f"{cds}chr1\tx\tCDS\t10")
    bases = ReferenceBases(tmp_path / "genome.fa")
    assert start_codons_problem(tmp_path / "genes.gff3", {"chr1": 50_000_000}, bases) is None


def test_the_mitochondrion_of_hg19_is_not_that_of_its_gene_models(tmp_path):
    """It has 16,571 bases and is not assessed; GENCODE's is rCRS in every release."""
    cds = "chr1\tx\tCDS\t1\t9\t.\t+\t0\tParent=T\n"
    (tmp_path / "genes.gff3").write_text(f"##sequence-region chr1 1 900\n##sequence-region chrM 1 16569\n{cds}")
    assert gene_models_problem(tmp_path / "genes.gff3", {"chr1": 900, "chrM": 16_571}) is None
