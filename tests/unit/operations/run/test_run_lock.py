"""Who holds a results folder: the living are not disturbed, the dead are named, and what they left is ended first."""

import errno
import json
import os
import subprocess
import sys
import time

import pytest

from gms.base.errors import GmsError
from gms.operations.run import orphans, run_lock_rules
from gms.operations.run import run_lock as run_lock
from gms.operations.run.run_lock import RECORD, TOKEN, RunLock, read_lock


@pytest.fixture
def results(tmp_path):
    return tmp_path / "results"


def change(results, **facts):
    """Rewrite a record as another process, machine or user would have left it."""
    record = results / RECORD
    record.write_text(json.dumps(json.loads(record.read_text()) | facts))


def ended():
    """The number of a process that has ended."""
    child = subprocess.Popen(["true"])
    child.wait()
    return child.pid


def grow_old(results, seconds):
    now = time.time()
    os.utime(results / RECORD, (now - seconds, now - seconds))


def test_a_folder_is_held_once_and_free_afterwards(results):
    with run_lock_rules.take(results):
        with pytest.raises(run_lock_rules.FolderInUse, match=f"process {os.getpid()} on .* started by .* on 20"):
            run_lock_rules.take(results)
        with pytest.raises(run_lock_rules.FolderInUse):
            run_lock_rules.release(results)
    assert not results.exists()  # a run that never began leaves nothing
    with run_lock_rules.take(results):
        pass


def test_a_killed_run_is_named_and_released(results, capsys):
    run_lock_rules.take(results)
    change(results, pid=ended(), user="anna")
    with pytest.raises(
        run_lock_rules.FolderLocked, match="started by anna .*\n.*no longer alive and nothing.* --unlock"
    ):
        run_lock_rules.take(results)
    run_lock_rules.release(results)
    assert read_lock(results) is None
    assert capsys.readouterr().out == ""


def test_a_number_that_now_is_another_process_is_not_alive(results):
    run_lock_rules.take(results)
    change(results, process_began=1)
    with pytest.raises(run_lock_rules.FolderLocked):
        run_lock_rules.take(results)


def test_orphans_of_a_killed_run_are_named_and_ended(results, capsys):
    lock = run_lock_rules.take(results)
    program = [sys.executable, "-c", "print(flush=True); import time; time.sleep(60)"]
    child = subprocess.Popen(program, env={**os.environ, TOKEN: lock.record.token}, stdout=subprocess.PIPE)
    child.stdout.readline()
    change(results, pid=ended())
    with pytest.raises(
        run_lock_rules.FolderLocked, match=rf"Still running: 1 process here \({child.pid}\).\n.*--unlock"
    ):
        run_lock_rules.take(results)
    run_lock_rules.release(results)
    assert child.wait(timeout=5) < 0
    assert f"1 process here ({child.pid})" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("host", "age", "kind", "says"),
    [
        ("node7", 10, run_lock_rules.FolderInUse, "on node7.*last sign of life was 1[01] s ago"),
        ("node7", 7200, run_lock_rules.FolderLocked, "last sign of life was 2.0 h ago.*ps -p"),
        (None, 7200, run_lock_rules.FolderLocked, "no longer alive"),  # this machine was restarted
    ],
)
def test_on_another_machine_the_age_of_the_record_counts(results, host, age, kind, says):
    run_lock_rules.take(results)
    change(results, machine="another boot", **({"host": host} if host else {}))
    grow_old(results, age)
    with pytest.raises(kind, match=says):
        run_lock_rules.take(results)


def test_a_record_is_renewed(results, monkeypatch):
    monkeypatch.setattr(run_lock, "BEAT", -1.0)
    lock = run_lock_rules.take(results)
    grow_old(results, 1000)
    lock.beat([])
    assert read_lock(results).silent < 100
    lock.beat(["SLURM run-1"])
    assert read_lock(results).cluster_runs == ["SLURM run-1"]


@pytest.mark.parametrize("number", [errno.EROFS, errno.ENOSPC, errno.EDQUOT])
def test_a_living_run_is_seen_where_nothing_can_be_written(results, monkeypatch, number):
    def fail(**_):
        raise OSError(number, os.strerror(number))

    with run_lock_rules.take(results):
        monkeypatch.setattr(run_lock.tempfile, "TemporaryFile", fail)
        for act in (run_lock_rules.take, run_lock_rules.release):
            with pytest.raises(run_lock_rules.FolderInUse):
                act(results)


def test_a_record_without_content_is_told(results):
    (results / RECORD).parent.mkdir(parents=True)
    (results / RECORD).touch()
    with pytest.raises(GmsError, match="cannot be read.*\n.*--unlock"):
        run_lock_rules.unreadable(results, patience=0)
    run_lock_rules.release(results)
    assert not (results / RECORD).exists()


def test_where_nothing_can_be_written_the_workflow_explains(tmp_path):
    (tmp_path / "file").touch()
    assert run_lock_rules.take(tmp_path / "file" / "results") is None


@pytest.fixture
def scheduler(tmp_path, monkeypatch):
    """A squeue that says what it is told to, and a scancel that makes it say nothing."""
    said = tmp_path / "said"
    for name, text in (("squeue", f"cat {said}"), ("scancel", f"echo $* > {tmp_path}/cancelled; : > {said}")):
        (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    return said


def test_jobs_of_a_killed_run_are_told_and_cancelled(results, scheduler, tmp_path):
    run_lock_rules.take(results).beat(["SLURM run-1"])
    change(results, pid=ended())
    scheduler.write_text("12\n13\n")
    with pytest.raises(run_lock_rules.FolderLocked, match=r"2 jobs of the scheduler \(12, 13\)"):
        run_lock_rules.take(results)
    run_lock_rules.release(results)
    assert (tmp_path / "cancelled").read_text() == "12 13\n"
    assert read_lock(results) is None


def test_nothing_is_released_while_the_scheduler_is_silent(results, scheduler):
    run_lock_rules.take(results).beat(["SLURM run-1"])
    change(results, pid=ended())
    for act in (run_lock_rules.take, run_lock_rules.release):  # there is nothing that squeue could print
        with pytest.raises(orphans.SchedulerSilent, match="squeue says: cat: .*nothing was done"):
            act(results)
    assert read_lock(results) is not None


def test_a_failed_run_that_leaves_jobs_stays_locked(results, scheduler, capsys, monkeypatch):
    monkeypatch.setattr(run_lock_rules, "PATIENCE", 0.0)
    scheduler.write_text("12\n")
    with RunLock(results) as lock:
        lock.take()
        lock.beat(["SLURM run-1"])
        run_lock_rules.leave(lock, 1)
    assert "1 job of the scheduler (12)" in capsys.readouterr().out
    assert read_lock(results) is not None


def test_the_name_of_a_run_without_its_scheduler_is_asked_of_slurm_and_of_nobody_else(results, scheduler, tmp_path):
    """As records had it once: asked of Grid Engine it would stand for every job of the cluster."""
    run_lock_rules.take(results).beat(["run-1"])
    change(results, pid=ended())
    scheduler.write_text("12\n")
    run_lock_rules.release(results)
    assert (tmp_path / "cancelled").read_text() == "12\n"


def test_a_grid_engine_that_says_something_else_is_silent(monkeypatch):
    monkeypatch.setattr(orphans, "ask", lambda *command: "<job_info>\nqmaster is starting\n")
    with pytest.raises(orphans.SchedulerSilent, match="qmaster is starting"):
        orphans.jobs_of("SGE 1a2b3c4d-0000")
