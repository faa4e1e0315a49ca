import dataclasses
import itertools
import json
import os
import shutil
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from gms.base.errors import Problems
from gms.base.problems import Findings
from gms.base.schemas import SCHEMAS, compiled, load_schema
from gms.inputs.assay_files import named_files
from gms.inputs.assays import _MONITORING
from gms.inputs.load_run import load_run
from gms.inputs.row_files import Row
from gms.inputs.run_model import Assay, Gate, Reference, ViralAssay
from gms.inputs.sample_sheet import local_names, read_sheet
from gms.preflight.check_run import check_inputs
from gms.report.run_record import case_params

PROJECT = Path(__file__).parents[2] / "cases" / "check_inputs" / "_project"
ROOT = Path(__file__).parents[3]
CONFIG = {"samples": "samples.tsv", "gmc": "local", "reference": {"name": "tiny", "fasta": "refs/tiny.fa"}}
HEADER = "case\tsample\trole\tassay\tfastq_1\tfastq_2"


def write_run(folder: Path, rows: list[str], header: str = HEADER, **changes) -> tuple[dict, Path, Path]:
    config = CONFIG | changes
    (folder / "run.yaml").write_text(yaml.safe_dump(config))
    (folder / "samples.tsv").write_text("\n".join([header, *rows]) + "\n")
    return config, folder / "run.yaml", PROJECT


def row(case: str, sample: str, role: str, assay: str = "wgs_rare", *more: str) -> str:
    return "\t".join([case, sample, role, assay, f"{sample}_1.fastq.gz", f"/reads/{sample}_2.fastq.gz", *more])


def test_resolved_run(tmp_path):
    rows = [
        row("F1", "Mo", "mother", "wgs_rare", "", "female", "no"),
        row("F1", "Pr", "proband", "wgs_rare", "", "", ""),
    ]
    run = load_run(*write_run(tmp_path, rows, HEADER + "\tlane\tsex\taffected", sharing="sharing.yaml"))
    case = run.cases["F1"]
    assert [sample.name for sample in case.samples] == ["Pr", "Mo"]
    assert case.index.role == "proband" and case.member("mother").sex == "female" and case.member("father") is None
    assert case.index.lanes[0].name == "L001"
    assert case.index.lanes[0].fastq_1 == tmp_path / "Pr_1.fastq.gz"
    assert case.index.lanes[0].fastq_2 == Path("/reads/Pr_2.fastq.gz")
    assert run.reference == Reference("tiny", tmp_path / "refs/tiny.fa")
    assert (run.results, run.sharing, run.gmc) == (tmp_path / "results", tmp_path / "sharing.yaml", "local")
    assert list(run.assays) == ["wgs_rare"] and run.samples["Mo"] is case.member("mother")


def test_a_parent_without_a_sex_in_the_sheet_has_that_of_the_role(tmp_path):
    """So that a father whose coverage is a woman's fails: swapped parents are related to the child all the same."""
    rows = [row("F1", role, role) for role in ("proband", "mother", "father", "sibling")]
    run = load_run(*write_run(tmp_path, rows))
    assert [one.sex for one in run.samples.values()] == ["unknown", "female", "male", "unknown"]


def test_lanes_are_one_sample(tmp_path):
    rows = [f"F1\tPr\tproband\twgs_rare\t{lane}_1.gz\t{lane}_2.gz\t{lane}" for lane in ("L001", "L002")]
    run = load_run(*write_run(tmp_path, rows, HEADER + "\tlane"))
    assert [(lane.name, lane.line) for lane in run.samples["Pr"].lanes] == [("L001", 2), ("L002", 3)]


