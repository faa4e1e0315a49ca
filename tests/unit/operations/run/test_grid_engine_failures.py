"""Job details from Grid Engine: case or sample, requests, and the limit that ended a job."""

import pytest

import event_lines as lines
from gms.operations.clusters.profile import Answer
from gms.operations.run import grid_engine_failures
from gms.operations.run.conclusion import failure
from gms.operations.run.events import Job

STEP = """\
rule sample_qc:
    input: x
    log: logs/sample_qc/S2.log
    jobid: 1
    wildcards: sample=S2
    resources: mem_mb=900, runtime=30

localrule sample_qc:
    log: logs/sample_qc/S1.log
    jobid: 0
    wildcards: sample=S1
    resources: tmpdir=/tmp/3.2.routine.q, mem_mb=500, mem=500 MB, threads=1, runtime=1
"""
ACCOUNT = """\
==============================================================
jobname      sample_qc_0a16cfda
taskid       1
failed       0
ru_wallclock 900
==============================================================
jobname      sample_qc_0a16cfda
taskid       2
failed       37  : qmaster enforced h_rt, h_cpu, or h_vmem limit
exit_status  137                  (Killed)
ru_wallclock {took}s
category     -q routine.q -l h_rt=60,h_vmem=3500M -pe mpi 1
"""


@pytest.fixture
def job(tmp_path):
    """A failed job as a run knows it, with the log of its step."""
    (tmp_path / "sge").mkdir()
    (tmp_path / "sge" / "3.2.error").write_text(STEP)
    logs = ["logs/sample_qc/S1.log", "sge/3.2.log", "sge/3.2.error"]
    message = "SGE job '3.2' failed (confirmed on 2 consecutive polls). Check logs: ['3.2.log']"
    progress, _ = lines.read(lines.failed(2, "sample_qc", *logs, message=message, external="3.2"))
    return progress.failed["2"]


def test_a_job_is_about_whom_its_step_says(job, tmp_path):
    assert job.subject == "rule sample_qc"
    grid_engine_failures.complete([job], tmp_path)
    assert (job.subject, job.amounts) == ("sample S1", {"mem_mb": 500, "runtime": 1})


@pytest.mark.parametrize(
    "took, said",
    [
        (61, "time: it had 1 minutes. Ask for more: --set-resources sample_qc:runtime=2"),
        (20, "memory: it had 500 MB. Ask for more: --set-resources sample_qc:mem_mb=1000"),
    ],
)
def test_the_limit_that_ended_a_job_is_named(job, tmp_path, monkeypatch, took, said):
    monkeypatch.setattr(grid_engine_failures, "ask", lambda *words: Answer(0, ACCOUNT.format(took=took), ""))
    grid_engine_failures.complete([job], tmp_path)
    assert f"  rule sample_qc of sample S1 ran out of {said}" in failure(job, tmp_path, True, "SGE")


@pytest.mark.parametrize("text", ["", ACCOUNT.replace("37  ", "0   ").format(took=61)])
def test_without_a_limit_none_is_named(job, monkeypatch, text):
    monkeypatch.setattr(grid_engine_failures, "ask", lambda *words: Answer(0, text, ""))
    assert grid_engine_failures.limits(job) == []
    assert grid_engine_failures.limits(Job("sample_qc")) == []
