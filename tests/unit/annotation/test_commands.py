"""What is looked up for alleles, and which sex chromosomes the members of a case are taken to have."""

import json
import os
import subprocess
from pathlib import Path

import pysam
import pytest

from gms.annotation.annotate import load_knowledge, population_fields
from gms.annotation.commands import defined_fields, family_quality, knowledge_commands, looked_up, members_of
from gms.base.errors import GmsError
from gms.families.info_fields import Family
from gms.families.relatives import sex_of
from gms.genome.vcf import info, write_vcf
from gms.inputs.run_model import Case, Lane, Sample

READS = Lane("L001", Path("a_1.fq.gz"), Path("a_2.fq.gz"), 2)
CALLS = Lane("L001", None, None, 2, vcf=Path("a.vcf.gz"))


def case_of(*roles, lane=READS):
    made = (Sample(role, "C", role, "a", "unknown", "unknown", None, "", None, (lane,)) for role in roles)
    return Case("C", "a", tuple(made))


def measured(folder, **metrics):
    """Quality of each sample: (sex_inferred, sex_chromosomes)."""
    for name, (sex, chromosomes) in metrics.items():
        record = {"metrics": {"sex_inferred": sex, "sex_chromosomes": chromosomes}}
        (folder / f"{name}.qc.json").write_text(json.dumps(record))
    return [folder / f"{name}.qc.json" for name in metrics]


@pytest.mark.parametrize(
    ("stated", "measures", "used"),
    [
        ("unknown", ("female", "XX"), "XX"),
        ("unknown", ("male", "XY"), "XY"),
        ("female", ("male", "XY"), "XY"),  # a swap, or a woman with a Y: a gate of its own
        ("female", ("female", "X"), "X"),
        ("male", ("male", "XXY"), "XXY"),
        ("female", ("female", "unclear"), "female"),  # 45,X in half of the cells
        ("unknown", ("female", "unclear"), "female"),
        ("female", ("female", None), "female"),  # an exome
        ("female", (None, None), "female"),  # from a VCF
    ],
)
def test_measured_sex_chromosomes_come_before_the_sex_of_the_sheet(tmp_path, stated, measures, used):
    [member] = members_of([("proband", stated, "yes")], measured(tmp_path, child=measures))
    assert member == ("proband", used, "yes")


def test_without_measures_the_sheet_is_used():
    [member] = members_of([("proband", "male", "yes")], [])
    assert member == ("proband", "male", "yes")


def test_only_families_with_reads_wait_for_their_quality():
    assert family_quality(case_of("proband", "mother")) == ["qc/proband.qc.json", "qc/mother.qc.json"]
    assert family_quality(case_of("proband", lane=CALLS)) == family_quality(case_of("tumor", "normal")) == []


@pytest.mark.parametrize(
    ("child", "genotype", "modes"),
    [
        (("female", "X"), "1", "x_linked_recessive,x_linked_dominant"),
        (("male", "XY"), "1", "x_linked_recessive,x_linked_dominant"),
        (("female", "XX"), "1/1", "one_parent,x_linked_dominant,compound"),
        (("male", "XXY"), "1/1", "x_linked_recessive,x_linked_dominant"),
    ],
)
def test_an_allele_on_x_of_a_child_without_a_sex_in_the_sheet(tmp_path, child, genotype, modes):
    quality = measured(tmp_path, proband=child, mother=("female", "XX"), father=("male", "XY"))
    roles = (("proband", "yes"), ("mother", "no"), ("father", "no"))
    members = members_of([(role, "unknown", affected) for role, affected in roles], quality)
    assert [sex_of(member) for member in members[1:]] == ["XX", "XY"]
    columns = ["1/1:0,30:30:90", "0/1:15,15:30:99", "0/0:30,0:30:99"]
    fields = ["chrX", "5000000", ".", "A", "T", "60", ".", "RPT=1", "GT:AD:DP:GQ", *columns]
    made = Family(members, {"chrX": 156_040_895}, frozenset()).annotated(fields, ["G"])
    assert (made[9].partition(":")[0], info(made[7])["MODES"]) == (genotype, modes)


HEAD = """##fileformat=VCFv4.2
##contig=<ID=chr1,length=40>
##FILTER=<ID=AC0,Description="x">
##INFO=<ID=AF,Number=A,Type=Float,Description="x">
##INFO=<ID=AN,Number=1,Type=Integer,Description="x">
##INFO=<ID=AF_popmax,Number=A,Type=Float,Description="x">
##INFO=<ID=AN_popmax,Number=A,Type=Integer,Description="x">
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO
"""