def test_a_case_may_have_genes_of_its_own(tmp_path):
    rows = [
        row("F1", "Mo", "mother"),
        row("F1", "Pr", "proband", "wgs_rare", "26-17", "2024-11-01", "lists/heart.txt", "HP:0001250, HP:0000252"),
    ]
    run = load_run(*write_run(tmp_path, rows, f"{HEADER}\taccession\treceived\tgenes\tphenotype"))
    case = run.cases["F1"]
    assert case.gene_list == tmp_path / "lists" / "heart.txt"
    facts = case_params(case, run.assays["wgs_rare"])
    assert facts["gene_list"] == "heart.txt" and facts["samples"][0]["accession"] == "26-17"
    assert (facts["samples"][0]["received"], facts["samples"][1]["received"]) == ("2024-11-01", None)
    assert [sample["phenotype"] for sample in facts["samples"]] == [["HP:0001250", "HP:0000252"], []]
    assert local_names(run.sheet) >= {"26-17", "Pr"}  # none may leave the centre


def test_nothing_changes_it(tmp_path):
    run = load_run(*write_run(tmp_path, [row("F1", "Pr", "proband")]))
    with pytest.raises(dataclasses.FrozenInstanceError):
        run.samples["Pr"].role = "mother"


def test_overrides_lie_beside_the_config(tmp_path):
    changes = {"panel_solid": {"targets": "my.bed", "callable_depth": 50}}
    run = load_run(*write_run(tmp_path, [row("T1", "Tu", "tumor", "panel_solid")], assays=changes))
    assert run.assays["panel_solid"].targets == tmp_path / "my.bed"
    assert run.assays["panel_solid"].callable_depth == 50


def test_paths_are_shown_as_given(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config").mkdir()
    config, configfile, project = write_run(tmp_path / "config", [row("F_1", "Pr", "proband")])
    with pytest.raises(Problems, match=r"^config/samples.tsv has 1 problem:\n  line 2: case 'F_1' may only"):
        load_run(config, configfile, project)


def test_personal_number_in_the_place_of_the_config(tmp_path):
    folder = tmp_path / "121212-1212"
    folder.mkdir()
    with pytest.raises(Problems) as raised:
        load_run(*write_run(folder, [row("F1", "Pr", "proband")]))
    assert "its path holds a personal number" in str(raised.value)
    assert "121212" not in str(raised.value)


def test_results_that_are_a_link_to_a_personal_number(tmp_path):
    (tmp_path / "121212-1212").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "121212-1212")
    with pytest.raises(Problems, match="results is a link to a path with a personal number") as raised:
        load_run(*write_run(tmp_path, [row("F1", "Pr", "proband")], results="out"))
    assert "121212" not in str(raised.value)


def test_folder_that_a_shell_would_take_apart(tmp_path):
    folder = tmp_path / "my run"
    folder.mkdir()
    with pytest.raises(Problems, match="its folder '.*/my run' may not contain spaces"):
        load_run(*write_run(folder, [row("F1", "Pr", "proband")]))


def test_a_path_that_ends_with_a_line_end_is_refused():
    rules = load_schema("config")["$defs"]["path"], load_schema("samples")["properties"]["sample"]
    for rule, value in zip(rules, ("/a/x.fa", "S1"), strict=True):
        assert compiled(rule["pattern"]).search(value) and not compiled(rule["pattern"]).search(f"{value}\n")


def test_broken_yaml_of_an_assay(tmp_path):
    project = tmp_path / "project"
    (project / "config/assays").mkdir(parents=True)
    (project / "config/assays/wgs_rare.yaml").write_text("title: a: b\n")
    config, configfile, _ = write_run(tmp_path, [row("F1", "Pr", "proband")])
    with pytest.raises(Problems, match=r"wgs_rare.yaml has 1 problem:\n  line 1: is not YAML: "):
        load_run(config, configfile, project)


def test_broken_policy(tmp_path):
    project = shutil.copytree(PROJECT, tmp_path / "project")
    (project / "config/filters/wgs_rare.yaml").write_text("title: x\nversion: '1'\nfilter: []\n")
    config, configfile, _ = write_run(tmp_path, [row("F1", "Pr", "proband")])
    with pytest.raises(Problems, match=r"wgs_rare.yaml has 2 problems:\n(.*\n)*.*did you mean 'filters'"):
        check_inputs(load_run(config, configfile, project))


