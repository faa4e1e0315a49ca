"""A reanalysis with a newer ClinVar, from the alignments alone, next to reports that stay as they are."""

import gzip
import json
import shutil

import pysam
import pytest

import runs
from gms.base.digests import sha256

CASES = ["rare-trio", "myeloid-shallow"]
UPGRADED, DOWNGRADED = "chr7\t19695\t", "chr12\t5502\t"  # in CFTR, of which the child has one copy, and in PAH


@pytest.fixture(scope="module")
def folder(mini, finished, tmp_path_factory):
    """The results of two cases without their FASTQ files, and a config with a newer ClinVar."""
    folder = runs.subset(mini, tmp_path_factory.mktemp("again") / "data", CASES)
    without = shutil.ignore_patterns("export", "audit*")
    shutil.copytree(finished.results, folder / "results", symlinks=True, ignore=without)
    (folder / "fastq").unlink()
    with gzip.open(folder / "reference" / "clinvar.vcf.gz", "rt") as lines:
        text = "".join(map(newer, lines))
    with pysam.BGZFile(str(folder / "clinvar.vcf.gz"), "wb") as out:
        out.write(text.encode())
    pysam.tabix_index(str(folder / "clinvar.vcf.gz"), preset="vcf")
    config = (folder / "run.yaml").read_text().replace("reference/clinvar.vcf.gz", "clinvar.vcf.gz")
    (folder / "newer.yaml").write_text(config)
    return folder


def newer(line):
    if line.startswith(UPGRADED):
        return line.replace("Uncertain_significance", "Pathogenic")
    return line.replace("CLNSIG=Pathogenic", "CLNSIG=Benign") if line.startswith(DOWNGRADED) else line


def reanalyse(folder, name, config):
    words = ("--as", name, "--configfile", folder / config, "--profile", "local", "--cores", 2)
    return runs.gms("reanalyse", folder / "results", *words)


def test_a_newer_clinvar(folder):
    kept = [path for path in (folder / "results").rglob("*") if path.is_file() and ".snakemake" not in path.parts]
    before = {path: sha256(path) for path in kept}
    done = reanalyse(folder, "2026-12", "newer.yaml")
    assert done.returncode == 0, done.stdout
    assert {path: sha256(path) for path in kept} == before
    after = folder / "results" / "reanalysis" / "2026-12"
    rows = [line.split("\t") for line in (after / "changes" / "changes.tsv").read_text().splitlines()]
    assert {(row[0], row[2], row[3]): row[7] for row in rows[1:]} == {
        ("rare-trio", "new", "CFTR"): "now pathogenic in ClinVar",
        ("rare-trio", "changed", "PAH"): "no longer pathogenic in ClinVar",
    }
    page = (after / "changes" / "rare-trio.html").read_text()
    assert page.index("now pathogenic in ClinVar") < page.index("no longer pathogenic") and "NoInheritanceModel" in page
    assert (after / "logs" / "annotate_variants").exists()
    assert not any((after / "logs" / rule).exists() for rule in ("align_reads", "call_freebayes", "sample_qc"))


def test_the_same_knowledge_makes_nothing_again(folder):
    done = reanalyse(folder, "same", "run.yaml")
    assert done.returncode == 0, done.stdout
    assert "Nothing to be made again" in done.stdout
    after = folder / "results" / "reanalysis" / "same"
    assert not (after / "report").exists()
    assert (after / "changes" / "index.html").read_text().count("not remade") == len(CASES)
    assert json.loads((after / "reanalysis.json").read_text())["name"] == "same"
