"""Runs on a real Slurm under the profiles of Uppsala, Stockholm and Lund, and what ./gms doctor says of them there."""

import csv
import os
from pathlib import Path

import pytest

import runs
from clusters import accounts, slurm
from clusters.centres import CASE, SAMPLE
from gms.base.json_tables import read_table

pytestmark = pytest.mark.skipif(slurm.why_no_slurm() is not None, reason=str(slurm.why_no_slurm()))
needs_accounts = pytest.mark.skipif(accounts.why_no_accounts() is not None, reason=str(accounts.why_no_accounts()))
CENTRES = ["uppsala", "lund", pytest.param("stockholm", marks=needs_accounts)]


@pytest.mark.parametrize("name", CENTRES)
def test_results_are_those_of_a_local_run(finished, centres, name):
    centre = centres.runs[name]
    assert centre.done.returncode == 0, centre.done.stdout
    sheet = read_table(centre.folder / "samples.tsv")
    for case in {row["case"] for row in sheet}:
        samples = sorted({row["sample"] for row in sheet if row["case"] == case})
        same = [runs.bodies(results, case, samples) for results in (finished.results, centre.results)]
        assert len(same[0]) > 10
        assert runs.different(*same) == []


@pytest.mark.parametrize("name", ["uppsala", "lund"])
def test_where_no_accounts_are_kept_squeue_is_asked(centres, name):
    assert centres.runs[name].done.stdout.splitlines()[0].count("--slurm-status-command squeue") == 1


@needs_accounts
def test_where_accounts_are_kept_nothing_is_added(centres):
    assert "--slurm-status-command" not in centres.runs["stockholm"].done.stdout


def submitted(cluster, **of):
    """Comments (rule and wildcards) of the jobs with these properties."""
    return [job["comment"] for job in cluster.jobs() if of.items() <= job.items()]


@pytest.mark.parametrize("name, partition, account", [("uppsala", "core", "wp1"), ("lund", "normal", "(null)")])
def test_jobs_go_where_the_profile_says(centres, name, partition, account):
    assert centres.runs[name].done.returncode == 0
    jobs = submitted(centres.clusters["slurm"], partition=partition, account=account, state="COMPLETED")
    assert f"rule_align_reads_wildcards_{SAMPLE}" in jobs


def test_short_steps_of_a_case_are_one_submission(centres):
    assert centres.runs["uppsala"].done.returncode == 0
    jobs = submitted(centres.clusters["slurm"], partition="core")
    groups = [job for job in jobs if "case_report" in job]
    assert groups and all("annotate_variants" in group for group in groups)
    assert not [job for job in jobs if job not in groups and "annotate_variants" in job]


def test_a_failed_step_of_a_group_is_told_with_its_log(centres):
    broken = centres.runs["lund:broken"]
    assert broken.done.returncode == 1
    said = broken.done.stdout
    log = broken.results / "logs" / "filter_variants" / f"{CASE}.log"
    assert f"failed: filter_variants of case {CASE}" in said and f"log: {log}" in said
    assert f"  | {log.read_text().splitlines()[-1]}" in said
    assert said.splitlines()[-1].endswith(f"failed: case {CASE}")
    assert not runs.looks_like_a_traceback(said), said


@needs_accounts
def test_the_efficiency_report_tells_of_each_rule(centres):
    assert centres.runs["stockholm"].done.returncode == 0, centres.runs["stockholm"].done.stdout
    (report,) = centres.folder.glob("efficiency_report_*.csv")
    with report.open(newline="") as lines:
        rows = {row["RuleName"]: row for row in csv.DictReader(lines)}
    aligned = rows[f"rule_align_reads_wildcards_{SAMPLE}"]
    assert float(aligned["RequestedMem_MB"]) > 0 and float(aligned["CPU Efficiency (%)"]) > 0
    assert any("case_report" in rule for rule in rows)


