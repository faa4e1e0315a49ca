"""The loop of kills: every kind as often as asked, and jobs that were finished are counted."""

import random
from collections import Counter

import event_lines as lines
from benchmarks.disturbance import HERE, ON_CLUSTER, finished_jobs
from benchmarks.faults import shares


def test_every_kind_is_killed_as_often():
    runs = shares(40, random.Random(1))
    counts = Counter((kind, on_cluster) for kinds, on_cluster in runs for kind in kinds)
    assert counts == {**{(kind, True): 32 // 5 + (kind in ON_CLUSTER[:2]) for kind in ON_CLUSTER},
                      **{(kind, False): 4 for kind in HERE}}  # fmt: skip


def test_finished_jobs_are_those_that_snakemake_calls_so():
    jobs = [
        lines.job(4, "align_reads", sample="T1"),
        *lines.finished(4, 1, 3),
        lines.job(5, "align_reads", sample="T2"),
    ]
    assert finished_jobs(lines.read(*jobs)[0]) == ["align_reads T1"]