def frequency(folder, *records):
    """POP_AF or POP_AF_WEAK of chr1:10:A:G with these records (FILTER, ALT, AF, AN) in the population file."""
    (folder / "genome.fa").write_text(f">chr1\n{'A' * 40}\n")
    rows = [f"chr1\t10\t.\tA\t{alt}\t.\t{flag}\tAF={af};AN={an}\n" for flag, alt, af, an in records]
    for name, lines in (("case", ["chr1\t10\t.\tA\tG\t.\t.\t.\n"]), ("population", rows)):
        (folder / f"{name}.vcf").write_text(HEAD + "".join(lines))
        pysam.tabix_index(str(folder / f"{name}.vcf"), preset="vcf", force=True)
    (folder / "near.bed").write_text("chr1\t0\t40\n")
    files = {
        "vcf": f"{folder}/case.vcf.gz",
        "population": f"{folder}/population.vcf.gz",
        "fasta": f"{folder}/genome.fa",
    }
    command = f"set -e; {knowledge_commands(files, defined_fields(files))}"
    environment = {**os.environ, "work": str(folder)}
    done = subprocess.run(["bash", "-c", command], env=environment, capture_output=True, text=True, check=True)
    text = done.stdout.splitlines()[-1].split("\t")[7]
    found = info(population_fields("chr1", text, load_knowledge(files, [], []).population))
    return {key: float(found[key]) for key in ("POP_AF", "POP_AF_WEAK") if key in found}


@pytest.mark.parametrize("records", [
    [("PASS", "G", 0.3, 5000)],
    [("AC0", "G", 0, 5000), ("PASS", "G", 0.3, 5000)],
    [("PASS", "G", 0.3, 5000), ("AC0", "G", 0, 5000)],
    [("PASS", "G", 0.00002, 9000), ("PASS", "C", 0.01, 5000), (".", "G", 0.3, 5000)],
    [("PASS", "G", 0.0002, 9000), ("PASS", "G", 0.3, 5000)],
    [("PASS", "G", 0.3, 5000), ("PASS", "G", 0.0002, 9000)],
    [("PASS", "G", 0.0002, 9000), ("PASS", "C", 0.9, 5000), ("PASS", "G", 0.3, 5000), ("PASS", "T", 0.9, 5000)],
    [("PASS", "G", 0.9, 20), ("PASS", "G", 0.3, 5000)],  # of ten persons
    [("PASS", "G", "0.001;AF_popmax=0.9;AN_popmax=20", 9000), ("PASS", "G", "0.1;AF_popmax=0.3;AN_popmax=5000", 9000)],
])  # fmt: skip
def test_of_an_allele_that_a_population_file_has_twice_the_common_record_counts(tmp_path, records):
    assert frequency(tmp_path, *records) == {"POP_AF": pytest.approx(0.3)}


def test_a_record_of_few_alleles_does_not_replace_one_of_many(tmp_path):
    assert frequency(tmp_path, ("PASS", "G", 0.00002, 9000), ("PASS", "G", 0.3, 20)) == {"POP_AF": pytest.approx(2e-5)}


def test_a_record_that_failed_is_no_evidence_of_a_common_allele(tmp_path):
    assert frequency(tmp_path, ("AC0", "G", 0.3, 5000)) == {"POP_AF_WEAK": pytest.approx(0.3)}


def test_a_tool_that_fails_ends_the_annotation(tmp_path):
    (tmp_path / "genome.fa").write_text(f">chr1\n{'A' * 40}\n")
    pysam.faidx(str(tmp_path / "genome.fa"))
    write_vcf([*HEAD.splitlines(True), "chr1\t10\t.\tA\tG\t.\t.\t.\n"], tmp_path / "case.vcf.gz")
    (tmp_path / "mask.bed").write_text("chr1\tno position\n")
    files = {name: str(tmp_path / file) for name, file in (("vcf", "case.vcf.gz"), ("fasta", "genome.fa"))}
    with looked_up(files, str(tmp_path), tmp_path / "log") as lines:
        assert sum(line.startswith("chr1") for line in lines) == 1
    files["mask"] = str(tmp_path / "mask.bed")
    with pytest.raises(GmsError, match="exit code"), looked_up(files, str(tmp_path), tmp_path / "log") as lines:
        list(lines)
    assert (tmp_path / "log").read_text()
