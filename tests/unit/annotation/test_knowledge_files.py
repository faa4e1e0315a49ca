"""Fields of knowledge files, what a frequency is worth, and alleles that a file spells in another way."""

import os
import subprocess

import pytest

from gms.annotation.annotate import Population, population_fields
from gms.annotation.commands import VCF_PARTS, defined_fields, knowledge_commands, near_alleles
from gms.annotation.knowledge_files import Frequency, columns_of, frequencies_of
from gms.genome.vcf import info, write_vcf

GNOMAD = {"AC", "AN", "AF", "AF_grpmax", "AN_grpmax", "fafmax_faf95_max"}


@pytest.mark.parametrize("defined, expected", [
    (GNOMAD, [("fafmax_faf95_max", "AN"), ("AF_grpmax", "AN_grpmax"), ("AF", "AN")]),
    ({"AF_popmax", "AF", "AN"}, [("AF_popmax", "AN"), ("AF", "AN")]),
    ({"AF"}, [("AF", None)]),
    ({"AF_joint", "AN_joint"}, [("AF_joint", "AN_joint")]),
    ({"AC"}, []),
    ({"AF", "AC"}, [("AF", "AC")]),
    ({"AF_grpmax", "AF", "AC"}, [("AF_grpmax", None), ("AF", "AC")]),
])  # fmt: skip
def test_frequencies_from_the_most_to_the_least_cautious(defined, expected):
    assert list(frequencies_of(defined)) == expected


def test_columns_are_those_that_a_file_has():
    assert columns_of("clinvar", {"CLNSIG", "ONC"}) == "INFO/CLNSIG,INFO/ONC,INFO/CLINVAR_ID:=ID"
    assert columns_of("normals", {"PON_COUNT"}) == "INFO/PON_COUNT"
    assert columns_of("normals", {"PON_COUNT", "PON_CALLERS"}) == "INFO/PON_COUNT,INFO/PON_CALLERS"


@pytest.mark.parametrize("frequencies, state, expected", [
    ([("0.5", "9000")], "PASS", "POP_AF=0.5;POP_AN=9000;POP_FIELD=AF"),
    ([("0.5", "2000")], None, "POP_AF=0.5;POP_AN=2000;POP_FIELD=AF"),
    ([("0.5", None)], None, "POP_AF=0.5;POP_FIELD=AF"),  # a file without numbers of alleles
    ([("0.5", "1999")], None, "POP_AF_WEAK=0.5;POP_AN=1999;POP_STATE=weak;POP_FIELD=AF"),
    ([("0.5", "9000")], "AC0", "POP_AF_WEAK=0.5;POP_AN=9000;POP_STATE=weak;POP_FIELD=AF"),
    ([(".", ".")], "PASS", ""),
    ([("0.3", "90000"), ("0.31", "4000")], "PASS", "POP_AF=0.31;POP_AN=4000;POP_FIELD=AF_grpmax"),
    ([("0.3", "90000"), (".", ".")], "PASS", "POP_AF=0.3;POP_AN=90000;POP_FIELD=AF"),  # in no group
    ([("0.3", "90000"), ("0.31", "1200")], "PASS", "POP_AF=0.3;POP_AN=90000;POP_FIELD=AF"),  # a small group
    ([("0.3", "900"), ("0.31", "120")], "PASS", "POP_AF_WEAK=0.31;POP_AN=120;POP_STATE=weak;POP_FIELD=AF_grpmax"),
])  # fmt: skip
def test_the_most_cautious_frequency_with_evidence_counts(frequencies, state, expected):
    known = [Frequency("AF", "AN"), Frequency("AF_grpmax", "AN_grpmax")][: len(frequencies)][::-1]
    taken = ["RPT=0"]
    for number, (frequency, alleles) in enumerate(reversed(frequencies)):
        taken += [f"POP_CANDIDATE_{number}={frequency}", *([f"POP_ALLELES_{number}={alleles}"] if alleles else [])]
    rest = ["RPT=0", *([f"POP_FILTER={state}"] if state else [])]
    found = population_fields("1", ";".join([*taken, *rest[1:]]), Population(tuple(known), frozenset("1")))
    assert found == ";".join([*rest, *([expected] if expected else [])])
    assert population_fields("1", "RPT=0", Population(tuple(known), frozenset("1"))) == "RPT=0"


@pytest.mark.parametrize("frequency, carried, expected", [
    ("0.5", "1", "POP_AF_WEAK=0.5;POP_AN=2;POP_STATE=weak;POP_FIELD=AF"),
    ("0.03", "900", "POP_AF=0.03;POP_AN=30000;POP_FIELD=AF"),
    ("0", "0", "POP_AF=0;POP_FIELD=AF"),
    ("0.03", ".", "POP_AF=0.03;POP_FIELD=AF"),
])  # fmt: skip
def test_carried_alleles_and_frequency_give_the_number_of_alleles(frequency, carried, expected):
    info = f"RPT=0;POP_CANDIDATE_0={frequency};POP_ALLELES_0={carried}"
    assert population_fields("1", info, Population((Frequency("AF", "AC"),), frozenset("1"))) == f"RPT=0;{expected}"


