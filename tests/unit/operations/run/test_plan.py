"""The table of planned jobs."""

import event_lines as lines
from gms.operations.run import plan


def test_the_summary_counts_jobs_by_rule():
    progress, _ = lines.read(lines.planned(make=3, all=1))
    assert plan.plan_summary(progress) == "A run would start:\n      3  make"


def test_a_dry_run_without_jobs_has_nothing_to_do():
    assert plan.plan_summary(lines.read()[0]).startswith("Nothing to be done")
