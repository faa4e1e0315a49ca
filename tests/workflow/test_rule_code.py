"""What every rule has: the digest of its script, and script, log and benchmark of its own name."""

import re

from gms.base.project import PROJECT

RULE = re.compile(r"^rule (\w+):\n(.*?)(?=^\S|\Z)", re.MULTILINE | re.DOTALL)
RULES = dict(found for path in PROJECT.glob("workflow/**/*.smk") for found in RULE.findall(path.read_text()))
# What the callers of small variants print is read alike.
CALL = {
    f"call_{name}": "call_variants.py"
    for name in ("bcftools", "deepvariant", "freebayes", "haplotypecaller", "mutect2")
}


def in_rules(pattern: str) -> dict[str, str]:
    """Rule -> what the pattern's group finds in it, of those where it is found."""
    found = {name: re.search(pattern, text, re.DOTALL | re.MULTILINE) for name, text in RULES.items()}
    return {name: match[1] for name, match in found.items() if match}


def test_rules_declare_the_code_that_they_run():
    scripts = in_rules(r'"(?:\.\./)+scripts/(\w+\.py)"')
    assert len(scripts) > 10
    assert in_rules(r'code=.*?code_digest\(\s*"(\w+\.py)"') == scripts
    assert {name: CALL.get(name, f"{name}.py") for name in scripts} == scripts


def test_logs_and_benchmarks_are_found_by_the_name_of_their_rule():
    assert in_rules(r'log:\s+"logs/(\w+)/[^"]+\.log"') == {name: name for name in RULES}
    assert in_rules(r'benchmark:\s+"benchmarks/(\w+)/[^"]+\.jsonl"') == {name: name for name in RULES}


def test_every_rule_asks_for_memory_and_time():
    assert in_rules(r"resources:.*?(mem_mb)=") == dict.fromkeys(RULES, "mem_mb")
    assert in_rules(r"resources:.*?(runtime)=") == dict.fromkeys(RULES, "runtime")


def test_rules_that_read_files_of_the_user_follow_their_content():
    """Not the dates alone: a ClinVar file replaced by one with its publisher's date is newer knowledge."""
    inputs = in_rules(r"input:\n(.*?)^    \w+:")
    asked = {name for name, text in inputs.items() if re.search(r"optional_input|=(targets|genes|policy),", text)}
    assert {"annotate_variants", "filter_variants", "call_bcftools", "transcripts"} <= asked
    assert asked - in_rules(r"params:.*?(content)=").keys() == set()


def test_rules_that_read_a_policy_follow_its_content():
    inputs, content = in_rules(r"input:\n(.*?)^    \w+:"), in_rules(r"params:.*?content=(.*?)code=")
    asked = {name for name, text in inputs.items() if " policy=" in text}
    followed = {name for name, text in content.items() if re.search(r"policy_file|case_policies|assay\.tmb", text)}
    assert {"assay_regions", "filter_variants", "mutational_burden"} <= asked <= followed


def test_residual_disease_follows_the_content_of_files_of_other_runs():
    assert "PATIENTS[wildcards.patient]" in in_rules(r"content=(.*?)code=")["residual_disease"]
