"""gms setup: install what is missing."""

import argparse

from gms.base.software import ENVIRONMENT
from gms.operations.setup import install


def main(argv: list[str]) -> int:
    """Set up everything the workflow needs on this machine, now."""
    parser = argparse.ArgumentParser(prog="gms setup", description=main.__doc__)
    parser.add_argument(
        "--tests", action="store_true", help="also what only the tests need: a browser, Slurm, Grid Engine"
    )
    install.ensure(parser.parse_args(argv).tests)
    print(f"Everything is set up in {ENVIRONMENT}.")
    return 0
