"""gms test: every test, the quick ones first."""

import argparse
import subprocess
import sys

from gms.base.project import PROJECT

FAST = ("tests/unit", "tests/workflow")
SLOW = ("tests/cases", "tests/integration")


def main(argv: list[str]) -> int:
    """Run the tests: code, lint and dry-runs, then rules on small files, then the miniature data set end to end."""
    parser = argparse.ArgumentParser(
        prog="gms test",
        description=main.__doc__,
        usage="gms test [--fast] [pytest options or test files ...]",
        allow_abbrev=False,
    )
    parser.add_argument("--fast", action="store_true", help="only unit tests, lint and dry-runs (below 90 s)")
    options, rest = parser.parse_known_args(argv)
    command = [sys.executable, "-m", "pytest", *rest]
    if not any((PROJECT / argument.split("::")[0]).exists() for argument in rest if not argument.startswith("-")):
        folders = FAST if options.fast else FAST + SLOW
        command += [folder for folder in folders if (PROJECT / folder).is_dir()]
    return subprocess.call(command, cwd=PROJECT)
