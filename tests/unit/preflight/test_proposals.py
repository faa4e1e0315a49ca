"""VCF files of DeepVariant, made elsewhere, before a run takes alleles from them."""

from pathlib import Path

import pytest

from alignments import CONTIG, write_fasta
from gms.genome.vcf import write_vcf
from gms.inputs.row_files import deepvariant_files
from gms.preflight.reference_bases import ReferenceBases
from gms.preflight.sample_files import proposal_problem

SEQUENCE = "ACGTTGCAAC" * 20


def written(folder: Path, length: int = 200, ref: str = "A", sample: str = "child") -> Path:
    path = folder / "dv.vcf.gz"
    lines = [
        f"##fileformat=VCFv4.2\n##contig=<ID={CONTIG},length={length}>\n",
        '##FORMAT=<ID=GT,Number=1,Type=String,Description="g">\n',
        f"#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t{sample}\n",
        f"{CONTIG}\t11\t.\t{ref}\tG\t50\tPASS\t.\tGT\t0/1\n",
    ]
    write_vcf(lines, path)
    return path


@pytest.mark.parametrize(
    "changes, said",
    [
        ({}, None),
        ({"length": 201}, "is of another assembly: its"),
        ({"ref": "C"}, "is of another assembly"),
        ({"sample": "other"}, "lacks sample child; rename it:  bcftools reheader --samples"),
    ],
)
def test_a_file_is_of_the_samples_and_of_the_reference(tmp_path, changes, said):
    fasta = write_fasta(tmp_path / "genome.fa", SEQUENCE)
    problem = proposal_problem(written(tmp_path, **changes), ["child"], ReferenceBases(fasta))
    assert said in problem if said else problem is None, problem


@pytest.mark.parametrize(
    "damage, said",
    [
        (lambda path: path.unlink(), "does not exist"),
        (lambda path: Path(f"{path}.tbi").unlink(), "has no index; make one:  bcftools index"),
        (lambda path: path.write_bytes(path.read_bytes()[:-28]), "is truncated"),
        (lambda path: path.write_bytes(b"no VCF"), "is damaged, or is not a bgzipped VCF"),
    ],
)
def test_what_is_wrong_with_a_file_is_a_sentence(tmp_path, damage, said):
    path = written(tmp_path)
    damage(path)
    assert said in proposal_problem(path, ["child"], None)


def test_a_file_for_each_sample_or_for_the_case(case_of_two, assay_with):
    one = deepvariant_files(assay_with("/calls/{sample}.vcf.gz"), case_of_two)
    assert one == {Path("/calls/child.vcf.gz"): ["child"], Path("/calls/mother.vcf.gz"): ["mother"]}
    assert deepvariant_files(assay_with("/{case}.bcf"), case_of_two) == {Path("/F1.bcf"): ["child", "mother"]}
    assert deepvariant_files(assay_with(None), case_of_two) == {}


@pytest.fixture
def case_of_two():
    from types import SimpleNamespace as Made

    samples = tuple(Made(name=name, lanes=(Made(vcf=None),)) for name in ("child", "mother"))
    return Made(name="F1", samples=samples, index=samples[0])


@pytest.fixture
def assay_with():
    from types import SimpleNamespace as Made

    return lambda pattern: Made(deepvariant=Path(pattern) if pattern else None)
