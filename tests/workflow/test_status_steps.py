"""gms status knows the jobs of a case without Snakemake: its list must be that of the rules."""

import re

import pytest

from gms.base.project import PROJECT
from gms.operations.status import case_files

RULE = re.compile(r"^rule (\w+):\n(.*?)(?=^\S|\Z)", re.MULTILINE | re.DOTALL)
OUTPUT = re.compile(r"^    output:\n(.*?)(?=^    \w)", re.MULTILINE | re.DOTALL)
SUBJECT = re.compile(r"\{(case|sample)\}")


def rules() -> dict[str, str]:
    """Rule -> its output directive, of the rules about one case or sample."""
    texts = [path.read_text() for path in PROJECT.glob("workflow/rules/**/*.smk")]
    outputs = {name: OUTPUT.search(body)[1] for text in texts for name, body in RULE.findall(text)}
    return {name: output for name, output in outputs.items() if SUBJECT.search(output)}


def steps() -> dict[str, str]:
    """Rule -> file of all steps, with each caller that there is."""
    fixed = [*case_files.SAMPLE_STEPS, *case_files.CASE_STEPS, case_files.EXPORT_STEP, case_files.UPLOAD_STEP]
    rule, output = case_files.CALLER_STEP
    callers = [path.stem for path in PROJECT.glob("workflow/rules/callers/*.smk")]
    return dict(fixed) | {rule.format(caller=c): output.replace("{caller}", c) for c in callers}


def test_every_rule_of_a_case_is_a_step_and_none_is_more():
    assert rules().keys() == steps().keys()


@pytest.mark.parametrize("rule", sorted(steps()))
def test_the_file_of_a_step_is_an_output_of_its_rule(rule):
    folder, _, name = steps()[rule].rpartition("/")
    subject = SUBJECT.search(name)
    output = rules()[rule]
    whole = f'"{folder}/{name}"' in output
    in_parts = f'"{folder}/{subject[0]}"' in output and f'"{name[subject.end() :]}"' in output  # multiext
    assert whole or in_parts, output


def test_every_stage_ends_with_a_step():
    assert all(any(step.startswith(rule) for step in steps()) for _, rule in case_files.STAGES)


@pytest.mark.parametrize("name", case_files.OVERVIEW)
def test_what_is_told_of_the_whole_run_is_a_target(name):
    assert f'"{name}"' in (PROJECT / "workflow" / "Snakefile").read_text()


def test_steps_and_their_needs_are_in_order():
    known = []
    for rule in [*dict(case_files.SAMPLE_STEPS), "call_", *dict(case_files.CASE_STEPS), "export", "upload"]:
        assert all(need in known for need in case_files.NEEDS.get(rule, ())), rule
        known.append(rule)
