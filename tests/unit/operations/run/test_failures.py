"""Why a job failed, in a sentence; the lines are those of Slurm 22.05, Grid Engine, Linux and the tools."""

import shutil

import pytest

from gms.operations.run import failures
from gms.operations.run.events import Job
from gms.operations.run.failures import failure_reason

SLURM_MEMORY = "slurmstepd-n1: error: StepId=6.0 exceeded memory limit (999102464 > 629145600), being killed"
SLURM_TIME = "SLURM-job '4' failed, SLURM status is: 'TIMEOUT'."


def job(message="", **amounts):
    return Job("align_reads", wildcards={"sample": "T1"}, message=message, amounts=amounts)


def test_memory_names_rule_sample_what_it_had_and_what_to_set():
    failed = job(mem_mb=600)
    failed.earlier = [{"mem_mb": 200}, {"mem_mb": 400}]
    assert failure_reason(failed, [SLURM_MEMORY], on_cluster=True) == (
        "rule align_reads of sample T1 ran out of memory: it had 600 MB and used 953 (in earlier attempts 200, 400)."
        " Ask for more: --set-resources align_reads:mem_mb=1906"
    )


def test_time_names_rule_sample_what_it_had_and_what_to_set():
    assert failure_reason(job(SLURM_TIME, runtime=60), [], on_cluster=True) == (
        "rule align_reads of sample T1 ran out of time: it had 60 minutes. "
        "Ask for more: --set-resources align_reads:runtime=120"
    )


@pytest.mark.parametrize(
    "line",
    [
        SLURM_MEMORY,
        "slurmstepd: error: Detected 1 oom_kill event in StepId=7.batch.",
        "SLURM-job '3' failed, SLURM status is: 'OUT_OF_MEMORY'.",
        "terminate called after throwing an instance of 'std::bad_alloc'",
        "MemoryError",
        "java.lang.OutOfMemoryError: Java heap space",
        "OSError: [Errno 12] Cannot allocate memory",
    ],
)
def test_ways_to_say_that_memory_ran_out(line):
    assert "ran out of memory: it had 600 MB" in failure_reason(job(mem_mb=600), [line], on_cluster=True)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("samtools sort: failed writing to \"x.bam\": No space left on device", "the disk was full"),
        ("OSError: [Errno 122] Disk quota exceeded: 'x'", "the disk was full"),
        ("SLURM-job '3' failed due to a node failure, SLURM status is: 'NODE_FAIL'.", "its node failed"),
        ("SLURM-job '3' failed, SLURM status is: 'CANCELLED'.", "it was cancelled"),
        ("SLURM sbatch failed. The error message was 'sbatch: error: Batch job submission failed: Unable to contact "
         "slurm controller (connect failure)'.", "the scheduler did not answer"),
        ("SLURM sbatch failed. The error message was 'sbatch: error: invalid partition'.", "refused the job"),
        ("srun: error: n1: task 0: Killed", "it was killed from outside"),
    ],
)  # fmt: skip
def test_other_reasons(line, says):
    assert says in failure_reason(job(), [line], on_cluster=True)


def test_on_one_machine_no_request_is_a_limit():
    said = failure_reason(job(mem_mb=600), ["died with <Signals.SIGKILL: 9>."], on_cluster=False)
    assert "rule align_reads plans with 600 MB" in said
    assert "On one machine jobs have no limit" in said


def test_a_plain_error_has_no_guessed_reason():
    assert (
        failure_reason(job("SLURM-job '3' failed, SLURM status is: 'FAILED'."), ["error: T1_R1 is cut short"], True)
        is None
    )


def test_a_disk_that_is_nearly_full_is_noted(tmp_path, monkeypatch):
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(failures.shutil, "disk_usage", lambda folder: usage._replace(free=12_000_000))
    assert failures.disk_notes(tmp_path) == [f"note: only 12 MB are left on the disk of {tmp_path}"]
    monkeypatch.setattr(failures.shutil, "disk_usage", lambda folder: usage._replace(free=12_000_000_000))
    assert failures.disk_notes(tmp_path) == []
    assert failures.disk_notes(tmp_path / "absent") == []
