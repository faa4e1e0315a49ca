"""gms run on small Snakefiles and the installed Snakemake, whose events may change between versions."""

import sys
from functools import partial

import pytest

import event_lines
from followed_runs import RULES, followed
from gms.operations.run import follow, lost_jobs, plan, run_lock_rules
from gms.operations.run.run_lock import read_lock


@pytest.fixture
def run(tmp_path, capsys):
    return partial(followed, tmp_path, capsys)


def test_a_failed_job_is_explained_and_summed_up(run, tmp_path):
    code, lines = run(RULES)
    assert code == 1
    start = lines.index("failed: make of case bad")
    assert lines[start + 1 : start + 3] == ["  | said by bad", f"  log: {tmp_path}/logs/make/bad.log"]
    assert lines[-1].startswith("error: 1 of 3 jobs done in 0:00:")
    assert lines[-1].endswith("failed: case bad")


def test_success_and_then_nothing_to_do(run, tmp_path):
    rules = RULES.replace("test {wildcards.case} = good; ", "")
    code, lines = run(rules)
    assert (code, lines[-1].split(" in ")[0]) == (0, "3 of 3 jobs done")
    assert run(rules) == (0, [f"Nothing to be done: all results in {tmp_path} are up to date."])


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
