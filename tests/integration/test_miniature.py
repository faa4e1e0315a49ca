"""The miniature data set from FASTQ to package, compared with what was planted in it (demo_data/planted.tsv)."""

import gzip
import hashlib
import json
import shutil
import subprocess
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import pytest

import runs
import vcf_format
from gms.base.json_tables import read_json, read_table
from gms.commands import demo
from gms.validation.demo_data import plasma
from gms.validation.demo_data.cases import CASES
from gms.validation.demo_data.measures import measured

NAMES = [case.name for case in CASES]
EXPORTED = ["myeloid-deep", "pair-somatic", "rare-trio", "solid-ffpe"]
REFUSED = {
    "rare-duo": ["no consent to study mini-study is recorded"],
    "solid-clean": ["control sample", "withdrawn"],
    "myeloid-shallow": ["quality control"],
    "ctdna-control": ["control sample"],
}
RESOURCES = {"src", "srcset", "poster", "data", "background"}


@pytest.fixture(scope="module")
def truth(finished):
    """case -> rows of truth.tsv."""
    rows = read_table(finished.folder / "truth" / "truth.tsv")
    return {name: [row for row in rows if row["case"] == name] for name in NAMES}


def filtered(finished, case):
    found = runs.records(finished.results / "filtered" / f"{case}.vcf.gz")
    return {runs.variant(record): record for record in found}


def reported(finished, case):
    return runs.records(finished.results / "reported" / f"{case}.vcf.gz")


def disagreement(row, record):
    """What of a planted variant is not as the truth says, in words; empty where all is."""
    flags = set(row["filters"].split(",")) - {""}
    found = set(record[6].split(";")) if record else set()
    if row["expected"] != "reported":
        needed = row["expected"] == "filtered"
        wrong = "PASS" in found or not flags <= (found or (set() if needed else flags))
        return f"has {found or 'no record'}" if wrong or (needed and not record) else ""
    if found != {"PASS"}:
        return f"has {found or 'no record'} instead of PASS"
    info = runs.info(record)
    wanted = {"SECTION": row["section"], "GENE": row["gene"], "RESCUED": row["rescued_by"] or None}
    wrong = [f"{key} is {info.get(key)}" for key, value in wanted.items() if info.get(key) != value]
    if row["rescued_by"] and not flags <= set(info.get("RESCUED_FROM", "").split(",")):
        wrong.append(f"RESCUED_FROM is {info.get('RESCUED_FROM')}")
    if row["consequence"] not in info.get("CONSEQUENCE", ""):
        wrong.append(f"CONSEQUENCE is {info.get('CONSEQUENCE')}, not {row['consequence']}")
    return "; ".join(wrong)


def test_the_data_set_is_small(mini):
    """At most 80 MB, two thirds of it reads of twelve samples and a plate."""
    files = [path for path in mini.rglob("*") if path.is_file() and mini / "results" not in path.parents]
    assert sum(path.stat().st_size for path in files) <= 80e6


@pytest.mark.parametrize("case", NAMES)
def test_every_planted_variant_ends_as_planned(finished, truth, case):
    found = filtered(finished, case)
    said = {f"{row['gene']} {row['variant']}": disagreement(row, found.get(row["variant"])) for row in truth[case]}
    assert {name: words for name, words in said.items() if words} == {}


@pytest.mark.parametrize("case", NAMES)
def test_nothing_else_is_reported(finished, truth, case):
    planted = {row["variant"] for row in truth[case] if row["expected"] == "reported"}
    assert {runs.variant(record) for record in reported(finished, case)} == planted


@pytest.mark.parametrize("case", NAMES)
def test_reported_are_the_records_that_pass(finished, case):
    passed = [record for record in filtered(finished, case).values() if record[6] == "PASS"]
    assert reported(finished, case) == passed


