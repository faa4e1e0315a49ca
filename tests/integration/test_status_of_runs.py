"""gms status while a real run goes on, after a job of it failed, and after it was killed."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

import runs
from gms.validation.demo_data import plasma
from gms.validation.demo_data.cases import CASES

CASE = "myeloid-shallow"


def status(results: Path) -> tuple[int, dict]:
    """Exit code, and what --json says."""
    done = runs.gms("status", results, "--json")
    return done.returncode, json.loads(done.stdout)


def start(folder: Path) -> subprocess.Popen:
    command = [runs.PROJECT / "gms", "run", "--profile", "local", "--configfile", folder / "run.yaml", "--cores", "2"]
    return subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def wait_for_a_job(results: Path, child: subprocess.Popen) -> tuple[int, dict]:
    """The first status in which a job runs."""
    while child.poll() is None:
        code, told = status(results)
        if told["run"]["process"] and any(case["running"] for case in told["cases"]):
            return code, told
        time.sleep(0.2)
    pytest.fail("the run ended before a job was seen")


def test_status_of_a_finished_run(finished):
    code, told = status(finished.results)
    assert code == 0 and told["missing"] == [] and told["seconds_left"] == 0
    assert {case["case"]: case["verdict"] for case in told["cases"]} == {
        **{case.name: runs.verdict(finished.results, case.name) for case in CASES},
        **{sample.case: None for sample in plasma.SAMPLES},
    }
    assert {case["state"] for case in told["cases"]} == {"done"}


def test_status_while_running_after_a_failure_and_after_a_kill(mini, tmp_path):
    folder = runs.subset(mini, tmp_path / "data", [CASE])
    results = folder / "results"
    in_the_way = results / "logs" / "filter_variants" / f"{CASE}.log" / "folder"
    in_the_way.mkdir(parents=True)
    assert status(results)[0] == 2
    child = start(folder)
    code, told = wait_for_a_job(results, child)
    assert code == 2 and told["run"]["locked"] and told["cases"][0]["state"] == "running"
    assert child.wait() != 0
    code, told = status(results)
    assert code == 1 and told["run"]["process"] is None and not told["run"]["locked"]
    failed = told["cases"][0]["failed"]
    assert [(job["rule"], job["logs"]) for job in failed] == [("filter_variants", [str(in_the_way.parent)])]
    in_the_way.rmdir()
    in_the_way.parent.rmdir()
    check_killed(folder, results)


def check_killed(folder: Path, results: Path) -> None:
    child = start(folder)
    wait_for_a_job(results, child)
    os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    give_up = time.monotonic() + 10
    while status(results)[1]["run"]["process"] and time.monotonic() < give_up:
        time.sleep(0.1)
    said = runs.gms("status", results)
    assert said.returncode == 2 and "no longer alive" in said.stdout and "--unlock" in said.stdout
    assert not runs.looks_like_a_traceback(said.stdout)
