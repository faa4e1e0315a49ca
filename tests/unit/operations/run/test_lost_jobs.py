"""A run that waits for jobs which its scheduler has lost is stopped; one that has jobs, or hears nothing, is not."""

import pytest

import event_lines as lines
from gms.operations.run import lost_jobs
from gms.operations.run.orphans import SchedulerSilent

RUN_ID = lines.message("SLURM run ID: run-1")


def silent(run):
    raise SchedulerSilent("squeue", "connect failure")


def waited(monkeypatch, at_scheduler, local=False, said=(RUN_ID,), seconds=2000):
    """Whether a run is taken for one that waits in vain within so many seconds of silence."""
    monkeypatch.setattr(lost_jobs, "jobs_of", at_scheduler)
    progress, _ = lines.read(*said, lines.job(4, "align_reads", local=local, sample="T1"))
    watch = lost_jobs.Watch(now=0)
    return any(watch.waits_in_vain(progress, False, now=second) for second in range(seconds)), progress


def test_lost_jobs_end_the_run_and_are_named(monkeypatch):
    is_over, progress = waited(monkeypatch, lambda run: [])
    assert is_over
    assert "1 job had not ended: align_reads T1." in lost_jobs.lost(progress)


@pytest.mark.parametrize("at_scheduler", [lambda run: ["12"], silent])
def test_jobs_that_wait_or_a_scheduler_that_is_silent_are_waited_for(monkeypatch, at_scheduler):
    assert not waited(monkeypatch, at_scheduler)[0]


def test_jobs_beside_snakemake_are_waited_for(monkeypatch):
    assert not waited(monkeypatch, lambda run: [], local=True)[0]


def test_without_a_scheduler_nothing_is_asked(monkeypatch):
    assert not waited(monkeypatch, lambda run: [], said=())[0]


def test_news_are_a_sign_of_life(monkeypatch):
    assert not waited(monkeypatch, lambda run: [], seconds=600)[0]