@pytest.mark.parametrize("link", [Path.symlink_to, Path.hardlink_to])
def test_links_to_one_fastq(tmp_path, link):
    config, configfile, project = write_run(tmp_path, ["F1\tPr\tproband\twgs_rare\ta_1.gz\ta_2.gz"])
    (tmp_path / "a_1.gz").write_bytes(b"")
    link(tmp_path / "a_2.gz", tmp_path / "a_1.gz")
    with pytest.raises(Problems, match=r"line 2: 'a_2.gz' is the same file as 'a_1.gz'; every file is given once"):
        check_inputs(load_run(config, configfile, project))


@pytest.mark.parametrize("key", ["fasta", "clinvar", "mitomap", "sharing", "trials", "targets"])
def test_a_pipe_in_place_of_a_file(tmp_path, key):
    os.mkfifo(tmp_path / "pipe")
    changes = {
        "trials": {"trials": {"definitions": ["pipe"]}},
        "targets": {"assays": {"wgs_rare": {"targets": "pipe"}}},
    } | {part: {"reference": CONFIG["reference"] | {part: "pipe"}} for part in ("fasta", "clinvar", "mitomap")}
    with pytest.raises(Problems, match="is a pipe or a device, not a file"):
        load_run(*write_run(tmp_path, [row("F1", "Pr", "proband")], **changes.get(key, {key: "pipe"})))


def test_every_file_of_the_config_is_known(tmp_path):
    """Containers bind their folders, and each is checked to be a file."""
    parts = {part.name: f"{part.name}.vcf" for part in dataclasses.fields(Reference) if part.name != "name"}
    rows = [row("F1", "Pr", "proband", "wgs_rare", "list.txt")]
    arguments = write_run(tmp_path, rows, f"{HEADER}\tgenes", reference={"name": "x"} | parts, sharing="sharing.yaml")
    named = {path.name for path in named_files(load_run(*arguments))}
    assert named >= {*parts.values(), "list.txt", "samples.tsv", "sharing.yaml", "wgs_rare.yaml"}


def test_many_cases(tmp_path):
    rows = [row(f"F{i}", f"F{i}-{role}", role) for i in range(1000) for role in ("proband", "mother", "father")]
    arguments = write_run(tmp_path, rows)
    assert len(load_run(*arguments).cases) == 1000


def test_sheet_check_agrees_with_its_schema(tmp_path):
    """The cells are checked by hand, for speed; the schema must say the same."""
    cells = ["A", "A1", "tumor", "x", "a", "b", "", "", "", "L1", "male", "no", "0.5", "3M+T +T", "s", "v3", "P1", "A1"]
    cells += ["26-1", "2024-11-01", "g.txt", "HP:0001250", "no", "yes"]
    good = dict(zip(Row._fields[1:], cells, strict=True))
    values = ["", "A", "å", "a b", "Male", "yes", "mother", "0", "1.5", "1.0", ".5", "+T +T", "a/b", "a;b", "HP:1"]
    validator = Draft202012Validator(load_schema("samples"))
    for column, value in itertools.product(good, values):
        if (column, value) in {("assay", value), ("fastq_1", "b"), ("fastq_2", "a")} or column in (
            "bam",
            "vcf",
            "vcf_sample",
        ):
            continue
        row = good | {column: value}
        sheet = tmp_path / "samples.tsv"
        sheet.write_text("\t".join(row) + "\n" + "\t".join(row.values()) + "\n")
        findings = Findings()
        read_sheet(sheet, ["x"], findings)
        given = {key: text for key, text in row.items() if text or key in load_schema("samples")["required"]}
        assert validator.is_valid(given) == (not findings.problems), (column, value)


