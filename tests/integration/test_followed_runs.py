"""gms run on small Snakefiles: what tests/workflow/test_follow.py leaves to the slow tests."""

import os
import signal
import subprocess
import sys
import time
from functools import partial

import pytest

from followed_runs import RULES, followed
from gms.operations.run import launch
from gms.operations.run.event_files import event_files, read_events


@pytest.fixture
def run(tmp_path, capsys):
    return partial(followed, tmp_path, capsys)


def test_what_a_program_said_past_its_log_is_shown(run, tmp_path):
    (tmp_path / "make.py").write_text("import nothing\n")
    code, lines = run(RULES.split("    shell")[0] + '    script: "make.py"\n', "good.txt")
    start = lines.index("failed: make of case good")
    assert lines[start + 1] == "  | ModuleNotFoundError: No module named 'nothing'"


def test_a_run_goes_on_when_nobody_reads_what_it_says(tmp_path):
    (tmp_path / "Snakefile").write_text(RULES.replace("test {wildcards.case} = good; ", ""))
    command = ["snakemake", "--snakefile", str(tmp_path / "Snakefile")]
    command += ["--directory", str(tmp_path), "--cores", "1"]
    program = "import pathlib, sys; from gms.operations.run.follow import follow; "
    program += f"sys.exit(follow({command!r}, pathlib.Path('.')))"
    variables = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    child = subprocess.Popen([sys.executable, "-c", program], env=variables, stdout=subprocess.PIPE)
    child.stdout.close()
    assert child.wait(timeout=120) == 0
    assert {path.name for path in tmp_path.glob("*.txt")} == {"good.txt", "bad.txt"}


def test_verbose_shows_the_traceback_of_snakemake(run):
    code, lines = run("rule all:\n    input: lambda wildcards: nothing\n", "--verbose")
    assert code == 1 and any("Traceback" in line for line in lines)
    assert lines[-1] == "error: no job was started"


def test_what_ctrl_c_ends_has_not_failed(tmp_path):
    (tmp_path / "Snakefile").write_text('rule all:\n    output: "a"\n    shell: "touch started; sleep 60"\n')
    command = [sys.executable, "-m", "snakemake", "--cores", "1", "--directory", str(tmp_path)]
    command += ["--snakefile", str(tmp_path / "Snakefile")]
    code = "import pathlib, sys; from gms.operations.run.follow import follow; "
    code += f"sys.exit(follow({command!r}, pathlib.Path({str(tmp_path)!r})))"
    variables = {**os.environ, "PYTHONPATH": str(launch.PROJECT / "scripts")}
    options = {"env": variables, "start_new_session": True, "stdout": subprocess.PIPE, "text": True}
    child = subprocess.Popen([sys.executable, "-c", code], **options)
    while not (tmp_path / "started").exists() and child.poll() is None:
        time.sleep(0.05)
    os.killpg(child.pid, signal.SIGINT)  # as a terminal does: to all of them
    said = child.communicate(timeout=30)[0].splitlines()
    assert (child.returncode, said[-1].split(" after ")[0]) == (130, "error: stopped on request")
    assert not any(line.startswith("failed") for line in said)
    (events,) = event_files(tmp_path)
    state = read_events(events)
    assert (state.failed, state.ended["outcome"]) == ({}, "stopped")
