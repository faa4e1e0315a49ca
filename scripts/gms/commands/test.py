"""gms test: every test, the quick ones first."""

import argparse
import os
import subprocess
import sys

from gms.base.project import PROJECT
from gms.operations.setup import tests_only

FAST = ("tests/unit", "tests/benchmarks", "tests/workflow")
SLOW = ("tests/integration",)
# Small tests share the cores. Two of the slow ones run at a time, as each starts runs of its own, in the order and the
# groups of tests/integration/conftest.py.
PARALLEL = ("-n", "logical", "--dist", "worksteal")
PAIRED = ("-n", "2", "--dist", "loadgroup", "--no-loadscope-reorder")
PASSED, NONE_COLLECTED = 0, 5  # exit codes of pytest


def main(argv: list[str]) -> int:
    """Run the tests: code, lint and dry-runs on all cores, then rules on small files and the miniature data set end to
    end, two at a time, for which it installs what ./gms setup --tests does."""
    parser = argparse.ArgumentParser(
        prog="gms test",
        description=main.__doc__,
        usage="gms test [--fast] [pytest options or test files ...]",
        allow_abbrev=False,
    )
    parser.add_argument(
        "--fast", action="store_true", help="only unit tests, lint and dry-runs (below 90 s); installs no service"
    )
    options, rest = parser.parse_known_args(argv)
    named = [word for word in rest if not word.startswith("-") and (PROJECT / word.split("::")[0]).exists()]
    if not options.fast and (not named or any(SLOW[0] in word for word in named)):
        tests_only.ensure_services()
    if named:
        return pytest(*rest)
    codes = [pytest(*PARALLEL, *rest, *FAST)]
    if not options.fast:
        codes.append(pytest(*PAIRED, *rest, *SLOW))
    return outcome(codes)


def pytest(*arguments: str) -> int:
    """Run pytest in the folder of the project; its exit code. It keeps what it compiles for the next time: each of its
    processes would compile all tests again, 3 s."""
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.call([sys.executable, "-m", "pytest", *arguments], cwd=PROJECT, env=variables)


def outcome(codes: list[int]) -> int:
    """One exit code of several parts: the first failure; a part without tests (-k) is none unless all are."""
    failed = [code for code in codes if code not in (PASSED, NONE_COLLECTED)]
    return failed[0] if failed else min(codes)