def test_a_contig_that_the_file_lacks_is_not_a_frequency_of_zero():
    assert population_fields("X", "RPT=0", Population((), frozenset("1"))) == "RPT=0;POP_STATE=no_contig"
    assert population_fields("X", "RPT=0", None) == "RPT=0"


GENOME = "GATGACGATTGCTCTCTCTAGGTCAGTC"  # a repeat of CT at 12-19
ALLELES = {"snv": (5, "A", "G"), "deletion": (11, "GCT", "G"), "insertion": (11, "G", "GCT"), "last": (21, "G", "C")}
FIELDS = {"AF": "A,Type=Float", "CLNSIG": ".,Type=String", "PON_COUNT": "A,Type=Integer"}
SPELLED = {  # as ExAC, HGVS (right-most) and padded lists write these alleles
    "population": ["5\t.\tAC\tGC,A\t.\t.\tAF=0.31,0.0002", "11\t.\tGCTC\tGC,GCTCTC\t.\t.\tAF=0.1,0.2"],
    "whitelist": ["17\t.\tTCT\tT\t.\t.\t."],
    "clinvar": ["19\t.\tT\tTCT\t.\t.\tCLNSIG=Pathogenic"],
    "normals": ["20\t.\tAGG\tACG\t.\t.\tPON_COUNT=5"],
}


@pytest.fixture(scope="module")
def known_alleles(tmp_path_factory):
    """INFO of each of ALLELES after it was looked up in the files of SPELLED, for a sample that carries them all."""
    work = tmp_path_factory.mktemp("spelled")
    (work / "genome.fa").write_text(f">1\n{GENOME}\n")
    head = ["##fileformat=VCFv4.2\n", f"##contig=<ID=1,length={len(GENOME)}>\n"]
    head += [f'##INFO=<ID={name},Number={kind},Description="x">\n' for name, kind in FIELDS.items()]
    columns = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"
    carried = [f"1\t{pos}\t.\t{ref}\t{alt}\t60\t.\t.\n" for pos, ref, alt in ALLELES.values()]
    write_vcf([*head, f"{columns}\n", *carried], work / "case.vcf.gz")
    (work / "near.bed").write_text("".join(near_alleles(carried, "1")))
    for part, records in SPELLED.items():
        write_vcf([*head, f"{columns}\n", *(f"1\t{record}\n" for record in records)], work / f"{part}.vcf.gz")
    files = {"fasta": str(work / "genome.fa"), "vcf": str(work / "case.vcf.gz")}
    files |= {part: str(work / f"{part}.vcf.gz") for part in VCF_PARTS}
    command = f"set -euo pipefail; {knowledge_commands(files, defined_fields(files))}"
    done = subprocess.run(["bash", "-c", command], env=os.environ | {"work": str(work)}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    records = [line.split("\t") for line in done.stdout.splitlines() if not line.startswith("#")]
    return {(int(record[1]), record[3], record[4]): info(record[7]) for record in records}


@pytest.mark.parametrize("allele, field, value", [
    ("snv", "POP_CANDIDATE_0", "0.31"),
    ("deletion", "POP_CANDIDATE_0", "0.1"),
    ("deletion", "WHITELIST", ""),
    ("insertion", "POP_CANDIDATE_0", "0.2"),
    ("insertion", "CLNSIG", "Pathogenic"),
    ("last", "PON_COUNT", "5"),
])  # fmt: skip
def test_an_allele_is_found_however_a_file_spells_it(known_alleles, allele, field, value):
    assert known_alleles[ALLELES[allele]][field] == value


def test_an_allele_gets_nothing_of_its_neighbours(known_alleles):
    assert not {"WHITELIST", "CLNSIG"} & {*known_alleles[ALLELES["snv"]]}
    assert "WHITELIST" not in known_alleles[ALLELES["insertion"]] and "CLNSIG" not in known_alleles[ALLELES["deletion"]]


def test_a_record_that_failed_several_filters_keeps_all_in_one_field():
    """As gnomAD has them; what follows them is not theirs."""
    population = Population((Frequency("AF", "AN"),), frozenset("1"), frozenset(["AC0", "AS_VQSR"]))
    info = "RPT=0;POP_CANDIDATE_0=0.3;POP_ALLELES_0=9000;POP_FILTER=AC0;AS_VQSR;MASK;CLNSIG=Benign"
    expected = "RPT=0;POP_FILTER=AC0,AS_VQSR;MASK;CLNSIG=Benign;POP_AF_WEAK=0.3;POP_AN=9000;POP_STATE=weak;POP_FIELD=AF"
    assert population_fields("1", info, population) == expected
