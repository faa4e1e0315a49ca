"""bcftools reads the gene models and the planted variants as the truth table does."""

import subprocess
import sys
from pathlib import Path

import pytest

from gms.base.json_tables import read_table
from gms.validation.demo_data.__main__ import make_data_set

PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mini")
    make_data_set(folder, share=20)
    return folder


def bcftools(*words: object) -> str:
    return subprocess.run(["bcftools", *map(str, words)], check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def consequences(data):
    """variant -> (consequence, gene, protein change) as bcftools csq reads it."""
    reference = data / "reference"
    vcf = data / "csq.vcf"
    genes = ["-f", reference / "GMSmini.fa", "-g", reference / "genes.gff3.gz"]
    bcftools("csq", "--local-csq", *genes, "-o", vcf, data / "truth" / "truth.vcf.gz")
    lines = bcftools("query", "-f", "%CHROM:%POS:%REF:%ALT\t%BCSQ\n", vcf).splitlines()
    parts = {variant: first(words).split("|") for variant, words in (line.split("\t") for line in lines)}
    return {variant: (p[0], p[1], p[5]) if len(p) > 5 else (p[0], (p + [""])[1], "") for variant, p in parts.items()}


def first(words: str) -> str:
    """The first consequence that says more than that a splice site is near."""
    found = words.split(",")
    return next((word for word in found if not word.startswith("splice_region|")), found[0])


def test_consequences_are_those_of_the_truth(data, consequences):
    for row in read_table(data / "truth" / "truth.tsv"):
        found, gene, _ = consequences[row["variant"]]
        expected = row["consequence"].removesuffix("_variant")
        unread = expected in ("upstream_gene", "non_coding_transcript_exon")  # of genes of an RNA like RMRP
        assert (found, gene) == ((".", "") if unread else (expected, row["gene"])), row


@pytest.mark.parametrize("gene, change", [
    ("BRAF", "600V>600E"), ("KRAS", "12G>12D"), ("JAK2", "617V>617F"), ("IDH2", "140R>140Q"), ("SF3B1", "700K>700E"),
    ("DNMT3A", "882R>882H"), ("TP53", "248R>248W"), ("PIK3CA", "545E>545K"), ("IDH1", "132R>132H"),
    ("EGFR", "745KELREA>745K"), ("PAH", "408R>408W"), ("NPM1", "287LWQWRKSL*>287LCLAVEEVSL"), ("MECP2", "140A>140V"),
])  # fmt: skip
def test_proteins_change_as_a_clinician_expects(consequences, gene, change):
    assert any(found[1:] == (gene, change) for found in consequences.values())


def test_truth_is_left_aligned_on_the_genome(data):
    vcf = data / "truth" / "truth.vcf.gz"
    normalised = bcftools("norm", "-c", "e", "-f", data / "reference" / "GMSmini.fa", vcf)
    lines = [line.split("\t")[:5] for line in bcftools("view", "-H", vcf).splitlines()]
    assert [line.split("\t")[:5] for line in normalised.splitlines() if not line.startswith("#")] == lines


def test_two_runs_give_the_same_files(data, tmp_path):
    make_data_set(tmp_path, share=20, workers=1)
    names = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file())
    assert len(names) > 40
    for name in names:
        assert (tmp_path / name).read_bytes() == (data / name).read_bytes(), name


def test_command_line_says_what_it_needs():
    words = [sys.executable, "-m", "gms.validation.demo_data", "--help"]
    shown = subprocess.run(words, cwd=PROJECT / "scripts", check=True, capture_output=True, text=True).stdout
    assert "synthetic" in shown
