"""gms why for the classes besides small variants: each spelling of a record finds it, and pairs cross classes."""

import random
import subprocess

import pysam
import pytest
import yaml

from gms.explain.spellings import NotOfReference
from gms.explain.variant import explain
from gms.inputs.load_run import read_run

SEQUENCE = "".join(
    "C" if pos in (98, 100, 300, 700) else base
    for pos, base in enumerate(random.Random(1).choices("ACGT", k=1000), start=1)
)
COMPOUND = "MODES=compound;INHERITANCE=compound;ORIGIN=maternal,paternal"
DELETION = f"END=500;HGVSG=chr1:g.101_500del;GENE=FXN;IMPACT=HIGH;MAPQ=60;MAPQ0=0;DEPTH_RATIO=0.5;{COMPOUND}"
READS = "GT:AD:DP:GQ:AF:SR\t0/1:15,15:30:60:0.5:9"
BASES = SEQUENCE[19], "T" if SEQUENCE[19] != "T" else "G"
STRUCTURAL = [
    f"chr1\t100\tDEL.chr1.100.chr1.500.3\tC\t<DEL>\t60\t.\t{DELETION}\t{READS}",
    f"chr1\t300\tBND.1\tC\tC[chr1:800[\t60\t.\tFUSION=BCR::ABL1\t{READS}",
]
REPEATS = [
    f"chr1\t700\t.\tC\t<STR>,<STR9>\t.\t.\tEND=720;REPID=FXN_1;GENE=FXN;STR_STATUS=full_mutation;{COMPOUND}"
    ";LABELS=carrier_of_recessive\tGT:STATUS:REPCI\t1/2:full_mutation/normal:60-./9-9"
]
CHANGE = "chrM\t20\t.\t{}\t{}\t60\t.\tGENE=MT-TL1;HGVSP=p.Arg9Cys\tGT:DP:AF\t0/1:2000:0.04".format(*BASES)
NUMT = "chrM\t30\t.\tA\tG\t60\t.\tNUMT=0.0312;CLNSIG=Pathogenic\tGT:DP:AF:AFCI\t0/1:2000:0.015:0.01,0.02"
MITOCHONDRIAL = [
    "chrM\t20\t.\t{}\t{}\t60\t.\tGENE=MT-TL1;HGVSP=p.Arg9Cys\tGT:DP:AF\t0/1:2000:0.04".format(*BASES),
    NUMT,
]


def write(path, records):
    columns = ["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", "P1"]
    head = ["##fileformat=VCFv4.3", "##contig=<ID=chr1,length=1000>", "##contig=<ID=chrM,length=1000>"]
    head += ["##gms_parts=genes,family,clinvar", "\t".join(columns)]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_suffix("").write_text("\n".join([*head, *records]) + "\n")
    subprocess.run(["bgzip", "-f", str(path.with_suffix(""))], check=True)
    subprocess.run(["tabix", "-p", "vcf", str(path)], check=True)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("why")
    (folder / "g.fa").write_text(f">chr1\n{SEQUENCE}\n>chrM\n{SEQUENCE}\n")
    pysam.faidx(str(folder / "g.fa"))
    sheet = {"case": "C1", "sample": "P1", "role": "proband", "assay": "wgs_rare", "sex": "female", "affected": "yes"}
    sheet |= {"fastq_1": "a_1.fastq.gz", "fastq_2": "a_2.fastq.gz"}
    (folder / "samples.tsv").write_text("\n".join(map("\t".join, (sheet, sheet.values()))) + "\n")
    config = {"samples": "samples.tsv", "results": "results", "reference": {"name": "g", "fasta": "g.fa"}}
    (folder / "run.yaml").write_text(yaml.safe_dump(config))
    annotated = folder / "results" / "annotated"
    write(annotated / "C1.vcf.gz", [])
    for name, records in {"structural": STRUCTURAL, "repeats": REPEATS, "mitochondrial": MITOCHONDRIAL}.items():
        write(annotated / name / "C1.vcf.gz", records)
    return read_run(folder / "run.yaml")


def answer(run, asked):
    return "\n".join(explain(run, "C1", asked))


@pytest.mark.parametrize(("asked", "record"), [
    ("chr1:100:C:<DEL>", "chr1:100:C:<DEL>"),
    ("1-100-C-<del>", "chr1:100:C:<DEL>"),
    ("DEL.chr1.100.chr1.500.3", "chr1:100:C:<DEL>"),
    ("chr1:g.101_500del", "chr1:100:C:<DEL>"),
    ("chr1:300:C:C[1:800[", "chr1:300:C:C[chr1:800["),
    ("BCR::ABL1", "chr1:300:C:C[chr1:800["),
    ("chr1:700:C:<STR>", "chr1:700:C:<STR>,<STR9>"),
    ("chr1:700:C:<STR>,<STR9>", "chr1:700:C:<STR>,<STR9>"),
    ("FXN_1", "chr1:700:C:<STR>,<STR9>"),
    ("fxn", "chr1:700:C:<STR>,<STR9>"),
    ("MT:20:{}:{}".format(*BASES), "chrM:20:{}:{}".format(*BASES)),
    ("MT-TL1:p.Arg9Cys", "chrM:20:{}:{}".format(*BASES)),
    ("MT-TL1", "chrM:20:{}:{}".format(*BASES)),
])  # fmt: skip
def test_each_spelling_of_a_record(run, asked, record):
    text = answer(run, asked)
    assert f"  {record}  " in text and ": 1 record (policy wgs_rare_" in text and "Nobody called it" not in text


def test_partners_of_another_class(run):
    text = answer(run, "chr1:700:C:<STR>")
    assert "phase unknown with: chr1:100:C:<DEL>" in text and "notes:" not in text
    assert "chr1:700:C:<STR>" in answer(run, "chr1:100:C:<DEL>").partition("phase unknown with:")[2]


@pytest.mark.parametrize("asked", ["chr1:98:C:<DEL>", "chr1:g.103_502del"])
def test_events_near_by_are_named_where_none_is_meant(run, asked):
    text = answer(run, asked)
    assert "structural: 1 record within 50 bases" in text and "chr1:100:C:<DEL>" in text


def test_what_speaks_against_a_rescued_allele_is_named_with_its_limit(run):
    text = answer(run, "chrM:30")
    assert "PASS (rescued by ClinVar from PossibleNumt)" in text
    assert "would look the same at this depth of both genomes. [vaf = 0.015, numt = 0.0312]" in text


@pytest.mark.parametrize("asked", ["chr1:100:A:<DEL>", "chr1:300:AA:A[chr1:800["])
def test_a_symbolic_allele_with_another_ref_is_refused(run, asked):
    with pytest.raises(NotOfReference, match="not A+; another assembly"):
        answer(run, asked)


def test_n_stands_for_any_base_of_a_symbolic_allele(run):
    assert "  chr1:100:C:<DEL>  " in answer(run, "chr1:100:N:<DEL>")


def test_a_name_that_no_record_has(run):
    assert "No record of this case has the ID or fusion NPM1::ALK" in answer(run, "NPM1::ALK")
