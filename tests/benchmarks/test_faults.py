"""The loop of kills: every kind as often as asked, and jobs that were finished are counted."""

import random
from collections import Counter

from benchmarks.disturbance import HERE, ON_CLUSTER, finished_jobs
from benchmarks.faults import shares

LOG = """\
rule align_reads:
    jobid: 4
    wildcards: sample=T1
Finished jobid: 4 (Rule: align_reads)
1 of 3 steps (33%) done
rule align_reads:
    jobid: 5
    wildcards: sample=T2
"""


def test_every_kind_is_killed_as_often():
    runs = shares(40, random.Random(1))
    counts = Counter((kind, on_cluster) for kinds, on_cluster in runs for kind in kinds)
    assert counts == {**{(kind, True): 32 // 5 + (kind in ON_CLUSTER[:2]) for kind in ON_CLUSTER},
                      **{(kind, False): 4 for kind in HERE}}  # fmt: skip


def test_finished_jobs_are_those_that_snakemake_calls_so():
    assert finished_jobs(LOG) == ["align_reads T1"]
