"""Format and lint of the code and of the rules; every finding is an error."""

import subprocess
import sys

import pytest

from gms.software import PROJECT

CODE = ["gms", "scripts", "tests"]
RULES = [str(path.relative_to(PROJECT)) for path in sorted(PROJECT.glob("workflow/**/*.smk"))] + ["workflow/Snakefile"]
CHECKS = {
    "ruff": ["ruff", "check", "--no-cache", *CODE],
    "ruff format": ["ruff", "format", "--no-cache", "--check", "--diff", *CODE],
    "snakefmt": ["snakefmt", "--check", "--diff", *RULES],
}


@pytest.mark.parametrize("name", CHECKS)
def test_style(name):
    run = subprocess.run([sys.executable, "-m", *CHECKS[name]], cwd=PROJECT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


def test_snakemake_lint(configfile):
    command = [sys.executable, "-m", "snakemake", "--snakefile", "workflow/Snakefile", "--lint"]
    command += ["--profile", "profiles/base", "--profile", "profiles/ci", "--configfile", str(configfile)]
    run = subprocess.run(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert "Lints for" in run.stdout or "Congratulations" in run.stdout, run.stdout
    assert findings(run.stdout) == []


def findings(output: str) -> list[str]:
    """What snakemake --lint found, except that rules name no software: environment.yml does, once for all of them."""
    found, where = [], ""
    for line in output.splitlines():
        if line.startswith("Lints for "):
            where = line.removeprefix("Lints for ")
        elif line.startswith("    * ") and "Specify a conda environment or container for each rule" not in line:
            found.append(f"{where} {line[6:]}")
    return found
