"""The lines are what Snakemake 9.27.1 printed; tests/workflow/test_follow.py has the real thing."""

import pytest

from gms.base.tables import duration
from gms.operations.run.events import Progress, plain_errors, status, without_traceback

BEGIN = """\
Assuming unrestricted shared filesystem usage.

SNAKEMAKE
=========
  Date: 2026-11-23 14:23:21
  Snakemake version: 9.27.1
  Command: snakemake -c2 -k
  Config file(s): []

Building DAG of jobs...
Job stats:
job          count
---------  -------
make             3
all              1
total            4

Select jobs to execute...
Execute 2 jobs...

[Mon Nov 23 14:23:21 2026]
localrule make:
    output: raw/A.txt
    log: logs/make/A.log
    jobid: 2
    reason: Missing output files: raw/A.txt
    wildcards: sample=A, region=3
    resources: tmpdir=/tmp, mem_mb=100, mem=100 MB, mem_mib=96
[Mon Nov 23 14:23:21 2026]
rule make:
    output: raw/B.txt
    log: logs/make/B.log
    jobid: 4
    wildcards: sample=B, region=3
    resources: tmpdir=/tmp
"""
FINISHED = """\
[Mon Nov 23 14:23:22 2026]
Finished jobid: 2 (Rule: make)
1 of 4 steps (25%) done
"""
ERROR = """\
RuleException:
CalledProcessError in file "Snakefile", line 7:
[Mon Nov 23 14:23:22 2026]
Error in rule make:
    message: SLURM-job '7' failed, SLURM status is: 'OUT_OF_MEMORY'.
    jobid: 4
    output: raw/B.txt
    log: logs/make/B.log, slurm_logs/7.log (check log file(s) for error details)
    shell:
        echo hello
        (command exited with non-zero exit code)
    external_jobid: 7
"""
ERROR_IN_GROUP = """\
[Mon Nov 23 14:23:22 2026]
    message: SLURM-job '7' failed
    jobs:
        rule make:
            jobid: 4
            output: raw/B.txt
            log: logs/make/B.log (check log file(s) for error details)
"""
RESTART = "Trying to restart job 4.\n"
END = "Complete log(s): /here/.snakemake/log/x.snakemake.log\n"


def read(text: str) -> tuple[Progress, list[str]]:
    progress = Progress()
    return progress, [news for line in text.splitlines(keepends=True) if (news := progress.feed(line))]


def test_started_jobs_are_running():
    progress, news = read(BEGIN)
    assert (progress.done, progress.total, news) == (0, 4, [])
    assert [job.label for job in progress.running.values()] == ["make A 3", "make B 3"]
    assert status(progress, 65) == "0/4 (0 %)  0:01:05  running: make A 3, make B 3"


def test_finished_jobs_are_counted():
    progress, _ = read(BEGIN + FINISHED)
    assert (progress.done, list(progress.running)) == (1, ["4"])


def test_a_failed_job_has_its_wildcards_logs_and_message():
    progress, news = read(BEGIN + FINISHED + ERROR + END)
    job = progress.failed["4"]
    assert news == ["failed: make B 3"]
    assert (job.wildcards, job.subject) == ({"sample": "B", "region": "3"}, "sample B")
    assert job.logs == ["logs/make/B.log", "slurm_logs/7.log"]
    assert job.message.startswith("SLURM-job '7' failed")
    assert progress.full_log == "/here/.snakemake/log/x.snakemake.log"


def test_a_job_that_failed_in_a_group_is_found():
    progress, news = read(BEGIN + ERROR_IN_GROUP)
    assert news == ["failed: make B 3"]
    assert progress.failed["4"].logs == ["logs/make/B.log"]


def test_a_job_that_is_tried_again_has_not_failed():
    progress, news = read(BEGIN + ERROR + RESTART)
    assert progress.failed == {}
    assert news[-1] == "trying again: make B 3"


def test_status_fits_the_width():
    progress, _ = read(BEGIN)
    assert len(status(progress, 0, width=30)) == 30


@pytest.mark.parametrize(("seconds", "text"), [(0, "0:00:00"), (3723.9, "1:02:03"), (360000, "100:00:00")])
def test_duration(seconds, text):
    assert duration(seconds) == text


def test_the_sentences_of_the_workflow_stay_verbatim():
    text = "error: samples.tsv has 2 problems:\n  line 2: unknown assay 'x'\n  line 3: Lane: twice\n"
    progress, _ = read(text)
    assert plain_errors(progress) == text.splitlines()


def test_traceback_frames_are_dropped_and_their_sentence_stays():
    text = [
        "before",
        "Traceback (most recent call last):",
        '  File "x.py", line 1, in f',
        "    f()",
        "KeyError: 'x'",
        "z",
    ]
    assert without_traceback(text) == ["before", "KeyError: 'x'", "z"]
