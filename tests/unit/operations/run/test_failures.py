"""Why a job failed, in a sentence; the lines are those of Slurm 22.05, Grid Engine, Linux and the tools."""

import pytest

from gms.operations.run.events import Job, Progress
from gms.operations.run.failures import cause

SLURM_MEMORY = "slurmstepd-n1: error: StepId=6.0 exceeded memory limit (999102464 > 629145600), being killed"
SLURM_TIME = "SLURM-job '4' failed, SLURM status is: 'TIMEOUT'."


def job(message="", **amounts):
    return Job("align_reads", wildcards={"sample": "T1"}, message=message, amounts=amounts)


def test_memory_names_rule_sample_what_it_had_and_what_to_set():
    failed = job(mem_mb=600)
    failed.earlier = [{"mem_mb": 200}, {"mem_mb": 400}]
    assert cause(failed, [SLURM_MEMORY], on_cluster=True) == (
        "rule align_reads of sample T1 ran out of memory: it had 600 MB and used 953 (in earlier attempts 200, 400)."
        " Ask for more: --set-resources align_reads:mem_mb=1906"
    )


def test_time_names_rule_sample_what_it_had_and_what_to_set():
    assert cause(job(SLURM_TIME, runtime=60), [], on_cluster=True) == (
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
    assert "ran out of memory: it had 600 MB" in cause(job(mem_mb=600), [line], on_cluster=True)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("samtools sort: failed writing to \"x.bam\": No space left on device", "the disk was full"),
        ("OSError: [Errno 122] Disk quota exceeded: 'x'", "the disk was full"),
        ("SLURM-job '3' failed due to a node failure, SLURM status is: 'NODE_FAIL'.", "its node went down"),
        ("SLURM-job '3' failed, SLURM status is: 'CANCELLED'.", "somebody cancelled it"),
        ("SLURM sbatch failed. The error message was 'sbatch: error: Batch job submission failed: Unable to contact "
         "slurm controller (connect failure)'.", "the scheduler did not answer"),
        ("SLURM sbatch failed. The error message was 'sbatch: error: invalid partition'.", "refused the job"),
        ("srun: error: n1: task 0: Killed", "it was killed from outside"),
    ],
)  # fmt: skip
def test_other_causes(line, says):
    assert says in cause(job(), [line], on_cluster=True)


def test_on_one_machine_no_request_is_a_limit():
    said = cause(job(mem_mb=600), ["died with <Signals.SIGKILL: 9>."], on_cluster=False)
    assert "rule align_reads plans with 600 MB" in said
    assert "On one machine no job is limited" in said


def test_a_plain_error_has_no_guessed_cause():
    assert cause(job("SLURM-job '3' failed, SLURM status is: 'FAILED'."), ["error: T1_R1 is cut short"], True) is None


GROUP = """\
    [Mon Nov 23 18:29:21 2026]
    rule make:
        log: logs/make/A.log
        jobid: 3
        wildcards: case=A
        resources: tmpdir=<TBD>, disk_mb=50000, mem_mb=300, mem=300 MB, mem_mib=287, runtime=5
    [Mon Nov 23 18:29:21 2026]
    rule use:
        log: logs/use/A.log
        jobid: 2
        wildcards: case=A
        resources: tmpdir=<TBD>, mem_mb=200, mem=200 MB, runtime=5
"""
GROUP_ERROR = """\
[Mon Nov 23 18:29:57 2026]
    message: Error in group g
    log: /x/slurm_logs/group_g/2.log (check log file(s) for error details)
    jobs:
        rule make:
            jobid: 3
            log: logs/make/A.log (check log file(s) for error details)
        rule use:
            jobid: 2
            log: logs/use/A.log (check log file(s) for error details)
    [Mon Nov 23 18:29:57 2026]
    Error in rule make:
        message: None
        jobid: 3
        log: logs/make/A.log (check log file(s) for error details)
    [Mon Nov 23 18:29:57 2026]
    Error in rule use:
        message: None
        jobid: 2
        log: logs/use/A.log (check log file(s) for error details)
Trying to restart job dcdcee6b-a69b-5d44-82a5-4fcba9cfa1eb.
"""


def test_a_group_that_fails_and_is_tried_again():
    progress = Progress()
    news = [progress.feed(line) for line in (GROUP + GROUP_ERROR).splitlines()]
    assert [one for one in news if one] == ["failed: make A", "failed: use A"]
    assert {job.rule: job.group_logs for job in progress.failed.values()} == {
        "make": ["/x/slurm_logs/group_g/2.log"],
        "use": ["/x/slurm_logs/group_g/2.log"],
    }
    news = [progress.feed(line) for line in GROUP.replace("=300", "=600").splitlines()]
    assert [one for one in news if one] == ["trying again: make A", "trying again: use A"]
    assert progress.failed == {}
    job = progress.jobs["3"]
    assert (job.amounts, job.earlier) == ({"mem_mb": 600, "runtime": 5}, [{"mem_mb": 300, "runtime": 5}])
