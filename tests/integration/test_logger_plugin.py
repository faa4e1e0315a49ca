"""The logger plugin with the installed Snakemake: which events a run leaves, and that nothing it needs is missing."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from gms.base.project import quick_start
from gms.operations.run import event_files
from gms.operations.run.events import MARK, Progress

RULES = """
rule all:
    input: expand("{case}.txt", case=["good", "bad"])
rule make:
    output: "{case}.txt"
    log: "logs/make/{case}.log"
    resources: mem_mb=lambda wildcards, attempt: 100 * attempt, runtime=5
    shell: "echo past its log >&2; test {wildcards.case} = good; touch {output}"
"""


@pytest.fixture
def snakemake(tmp_path):
    """Run Snakemake with the plugin on some rules; returns its standard error and the state of its event file."""

    def run(rules, *options, file=tmp_path / "results" / "events" / "1.jsonl"):
        (tmp_path / "Snakefile").write_text(rules)
        command = ["snakemake", "--snakefile", "Snakefile", "--cores", "1", *options]
        command = quick_start(event_files.with_events(command, event_files.EventFile(file)))
        variables = event_files.with_plugins(os.environ)
        done = subprocess.run(command, cwd=tmp_path, env=variables, capture_output=True, text=True)
        return done.stderr, event_files.read_events(file) if file.is_file() else None

    return run


def test_the_file_and_standard_error_hold_the_same_state(snakemake):
    said, state = snakemake(RULES, "--keep-going", "--retries", "1")
    live = Progress()
    for line in said.split("\n"):  # splitlines() would split at the mark
        live.feed(line)
    for progress in (state, live):
        assert (progress.done, progress.total, progress.stats) == (1, 3, {"make": 2, "all": 1})
        (job,) = progress.failed.values()
        assert (job.label, job.logs, job.is_local) == ("make bad", ["logs/make/bad.log"], True)
        assert (job.amounts["mem_mb"], job.earlier[0]["mem_mb"]) == (200, 100)
    assert "past its log" in live.failed[job.jobid].said and live.failed[job.jobid].raised


def test_each_line_of_the_file_is_an_event_with_its_time_and_quiet_hides_none(snakemake, tmp_path):
    assert snakemake(RULES, "--keep-going", "--quiet", "all")[1].done == 1
    events = [json.loads(line) for line in (tmp_path / "results" / "events" / "1.jsonl").read_text().splitlines()]
    assert events[0]["event"] == "workflow_started"
    assert [event["time"] for event in events] == sorted(event["time"] for event in events)
    assert not {"shellcmd", "resources_info"} & {event["event"] for event in events}


def test_a_workflow_that_does_not_start_leaves_no_file(snakemake):
    said, state = snakemake("import sys\nsys.exit('error: the sheet has 1 problem')\n")
    assert state is None and "error: the sheet has 1 problem" in said


def test_a_folder_that_cannot_be_written_stops_nothing(snakemake, tmp_path):
    (tmp_path / "results").write_text("no folder")
    said, state = snakemake(RULES, "good.txt", file=tmp_path / "results" / "1.jsonl")
    assert state is None and (tmp_path / "good.txt").exists()


def test_a_full_disk_neither_stops_a_run_nor_hides_it(snakemake, tmp_path):
    said, _ = snakemake(RULES, "good.txt", file=Path("/dev/full"))
    live = Progress()
    for line in said.split("\n"):
        live.feed(line)
    assert (tmp_path / "good.txt").exists() and (live.done, live.total) == (1, 1)


def test_the_snakemake_of_a_cluster_job_loads_no_plugin(snakemake):
    """The executors pass on no --logger; were one set in a profile, its plugin would not be loaded either."""
    said, state = snakemake(RULES, "good.txt", "--mode", "remote")
    assert state is None and MARK not in said


def test_other_loggers_that_were_asked_for_are_kept():
    file = event_files.EventFile(None)
    given = ["snakemake", "--logger", "other", "--cores", "1"]
    assert event_files.with_events(given, file) == ["snakemake", "--logger", "gms", "other", "--cores", "1"]
    given[1:3] = ["--logger=other"]
    assert event_files.with_events(given, file) == ["snakemake", "--logger", "gms", "other", "--cores", "1"]
