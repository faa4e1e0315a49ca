"""A reanalysis with a newer ClinVar, from alignments or from calls of another workflow, next to reports that stay."""

import gzip
import json
import re
import shutil

import pysam
import pytest

import runs
from gms.base.digests import sha256
from gms.base.json_tables import read_json, read_table
from gms.base.results import named

EXPORT = re.compile(r"sharing:|export:|  folder:")
CASES = ["rare-trio", "myeloid-shallow"]
UPGRADED, DOWNGRADED = "chr7\t19695\t", "chr12\t5502\t"  # in CFTR, of which the child has one copy, and in PAH


@pytest.fixture(scope="module")
def folder(mini, finished, tmp_path_factory):
    """The results of two cases without their FASTQ files, and a config with a newer ClinVar."""
    folder = runs.subset(mini, tmp_path_factory.mktemp("again") / "data", CASES)
    without = shutil.ignore_patterns("export", "audit*")
    shutil.copytree(finished.results, folder / "results", symlinks=True, ignore=without)
    (folder / "fastq").unlink()
    write_newer_config(folder)
    return folder


def write_newer_config(folder):
    """newer.yaml, which is run.yaml with a newer ClinVar."""
    with gzip.open(folder / "reference" / "clinvar.vcf.gz", "rt") as lines:
        text = "".join(map(newer, lines))
    with pysam.BGZFile(str(folder / "clinvar.vcf.gz"), "wb") as out:
        out.write(text.encode())
    pysam.tabix_index(str(folder / "clinvar.vcf.gz"), preset="vcf")
    config = (folder / "run.yaml").read_text().replace("reference/clinvar.vcf.gz", "clinvar.vcf.gz")
    (folder / "newer.yaml").write_text(config)


def newer(line):
    if line.startswith(UPGRADED):
        return line.replace("Uncertain_significance", "Pathogenic")
    return line.replace("CLNSIG=Pathogenic", "CLNSIG=Benign") if line.startswith(DOWNGRADED) else line


def reanalyse(folder, name, config):
    words = ("--as", name, "--configfile", folder / config, "--profile", "local", "--cores", 2)
    return runs.gms("reanalyse", folder / "results", *words)


def changes(after):
    """(case, kind of change, gene) -> why, of a reanalysis."""
    rows = [line.split("\t") for line in (after / "changes" / "changes.tsv").read_text().splitlines()]
    return {(row[0], row[2], row[3]): row[7] for row in rows[1:]}


def test_a_newer_clinvar(folder):
    kept = [path for path in (folder / "results").rglob("*") if path.is_file() and ".snakemake" not in path.parts]
    before = {path: sha256(path) for path in kept}
    done = reanalyse(folder, "2026-12", "newer.yaml")
    assert done.returncode == 0, done.stdout
    assert {path: sha256(path) for path in kept} == before
    after = folder / "results" / "reanalysis" / "2026-12"
    assert changes(after) == {
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


@pytest.fixture(scope="module")
def from_calls(finished, mini, tmp_path_factory):
    """A family and a tumour that start from the calls of the finished run, with their trial; finished."""
    cases = ["rare-trio", "solid-ffpe"]
    folder = runs.subset(mini, tmp_path_factory.mktemp("calls") / "data", cases)
    (folder / "trials").symlink_to(mini / "trials")
    trials = "trials: {definitions: [trials], clinical: clinical.tsv}\n"
    shutil.copyfile(mini / "clinical.tsv", folder / "clinical.tsv")
    config = [line for line in (folder / "run.yaml").read_text().splitlines(True) if not EXPORT.match(line)]
    (folder / "run.yaml").write_text("".join(config) + trials)
    kept = ("case", "sample", "role", "assay", "sex", "affected", "purity")
    for case in cases:
        shutil.copyfile(finished.results / named("merged").at(case=case), folder / f"{case}.vcf.gz")
    rows = {row["sample"]: row for row in read_table(folder / "samples.tsv")}  # one of each sample's lanes
    rows = [{key: row[key] for key in kept} | {"vcf": f"{row['case']}.vcf.gz"} for row in rows.values()]
    runs.write_sheet(folder / "samples.tsv", rows)
    write_newer_config(folder)
    done = runs.run(folder)
    assert done.returncode in (0, 3), done.stdout
    return folder


def test_a_newer_clinvar_for_calls_of_another_workflow(from_calls):
    done = reanalyse(from_calls, "2026-12", "newer.yaml")
    assert done.returncode in (0, 3), done.stdout
    assert changes(from_calls / "results" / "reanalysis" / "2026-12") == {
        ("rare-trio", "new", "CFTR"): "now pathogenic in ClinVar",
        ("rare-trio", "changed", "PAH"): "no longer pathogenic in ClinVar",
    }


def test_trials_for_calls_of_another_workflow(from_calls):
    """A variant that makes eligible does so; what only coverage shows, the wild type, is unknown."""
    document = read_json(from_calls / "results" / named("trials").at(case="solid-ffpe"))
    states = {arm["cohort"]: arm["state"] for arm in document["arms"]}
    assert states == {"braf-v600": "eligible", "kras-wild-type": "not_eligible", "nras-wild-type": "unknown"}