def test_schemas_and_classes_agree():
    def fields(kind):
        return {field.name for field in dataclasses.fields(kind)}

    assay = load_schema("assay")["properties"]
    assert set(assay) == fields(Assay) - {"name", "file", "policy_files", "monitoring"}
    monitoring = load_schema("monitoring_assay")["properties"]
    assert set(monitoring) - {*_MONITORING} < set(assay) and {*_MONITORING} < set(monitoring)
    assert all(monitoring[key] == assay[key] for key in set(monitoring) - {*_MONITORING, "kind"})
    assert set(assay["gates"]["items"]["properties"]) == fields(Gate)
    viral = load_schema("viral_assay")
    assert set(viral["properties"]) == fields(ViralAssay) - {"name", "file"}
    assert set(viral["$defs"]["gates"]["items"]["properties"]) == fields(Gate)
    assert set(load_schema("config")["properties"]["reference"]["properties"]) == fields(Reference)
    assert set(load_schema("samples")["properties"]) == set(Row._fields[1:])


@pytest.mark.parametrize("path", sorted(SCHEMAS.glob("*.json")), ids=lambda path: path.name)
def test_schema_is_one(path):
    Draft202012Validator.check_schema(json.loads(path.read_text()))


KINDS = {"viral": "viral_assay", "monitoring": "monitoring_assay"}  # schemas of other kinds of assays


@pytest.mark.parametrize("path", sorted((ROOT / "config/assays").glob("*.yaml")), ids=lambda path: path.stem)
def test_assay_files(path):
    assay = yaml.safe_load(path.read_text())
    Draft202012Validator(load_schema(KINDS.get(assay["kind"], "assay"))).validate(assay)
    assert len(path.read_text().splitlines()) <= 75


def test_example_run():
    path = ROOT / "config" / "config.yaml"
    run = load_run(yaml.safe_load(path.read_text()) | {"gmc": "local"}, path, ROOT)
    assert {case.assay for case in run.cases.values()} == {"wgs_rare", "wgs_cancer", "panel_myeloid"}
    assert len(path.read_text().splitlines()) <= 80


BAM_HEADER = "case\tsample\trole\tassay\tbam\tlane"


def test_a_bam_stands_for_the_lanes_of_a_sample(tmp_path):
    rows = ["F1\tPr\tproband\twgs_rare\tpr.cram\tL001", "F1\tPr\tproband\twgs_rare\t/d/more.bam\tL002"]
    lanes = load_run(*write_run(tmp_path, rows, BAM_HEADER)).samples["Pr"].lanes
    assert [lane.files for lane in lanes] == [(tmp_path / "pr.cram",), (Path("/d/more.bam"),)]


@pytest.mark.parametrize("cells, text", [
    (["a_1.fastq.gz", "a_2.fastq.gz", "a.bam"], "bam is given as well as FASTQ files"),
    (["", "", ""], "fastq_1 and fastq_2 must both be given"),
    (["", "", "a.sam"], "bam 'a.sam' is not a file whose name ends with .bam or .cram"),
    (["", "", "a b.bam"], "bam 'a b.bam' may not contain spaces"),
])  # fmt: skip
def test_a_row_has_one_kind_of_reads(tmp_path, cells, text):
    row = "\t".join(["F1", "Pr", "proband", "wgs_rare", *cells])
    with pytest.raises(Problems, match=text):
        load_run(*write_run(tmp_path, [row], f"{HEADER}\tbam"))


def test_a_bam_is_given_once_and_called_bam(tmp_path):
    rows = ["F1\tPr\tproband\twgs_rare\tpr.bam\tL001", "F1\tPr\tproband\twgs_rare\tpr.bam\tL002"]
    with pytest.raises(Problems, match=r"bam 'pr.bam' is already on line 2"):
        load_run(*write_run(tmp_path, rows, BAM_HEADER))
    with pytest.raises(Problems, match="unknown column 'cram'; it is called 'bam' here"):
        load_run(*write_run(tmp_path, rows, BAM_HEADER.replace("bam", "cram")))
