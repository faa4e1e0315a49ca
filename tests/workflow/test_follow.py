"""gms run on small Snakefiles and the installed Snakemake, whose events may change between versions."""

import os
import signal
import subprocess
import sys
import time

import pytest

import event_lines
import event_oracle
from gms.operations.run import follow, launch, lost_jobs, plan, run_lock_rules
from gms.operations.run.event_files import event_files, read_events
from gms.operations.run.run_lock import read_lock

RULES = """
rule all:
    input: expand("{case}.txt", case=["good", "bad"])
rule make:
    output: "{case}.txt"
    log: "logs/make/{case}.log"
    shell: "echo said by {wildcards.case} > {log}; test {wildcards.case} = good; touch {output}"
"""


@pytest.fixture
def run(tmp_path, capsys):
    def run(snakefile: str, *options: str, how=follow.follow) -> tuple[int, list[str]]:
        (tmp_path / "Snakefile").write_text(snakefile)
        command = ["snakemake", "--snakefile", str(tmp_path / "Snakefile")]
        command += ["--directory", str(tmp_path), "--cores", "1", "--keep-going", *options]
        code = how(command, tmp_path) if how is follow.follow else how(command)
        lines = capsys.readouterr().out.splitlines()
        assert event_oracle.check_all(tmp_path) == []
        capsys.readouterr()
        return code, lines

    return run


def test_a_failed_job_is_explained_and_summed_up(run, tmp_path):
    code, lines = run(RULES)
    assert code == 1
    start = lines.index("failed: make of case bad")
    assert lines[start + 1 : start + 3] == ["  | said by bad", f"  log: {tmp_path}/logs/make/bad.log"]
    assert lines[-1].startswith("error: 1 of 3 jobs done in 0:00:")
    assert lines[-1].endswith("failed: case bad")


def test_what_a_program_said_past_its_log_is_shown(run, tmp_path):
    (tmp_path / "make.py").write_text("import nothing\n")
    code, lines = run(RULES.split("    shell")[0] + '    script: "make.py"\n', "good.txt")
    start = lines.index("failed: make of case good")
    assert lines[start + 1] == "  | ModuleNotFoundError: No module named 'nothing'"


def test_success_and_then_nothing_to_do(run, tmp_path):
    rules = RULES.replace("test {wildcards.case} = good; ", "")
    code, lines = run(rules)
    assert (code, lines[-1].split(" in ")[0]) == (0, "3 of 3 jobs done")
    assert run(rules) == (0, [f"Nothing to be done: all results in {tmp_path} are up to date."])


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


def test_plan_prints_the_jobs(run):
    code, lines = run(RULES, "--dry-run", how=plan.show_plan)
    assert (code, lines) == (0, ["A run would start:", "      2  make"])


@pytest.mark.parametrize("how", [follow.follow, plan.show_plan])
def test_errors_of_the_workflow_are_shown_verbatim(run, how):
    error = "error: samples.tsv has 1 problem:\n  line 2: unknown assay 'x'"
    assert run(f"import sys\nsys.exit({error!r})\n", how=how) == (1, error.splitlines())


def test_errors_of_snakemake_have_no_traceback(run):
    code, lines = run("rule all:\n    input: lambda wildcards: nothing\n")
    assert code == 1
    assert any("name 'nothing' is not defined" in line for line in lines)
    assert not any("Traceback" in line or "File" in line for line in lines)
    assert lines[-1] == "error: no job was started; --verbose shows all details"


def test_verbose_shows_the_traceback_of_snakemake(run):
    code, lines = run("rule all:\n    input: lambda wildcards: nothing\n", "--verbose")
    assert code == 1 and any("Traceback" in line for line in lines)
    assert lines[-1] == "error: no job was started"


def test_an_option_that_snakemake_does_not_know_is_one_line(run):
    text = "error: unrecognized arguments: --nosuch; snakemake --help lists its options"
    assert run(RULES, "--nosuch") == (2, [text])


def test_a_lock_is_explained(run, tmp_path):
    locks = tmp_path / ".snakemake" / "locks"
    locks.mkdir(parents=True)
    (locks / "0.output.lock").write_text("good.txt\n")  # what a run that was killed leaves behind
    code, lines = run(RULES)
    assert code == 1
    assert lines[0].startswith("error: another run holds the lock of the results folder since 20")
    assert "--unlock" in lines[-1]


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


def test_a_snakemake_that_was_killed_is_named_and_its_folder_stays_held(tmp_path, capsys):
    lock = run_lock_rules.take(tmp_path)
    with lock:
        code = follow.follow([sys.executable, "-c", "import os; os.kill(os.getpid(), 9)", "snakemake"], tmp_path, lock)
    said = capsys.readouterr().out
    assert code == 1 and said.startswith("error: SIGKILL ended Snakemake after 0 of 0 jobs; Linux does that")
    assert "with --unlock, then without" in said and read_lock(tmp_path).token == lock.record.token


WAITING = """
import sys, time
print(EVENTS, file=sys.stderr, flush=True)
try:
    time.sleep(60)
except KeyboardInterrupt:
    open("unlocked", "w")
"""


def test_a_run_that_waits_for_lost_jobs_is_stopped(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(lost_jobs, "PATIENCE", 1.0)
    monkeypatch.setattr(lost_jobs, "jobs_of", lambda run: [])
    monkeypatch.setattr(follow, "PROJECT", tmp_path)
    events = [event_lines.message("SLURM run ID: run-1"), event_lines.job(1, "make", case="good")]
    said = "\n".join(f"\x1e{event}" for event in events)
    code = follow.follow([sys.executable, "-c", WAITING.replace("EVENTS", repr(said)), "snakemake"], tmp_path)
    assert (code, (tmp_path / "unlocked").exists()) == (1, True)  # interrupted, not killed
    said = capsys.readouterr().out
    assert "the scheduler no longer knows any job of this run, but 1 job had not ended: make good.\n" in said