def test_planted_variants_of_other_classes_are_reported_and_no_others(finished):
    """Structural variants, fusions, copy number, repeats, the mitochondrion."""
    rows = read_table(finished.folder / "truth" / "classes.tsv")
    assert [row for row in rows if not demo.is_class_as_planned(row, finished.results)] == []
    planted = {(row["class"], row["case"], row["variant"]) for row in rows}
    files = list(finished.results.glob("reported/*/*.vcf.gz"))
    found = {(p.parent.name, p.name.split(".")[0], runs.variant(record)) for p in files for record in runs.records(p)}
    assert found == planted and len({name for name, *_ in found}) == 4


def test_a_variant_of_another_class_that_is_missing_is_told(finished, tmp_path):
    results = tmp_path / "results"
    shutil.copytree(finished.folder / "truth", tmp_path / "truth")
    for part in ("qc", "report", "filtered", "reported"):
        shutil.copytree(finished.results / part, results / part)
    assert demo.summary(tmp_path)[1]
    without_first_record(results / "reported" / "structural" / "myeloid-deep.vcf.gz")
    lines, as_planned = demo.summary(tmp_path)
    assert not as_planned
    [told] = [line for line in lines if "not as planned" in line]
    assert told.split()[0] == "myeloid-deep" and "0 of 1 structural; not as planned: structural chr9:" in told


def without_first_record(vcf):
    lines = runs.read_text(vcf).splitlines(keepends=True)
    first = next(number for number, line in enumerate(lines) if not line.startswith("#"))
    vcf.write_bytes(gzip.compress("".join(lines[:first] + lines[first + 1 :]).encode()))


def test_every_vcf_of_the_results_is_vcf_4_3(finished):
    paths = sorted(finished.results.rglob("*.vcf.gz"))
    wrong = []
    for path in paths:
        with gzip.open(path, "rt") as lines:
            wrong += [f"{path.relative_to(finished.results)}: {words}" for words in vcf_format.problems(lines)]
    assert len(paths) > 50 and wrong == []


def test_counts_are_near_what_was_planted(finished, truth):
    """Fractions within three standard deviations of sampling; germline genotypes exactly."""
    wrong = []
    for case, rows in truth.items():
        found = filtered(finished, case)
        for row in (row for row in rows if row["expected"] == "reported"):
            record = found[row["variant"]]
            index = dict(zip(record[8].split(":"), record[9].split(":"), strict=True))
            if row["zygosity_or_vaf"][0].isdigit():
                planted = float(row["zygosity_or_vaf"])
                error = (planted * (1 - planted) / int(index["DP"])) ** 0.5
                near = abs(float(index["AF"]) - planted) <= 3 * error
            else:
                expected = {"heterozygous": ("0/1",), "hemizygous": ("1",), "homozygous": ("1/1",)}
                near = index["GT"] in expected[row["zygosity_or_vaf"]]
            wrong += [] if near else [(case, row["gene"], row["zygosity_or_vaf"], index)]
    assert wrong == []


def test_pairs_of_a_tumor_are_in_cis_and_in_trans_as_planted(finished, truth):
    document = json.loads((finished.results / "report" / "myeloid-deep.json").read_text())
    found = {f["variants"][0]: [one["state"] for one in f["phase"]] for f in document["findings"]}
    kinds = {row["gene"]: found[row["variant"]] for row in truth["myeloid-deep"] if row["variant"] in found}
    assert (kinds["JAK2"], kinds["DNMT3A"]) == (["in_cis"], ["in_trans"])


def test_an_allele_that_is_enriched_over_the_normal_is_shown(finished, truth):
    document = json.loads((finished.results / "report" / "pair-somatic.json").read_text())
    found = {f["variants"][0] for f in document["findings"] if f["section"] == "in_normal"}
    [enriched] = [row["variant"] for row in truth["pair-somatic"] if "more than twice" in row["note"]]
    assert enriched in found


def test_verdicts_are_as_planned(finished):
    planned = {row["case"]: row["verdict"] for row in read_table(finished.folder / "truth" / "cases.tsv")}
    assert {name: runs.verdict(finished.results, name) for name in NAMES} == planned


