"""gms setup: install what is missing."""

import argparse

from gms.base.software import ENVIRONMENT
from gms.operations.setup import install, tests_only


def main(argv: list[str]) -> int:
    """Set up everything the workflow needs on this machine, now."""
    parser = argparse.ArgumentParser(prog="gms setup", description=main.__doc__)
    text = "also what only the tests need: Python packages, a browser, and services such as Slurm; says which it starts"
    parser.add_argument("--tests", action="store_true", help=text)
    options = parser.parse_args(argv)
    install.ensure()
    if options.tests:
        tests_only.ensure_packages()
        tests_only.ensure_services()
    print(f"Everything is set up in {ENVIRONMENT}.")
    return 0
