"""The table of planned jobs."""

import json
import subprocess

import pytest
import yaml

import event_lines as lines
from gms.base.errors import Problems
from gms.base.project import PROJECT
from gms.inputs.load_run import read_run
from gms.operations.run import plan
from gms.operations.run.event_files import FOLDER, moved_note


def test_the_summary_counts_jobs_by_rule():
    progress, _ = lines.read(lines.planned(make=3, all=1))
    assert plan.plan_summary(progress) == "A run would start:\n      3  make"


def test_a_dry_run_without_jobs_has_nothing_to_do():
    assert plan.plan_summary(lines.read()[0]).startswith("Nothing to be done")


def test_a_dry_run_ends_by_itself_when_its_jobs_are_counted(tmp_path, monkeypatch):
    """Snakemake asks what a job needs when it goes on to describe the job."""
    monkeypatch.setattr(subprocess.Popen, "send_signal", lambda process, number: pytest.fail("it was interrupted"))
    (tmp_path / "Snakefile").write_text(
        "def memory(wildcards):\n    open('described', 'w').close()\n    return 1\n"
        "rule make:\n    output: 'made'\n    resources: mem_mb=memory\n    shell: 'touch made'\n"
    )
    command = ["snakemake", "--snakefile", f"{tmp_path}/Snakefile", "--directory", str(tmp_path), "--cores", "1", "-n"]
    progress, code = plan.dry_run(command)
    assert (progress.stats, code) == ({"make": 1}, 0)
    assert not (tmp_path / "described").exists()


@pytest.fixture
def run(tmp_path):
    """A run of one tumour case; only the sheet exists."""
    (tmp_path / "samples.tsv").write_text(
        "case\tsample\trole\tassay\tfastq_1\tfastq_2\nA\tA-t\ttumor\tpanel_solid\ta_1.fq.gz\ta_2.fq.gz\n"
    )
    (tmp_path / "run.yaml").write_text(
        "samples: samples.tsv\nreference: {name: tiny, fasta: tiny.fa}\n"
        "assays: {panel_solid: {targets: panel.bed}}\nresults: results\n"
    )
    return read_run(tmp_path / "run.yaml")


def test_the_plan_is_summed_up_and_names_missing_files(run, tmp_path):
    (tmp_path / "a_1.fq.gz").touch()
    said = plan.extent(run, {"align_reads": 1, "case_qc": 2})
    assert said[0] == "1 case, 1 sample, 3 jobs"
    assert said[2].startswith("The content of input files") and said[3] == "3 input files are missing:"
    assert [line.rpartition("/")[2] for line in said[4:]] == ["panel.bed", "tiny.fa", "a_2.fq.gz"]


def test_every_file_that_the_config_names_may_be_missing(run, tmp_path):
    config = tmp_path / "run.yaml"
    config.write_text(config.read_text().replace("fasta: tiny.fa", "fasta: tiny.fa, repeats: repeats.tsv"))
    config.write_text(config.read_text() + "trials: {definitions: [trials]}\n")
    said = [line.rpartition("/")[2] for line in plan.extent(read_run(config), {})]
    assert {"repeats.tsv", "trials"} <= set(said)


def test_a_mistake_in_a_policy_of_a_new_assay_is_named(run, tmp_path):
    filters = tmp_path / "site" / "filters"
    filters.mkdir(parents=True)
    policy = (PROJECT / "config" / "filters" / "panel_solid.yaml").read_text()
    (filters / "panel_lung.yaml").write_text(policy.replace("when: mq < 30", "when: mqq < 30"))
    assay = yaml.safe_load((PROJECT / "config" / "assays" / "panel_solid.yaml").read_text())
    (tmp_path / "site" / "panel_lung.yaml").write_text(yaml.safe_dump(assay | {"policy": {"small": "panel_lung"}}))
    config = yaml.safe_load((tmp_path / "run.yaml").read_text())
    config |= {"assay_folders": ["site"], "assays": {"panel_solid": {"policy": "panel_lung", "targets": "panel.bed"}}}
    assert plan.sound_run(tmp_path / "run.yaml").cases.keys() == {"A"}
    (tmp_path / "run.yaml").write_text(yaml.safe_dump(config))
    with pytest.raises(Problems, match="panel_lung.yaml has 1 problem.*\\n.*unknown variable 'mqq'"):
        plan.sound_run(tmp_path / "run.yaml")


def test_hours_and_disk_space_are_those_of_jobs_that_are_done(run):
    benchmarks, crams = run.results / "benchmarks" / "align_reads", run.results / "alignment"
    for number, seconds in enumerate((3600, 7200, 36_000)):
        for folder, name, text in ((benchmarks, f"{number}.jsonl", json.dumps({"s": 10, "cpu_time": seconds})),
                                   (crams, f"{number}.cram", "x" * 1000 * number)):  # fmt: skip
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
    assert plan.size_of_output("align_reads", run.results) == 1000
    assert plan.needs({"align_reads": 3}, run.results).startswith("About 6.0 processor hours and 3e-06 GB")
    assert plan.needs({"align_reads": 3, "case_qc": 1}, run.results).startswith("At least 6.0 processor hours")


def test_nothing_is_estimated_before_any_job_is_done(run):
    assert plan.needs({"align_reads": 3}, run.results).startswith("Hours and disk space are not known yet")


def test_the_output_of_a_caller_is_its_own(run):
    for caller, size in (("bcftools", 10), ("freebayes", 30)):
        (run.results / "variants" / caller).mkdir(parents=True)
        (run.results / "variants" / caller / "A.vcf.gz").write_text("x" * size)
    assert plan.size_of_output("call_freebayes", run.results) == 30


@pytest.mark.parametrize(
    "before, moved", [("here/run.yaml", False), ("here/other.yaml", False), ("old/run.yaml", True)]
)
def test_results_that_were_moved_are_named_as_such(tmp_path, before, moved):
    file = tmp_path / "here" / "results" / FOLDER / "2026.jsonl"
    file.parent.mkdir(parents=True)
    assert moved_note(tmp_path / "here" / "results", tmp_path / "here" / "run.yaml") == ""
    file.write_text(lines.started(configfiles=[tmp_path / before]) + "\n")
    said = moved_note(tmp_path / "here" / "results", tmp_path / "here" / "run.yaml")
    assert bool(said) == moved and (not moved or f"was in {tmp_path / 'old'}. " in said and "--touch" in said)