def test_measures_are_as_planned(finished):
    """Microsatellites, molecules, pairs in trans, and the variants that a control must show."""
    rows = read_table(finished.folder / "truth" / "measures.tsv")
    documents = {row["case"]: read_json(finished.results / "report" / f"{row['case']}.json") for row in rows}
    found = [row | {"value": measured(documents[row["case"]]).get(row["measure"])} for row in rows]
    assert len(rows) == 10 and found == rows


MIXED = {"chrM:701:C:T"}  # in part of the molecules; the other planted allele of the mitochondrion is in all


def test_reads_are_drawn_at_every_reported_variant(finished, truth):
    wrong = []
    for case, rows in truth.items():
        views = read_json(finished.results / "report" / f"{case}.json")["read_views"]
        planted = {row["variant"] for row in rows if row["expected"] == "reported"}
        planted |= MIXED if case == "rare-trio" else set()
        wrong += [] if views.keys() == planted else [case]
        wrong += [(case, name) for name, view in views.items() if not view["samples"][0]["showing"]]
    assert wrong == []


def test_reads_are_drawn_at_the_ends_of_every_large_variant(finished):
    """Of structural variants, deletions of the mitochondrion and repeats."""
    planted = {}
    for row in read_table(finished.folder / "truth" / "classes.tsv"):
        if row["class"] != "copy_number" and set("<[]") & set(row["variant"]):
            planted.setdefault(row["case"], set()).add(row["variant"])
    for case, variants in planted.items():
        views = read_json(finished.results / "report" / f"{case}.json")["end_views"]
        assert views.keys() == variants
        assert all(any(end["samples"][0]["showing"] for end in ends) for ends in views.values())
    assert planted.keys() == {"rare-trio", "myeloid-deep"}


def test_the_family_is_a_family(finished):
    metrics = json.loads((finished.results / "qc" / "rare-trio.case.json").read_text())["metrics"]
    shared = {role: metrics[f"parent_child_{role}_concordance"] for role in ("mother", "father")}
    assert min(shared.values()) > 0.99, shared
    pairs = {name: value for name, value in metrics.items() if name.startswith("kinship_")}
    related = [value for name, value in pairs.items() if "proband" in name]
    assert len(related) == 2 and all(0.15 < value < 0.35 for value in related), pairs
    assert all(value < 0.1 for name, value in pairs.items() if "proband" not in name), pairs


def test_tumor_and_normal_are_of_one_person(finished):
    metrics = json.loads((finished.results / "qc" / "pair-somatic.case.json").read_text())["metrics"]
    assert metrics["tumor_normal_concordance"] > 0.95


def test_sex_is_as_registered(finished):
    """Genomes tell the sex; a panel may say unknown, but nothing wrong."""
    wrong = {}
    for row in read_table(finished.folder / "samples.tsv"):
        metrics = json.loads((finished.results / "qc" / f"{row['sample']}.qc.json").read_text())["metrics"]
        allowed = {row["sex"]} if row["assay"].startswith("wgs") else {row["sex"], "unknown"}
        if metrics["sex_inferred"] not in allowed:
            wrong[row["sample"]] = metrics["sex_inferred"]
    assert wrong == {}


@pytest.mark.parametrize("case", EXPORTED)
def test_a_shared_case_has_a_package_that_verifies(finished, case):
    package = finished.results / "export" / "folder" / case
    decision = json.loads(package.with_suffix(".json").read_text())
    assert (decision["decision"], decision["reasons"]) == ("shared", [])
    assert decision["manifest_sha256"] == hashlib.sha256((package / "manifest.json").read_bytes()).hexdigest()
    done = runs.gms("verify", package, "--sender-key", finished.folder / "keys" / "centre.signing.pub.pem")
    assert done.returncode == 0 and "verifies" in done.stdout, done.stdout


@pytest.mark.parametrize("case", REFUSED)
def test_a_refused_case_has_no_package_and_says_why(finished, case):
    folder = finished.results / "export" / "folder"
    decision = json.loads((folder / f"{case}.json").read_text())
    pairs = zip(REFUSED[case], decision["reasons"], strict=True)
    assert decision["decision"] == "refused" and all(word in reason for word, reason in pairs), decision
    assert not (folder / case).exists()


