"""The state of a run by its events; tests/integration/test_logger_plugin.py has those of a real Snakemake."""

import pytest

import event_lines as lines
from gms.base.tables import duration
from gms.operations.run.events import Progress, plain_errors, without_traceback
from gms.operations.run.follow import status

BEGIN = [
    lines.started(log="/here/x.snakemake.log"),
    lines.planned(make=3, all=1),
    lines.event("job_started", jobids=[2, 4]),
    lines.job(2, "make", sample="A", region="3"),
    lines.job(4, "make", sample="B", region="3"),
]
ERROR = lines.failed(4, "make", "logs/make/B.log", "slurm_logs/7.log", message="SLURM-job '7' failed", external="7")
AGAIN = lines.event("job_started", jobids=[4])


def test_started_jobs_are_running():
    progress, news = lines.read(*BEGIN)
    assert (progress.done, progress.total, news) == (0, 4, [])
    assert [job.label for job in progress.running.values()] == ["make A 3", "make B 3"]
    assert status(progress, 65) == "0/4 (0 %)  0:01:05  running: make A 3, make B 3"


def test_finished_jobs_are_counted():
    progress, _ = lines.read(*BEGIN, *lines.finished(2, 1, 4))
    assert (progress.done, list(progress.running), progress.finished) == (1, ["4"], ["2"])


def test_a_failed_job_has_its_wildcards_logs_and_message():
    progress, news = lines.read(*BEGIN, ERROR)
    job = progress.failed["4"]
    assert news == ["failed: make B 3"]
    assert (job.wildcards, job.subject) == ({"sample": "B", "region": "3"}, "sample B")
    assert (job.logs, job.external) == (["logs/make/B.log", "slurm_logs/7.log"], "7")
    assert job.message == "SLURM-job '7' failed"
    assert progress.full_log == "/here/x.snakemake.log"


def test_jobs_that_failed_in_a_group_are_found_once():
    group = lines.event("group_error", log=["slurm_logs/7.log"], jobs=[lines.failure(4, "make", "logs/make/B.log")])
    progress, news = lines.read(*BEGIN, group, lines.failed(4, "make", "logs/make/B.log"))
    assert news == ["failed: make B 3"]
    job = progress.failed["4"]
    assert (job.logs, job.group_logs) == (["logs/make/B.log"], ["slurm_logs/7.log"])


def test_a_group_that_fails_and_is_tried_again():
    jobs = [lines.job(3, "make", case="A"), lines.job(2, "use", case="A")]
    failures = [lines.failure(3, "make", "logs/make/A.log"), lines.failure(2, "use", "logs/use/A.log")]
    group = lines.event("group_error", log=["/x/2.log"], jobs=failures)
    progress, news = lines.read(*jobs, group, lines.failed(2, "use", "logs/use/A.log"))
    assert news == ["failed: make A\nfailed: use A"]
    assert [job.group_logs for job in progress.failed.values()] == [["/x/2.log"], ["/x/2.log"]]
    progress, news = lines.read(*jobs, group, lines.event("job_started", jobids=["dcdcee6b-a69b"]), *jobs)
    assert news[1:] == ["trying again: make A", "trying again: use A"]
    assert progress.failed == {}


@pytest.mark.parametrize("again", [AGAIN, lines.job(4, "make", sample="B", region="3")])
def test_a_job_that_is_tried_again_has_not_failed(again):
    """Grid Engine chooses a job without announcing it; jobs of a group are announced, and chosen by another name."""
    progress, news = lines.read(*BEGIN, ERROR, again)
    assert progress.failed == {}
    assert news == ["failed: make B 3", "trying again: make B 3"]


def test_requests_of_earlier_attempts_are_kept():
    more = lines.job(4, "make", sample="B", region="3").replace('"mem_mb": 100', '"mem_mb": 200')
    progress, _ = lines.read(*BEGIN, ERROR, AGAIN, more)
    job = progress.jobs["4"]
    assert (job.amounts, job.earlier) == ({"mem_mb": 200, "runtime": 5}, [{"mem_mb": 100, "runtime": 5}])


def test_a_job_of_an_unannounced_group_that_succeeds_in_the_end_has_not_failed():
    progress, _ = lines.read(lines.failed(4, "make", "a.log"), *lines.finished(4, 1, 4))
    assert progress.failed == {}


def test_what_ends_after_a_stop_was_asked_for_has_not_failed():
    progress, news = lines.read(*BEGIN, lines.event("stop_requested", signal=2), ERROR)
    assert (progress.failed, news) == ({}, [])


def test_what_programs_print_belongs_to_the_next_failure():
    progress, _ = lines.read(*BEGIN)
    progress.feed("No space left on device\n")
    text = "RuleException:\nCalledProcessError in file \"Snakefile\", line 7:\nCommand 'false' died with SIGKILL"
    progress.feed("half a line\x1e" + lines.event("error", exception="RuleException", level="error", text=text))
    progress.feed("\x1e" + ERROR)
    job = progress.failed["4"]
    assert job.said == ["No space left on device", "half a line"]
    assert job.raised[-1] == "Command 'false' died with SIGKILL"


def test_the_name_of_the_runs_jobs_at_the_scheduler():
    progress, _ = lines.read(*BEGIN, lines.message("SLURM run ID: run-1"), lines.message("Select jobs to execute..."))
    assert (progress.cluster_runs, progress.scheduler) == (["SLURM run-1"], "SLURM")
    assert plain_errors(progress) == []


def test_a_torn_event_is_skipped():
    progress, _ = lines.read(*BEGIN, '{"time": 1, "event": "progr', "", "3", *lines.finished(2, 1, 4))
    assert progress.done == 1


def test_status_fits_the_width():
    progress, _ = lines.read(*BEGIN)
    assert len(status(progress, 0, width=30)) == 30


@pytest.mark.parametrize(("seconds", "text"), [(0, "0:00:00"), (3723.9, "1:02:03"), (360000, "100:00:00")])
def test_duration(seconds, text):
    assert duration(seconds) == text


def test_the_sentences_of_the_workflow_stay_verbatim():
    text = "error: samples.tsv has 2 problems:\n  line 2: unknown assay 'x'\n  line 3: Lane: twice\n"
    progress = Progress()
    for line in text.splitlines(keepends=True):
        progress.feed(line)
    assert plain_errors(progress) == text.splitlines()


def test_a_warning_of_the_workflow_is_news():
    assert Progress().feed("warning: a file is damaged\n") == "warning: a file is damaged"


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
