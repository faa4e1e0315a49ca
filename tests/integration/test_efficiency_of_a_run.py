"""Each rule asks for what it used on the miniature data set, and for twice that at most, unless a comment says why."""

import re

import runs
from gms.operations.capacity.efficiency import is_too_much, summary
from gms.operations.capacity.usage import jobs_table

RULE = re.compile(r"^rule (\w+):\n(.*?)(?=^\S|\Z)", re.MULTILINE | re.DOTALL)


def reasons():
    """Rules with a comment among their resources."""
    texts = dict(found for path in runs.PROJECT.glob("workflow/**/*.smk") for found in RULE.findall(path.read_text()))
    return {
        name for name, text in texts.items() if re.search(r"^    resources:\n(?: {8}.*\n)*? +#", text, re.MULTILINE)
    }


def test_requests_on_the_miniature(finished):
    rules = summary(jobs_table([finished.results]))
    assert {"align_reads", "call_freebayes", "case_report", "export"} <= set(rules.index)
    assert rules["memory_asked"].notna().all(), "runs record what jobs ask for"
    for amount in ("memory", "minutes"):
        assert set(rules.index[is_too_much(rules, amount)]) <= reasons()
        assert list(rules.index[rules[f"{amount}_ratio"] < 1]) == [], f"used more {amount} than asked for"


def test_the_command(finished):
    done = runs.gms("efficiency", finished.results)
    assert done.returncode == 0, done.stdout
    assert re.search(r"^align_reads +16 ", done.stdout, re.MULTILINE)