class Loads(HTMLParser):
    """Collects what a page would load from elsewhere."""

    def __init__(self):
        super().__init__()
        self.found, self.tags = [], set()

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        for name, value in attributes:
            loads = name in RESOURCES or (tag in ("link", "image", "use") and name.endswith("href"))
            if loads and not (value or "").startswith(("data:", "#")):
                self.found.append((tag, name, value))


@pytest.mark.parametrize("case", NAMES)
def test_a_report_loads_nothing(finished, truth, case):
    text = (finished.results / "report" / f"{case}.html").read_text()
    page = Loads()
    page.feed(text)
    assert page.found == []
    assert "script" not in page.tags and "@import" not in text and "url(http" not in text
    assert case in text
    assert [row["gene"] for row in truth[case] if row["expected"] == "reported" and row["gene"] not in text] == []


def test_the_overview_of_all_samples_is_there(finished):
    text = (finished.results / "report" / "multiqc.html").read_text()
    assert [row["sample"] for row in read_table(finished.folder / "samples.tsv") if row["sample"] not in text] == []


def test_the_record_of_the_run_names_what_it_rests_on(finished):
    record = json.loads((finished.results / "run.json").read_text())
    assert record["gmc"] == "local"
    assert set(record["assays"]) == {plasma.ASSAY, *(case.assay for case in CASES)}
    policies = [facts["policy"] for name, facts in record["assays"].items() if name != plasma.ASSAY]
    assert all(policy["version"] and policy["sha256"] for policy in policies)
    tools = ("bwa", "samtools", "bcftools", "freebayes", "snakemake")
    assert [name for name in tools if not record["tools"][name]] == []


def test_the_last_lines_name_each_case_with_its_status_and_report(finished):
    lines = [line.split() for line in finished.output.splitlines() if ".html" in line]
    told = [[c.name, runs.verdict(finished.results, c.name), f"{finished.results}/report/{c.name}.html"] for c in CASES]
    followed = [plasma.PATIENT, "followed", f"{finished.results}/residual_disease/{plasma.PATIENT}.html"]
    assert lines == [*told, followed]


def test_trials_and_plasma_end_as_planned(finished):
    lines, as_planned = demo.trials_summary(finished.folder)
    assert as_planned and len(lines) == 9, lines
    arms = json.loads((finished.results / "trials" / "solid-ffpe.json").read_text())["arms"]
    assert [arm["needs"] for arm in arms if arm["state"] == "unknown"] == [["a test that covers NRAS exon 3"]]


def test_the_user_saw_progress_and_the_end(finished):
    assert f"results are in {finished.results}" in finished.output.splitlines()[-1]
    assert not runs.looks_like_a_traceback(finished.output)


def test_a_second_run_does_nothing(finished):
    again = runs.run(finished.folder)
    assert again.returncode == 0
    assert again.stdout.splitlines()[-1].startswith("Nothing to be done"), again.stdout


def test_failed_quality_control_has_an_exit_code_where_it_is_asked_for(finished):
    assert runs.run(finished.folder, "--fail-on-qc").returncode == 3  # one of its cases fails, on purpose


def test_the_plain_command_that_is_printed_works(finished):
    command = f"{finished.output.splitlines()[0]} --dry-run"
    said = subprocess.run(["bash", "-c", command], cwd=runs.PROJECT, capture_output=True, text=True)
    assert said.returncode == 0 and "Nothing to be done" in said.stderr + said.stdout, said


def test_the_report_of_snakemake_holds_pages_tables_and_quality(finished, tmp_path):
    done = runs.run(finished.folder, "--report", tmp_path / "report.zip")
    assert done.returncode == 0, done.stdout
    with zipfile.ZipFile(tmp_path / "report.zip") as archive:
        names = {Path(name).name for name in archive.namelist()}
        page = next(archive.read(name).decode() for name in archive.namelist() if name.endswith("/report.html"))
    assert {"rare-trio.html", "rare-trio.tsv", "multiqc.html", "samples.tsv", "gates.tsv", "run.json"} <= names
    assert "Findings of case" in page  # a caption
