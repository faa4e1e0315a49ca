"""gms setup: install what is missing."""

import argparse

from gms.base.software import ENVIRONMENT
from gms.operations.setup import gatk, install, tests_only


def main(argv: list[str]) -> int:
    """Set up everything the workflow needs on this machine, now."""
    parser = argparse.ArgumentParser(prog="gms setup", description=main.__doc__)
    text = "also what only the tests need: Python packages, a browser, and services such as Slurm; says which it starts"
    parser.add_argument("--tests", action="store_true", help=text)
    text = (
        "also an optional tool: gatk for assays that list haplotypecaller or mutect2 among their callers, star for RNA"
    )
    parser.add_argument("--with", dest="optional", choices=["gatk", "star"], action="append", default=[], help=text)
    options = parser.parse_args(argv)
    install.ensure()
    if "gatk" in options.optional:
        gatk.ensure()
    if "star" in options.optional:
        install.ensure_star()
    if options.tests:
        tests_only.ensure_packages()
        tests_only.ensure_services()
    print(f"Everything is set up in {ENVIRONMENT}.")
    return 0