def doctor(cluster, *words):
    """What ./gms doctor --profile says on a cluster."""
    done = runs.gms("doctor", "--profile", *words, variables=cluster.environment)
    assert not runs.looks_like_a_traceback(done.stdout), done.stdout
    return done


def edited(folder, name, before, after):
    """A copy of a profile with something else in it."""
    text = (runs.PROJECT / "profiles" / name / "profile.yaml").read_text()
    assert before in text
    (folder / "profile.yaml").write_text(text.replace(before, after))
    return folder


def test_the_doctor_names_a_placeholder_and_tries_a_job(centres):
    done = doctor(centres.clusters["slurm"], "uppsala", "--submit")
    assert done.returncode == 1
    assert "  fill in  line " in done.stdout and ", slurm_account: wp1 is a placeholder" in done.stdout
    assert "no accounting: runs use squeue instead" in done.stdout
    assert "ok       a job ran on " in done.stdout and "wrong" not in done.stdout


def test_the_doctor_is_content_with_lund(centres):
    done = doctor(centres.clusters["slurm"], "lund")
    assert done.returncode == 0, done.stdout
    assert "ok       partition normal" in done.stdout and "would be accepted" in done.stdout


def test_the_doctor_knows_the_partitions(centres, tmp_path):
    done = doctor(
        centres.clusters["slurm"], edited(tmp_path, "lund", "slurm_partition: normal", "slurm_partition: nrml")
    )
    assert done.returncode == 1
    assert "slurm_partition: unknown partition 'nrml' (known: core, high, low, normal, trannel)" in done.stdout
    assert "did you mean 'normal'?" in done.stdout


@needs_accounts
def test_the_doctor_knows_accounts_and_qualities_of_service(centres, tmp_path):
    cluster = centres.clusters["accounts"]
    assert doctor(cluster, "stockholm").returncode == 0  # its account is no placeholder where it is one's own
    done = doctor(cluster, edited(tmp_path, "stockholm", "slurm_account: production", "slurm_account: somebody"))
    assert "slurm_account: you may not use somebody (yours: production, root, wp1)" in done.stdout
    done = doctor(cluster, edited(tmp_path, "stockholm", "slurm-qos: normal", "slurm-qos: hihg"))
    assert "unknown quality of service 'hihg'" in done.stdout and "did you mean 'high'?" in done.stdout


def test_a_cluster_that_forgets_jobs_soon_is_refused(mini, tmp_path):
    with slurm.Slurm(tmp_path / "cluster", cpus=4, min_job_age=60) as cluster:
        done = doctor(cluster, "lund")
        assert done.returncode == 1 and "forgets ended jobs after 60 s (MinJobAge)" in done.stdout
        folder = runs.subset(mini, tmp_path / "data", [CASE])
        words = ["run", "--profile", "lund", "--configfile", folder / "run.yaml"]
        refused = runs.gms(*words, variables=cluster.environment)
        assert refused.returncode == 1
        assert refused.stdout.startswith("error: Slurm keeps no accounting here and forgets ended jobs after 60 s")


def test_the_doctor_says_that_nodes_are_too_small(tmp_path):
    with slurm.Slurm(tmp_path / "cluster", cpus=4) as cluster:
        done = doctor(cluster, "lund")
    assert done.returncode == 1
    assert "a job of 16 threads" in done.stdout and "`max-threads: N` in the profile caps the threads" in done.stdout


@pytest.mark.skipif(Path("/etc/slurm/slurm.conf").exists(), reason="this host is part of a Slurm cluster")
def test_without_slurm_a_run_says_so_at_once(mini, tmp_path):
    folder = runs.subset(mini, tmp_path / "data", [CASE])
    variables = {name: value for name, value in os.environ.items() if name != "SLURM_CONF"}
    done = runs.gms("run", "--profile", "lund", "--configfile", folder / "run.yaml", variables=variables)
    assert done.returncode == 1
    assert done.stdout.startswith("error: Slurm does not answer (scontrol show config: "), done.stdout
