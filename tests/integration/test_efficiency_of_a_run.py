"""No rule asks for more than twice what it used on the miniature data set, unless a comment beside it says why."""

import re

import runs
from gms.inputs.requests import FLOOR_MB, FLOOR_MINUTES
from gms.operations.capacity.efficiency import summary
from gms.operations.capacity.usage import by_rule, read_jobs

RULE = re.compile(r"^rule (\w+):\n(.*?)(?=^\S|\Z)", re.MULTILINE | re.DOTALL)


def reasons():
    """Rules with a comment among their resources."""
    texts = dict(found for path in runs.PROJECT.glob("workflow/**/*.smk") for found in RULE.findall(path.read_text()))
    return {
        name for name, text in texts.items() if re.search(r"^    resources:\n(?: {8}.*\n)*? +#", text, re.MULTILINE)
    }


def test_requests_on_the_miniature(finished):
    rules = {name: summary(name, jobs) for name, jobs in by_rule(read_jobs(finished.results)).items()}
    assert {"align_reads", "call_freebayes", "case_report", "export"} <= set(rules)
    assert all(rule.memory.asked for rule in rules.values()), "runs record what jobs ask for"
    too_much = {name for name, rule in rules.items() if rule.memory.too_much(FLOOR_MB)}
    assert too_much <= reasons()
    assert not [name for name, rule in rules.items() if rule.time.too_much(FLOOR_MINUTES) and name not in reasons()]


def test_the_command(finished):
    done = runs.gms("efficiency", finished.results)
    assert done.returncode == 0, done.stdout
    assert re.search(r"^align_reads +9 ", done.stdout, re.MULTILINE)
