"""Every rule with a script carries the digest of that script."""

import re

from gms.software import PROJECT

RULE = re.compile(r"^rule (\w+):\n(.*?)(?=^\S|\Z)", re.MULTILINE | re.DOTALL)


def test_rules_declare_the_code_that_they_run():
    rules = [found for path in PROJECT.glob("workflow/**/*.smk") for found in RULE.findall(path.read_text())]
    scripts = {name: re.search(r'"(?:\.\./)+scripts/(\w+\.py)"', text) for name, text in rules}
    declared = {name: re.search(r'code=.*?code_digest\(\s*"(\w+\.py)"', text, re.DOTALL) for name, text in rules}
    scripts, declared = ({k: v[1] for k, v in found.items() if v} for found in (scripts, declared))
    assert len(scripts) > 10
    assert declared == scripts
