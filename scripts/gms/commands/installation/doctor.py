"""gms doctor: what the workflow needs, what this machine has, and where it comes from."""

import argparse
import sys
from pathlib import Path

from gms.base import software
from gms.base.software import Found, OtherToolVersions


def main(argv: list[str]) -> int:
    """List each tool the workflow needs: the version found, the version wanted, where it comes from. With --profile,
    list what is still to be filled in, and what does not fit the cluster. Exit code 1 if runs would fail."""
    parser = argparse.ArgumentParser(prog="gms doctor", description=main.__doc__)
    parser.add_argument("--profile", "-p", help="a profile as for gms run: is it complete, does it fit this cluster?")
    text = "with --profile: a config whose results folder the nodes must see"
    parser.add_argument("--configfile", "-C", type=Path, help=text)
    text = "with --profile: also send one small job, and wait for it"
    parser.add_argument("--submit", action="store_true", help=text)
    options = parser.parse_args(argv)
    if not options.profile and (options.configfile or options.submit):
        parser.error("--configfile and --submit need --profile")
    return of_profile(options) if options.profile else of_tools()


def of_tools() -> int:
    """Print the table of tools; returns the exit code."""
    text = software.SPECIFICATION.read_text()
    found = software.found(software.wanted(text), software.ENVIRONMENT)
    optional = software.find(software.gatk(), software.ENVIRONMENT, {})
    print("\n".join(table([*found, optional])))
    if optional.state == "missing":
        print(f"{optional.wanted.name} is optional. ./gms setup --with gatk installs it.")
    missing = [item.wanted.name for item in found if item.state == "missing"]
    if missing:
        print(f"Missing: {', '.join(missing)}. ./gms setup installs them.")
    others = [item for item in [*found, optional] if item.state == "differs"]
    if others:
        print(OtherToolVersions(others))
    return 1 if missing or others else 0


def of_profile(options: argparse.Namespace) -> int:
    """Print what is to be said of a profile; returns the exit code. Needs the environment, hence sets it up."""
    from gms.operations.setup import install

    install.ensure(tools=False)
    install.enter_environment(["doctor", *sys.argv[2:]])
    from gms.operations.clusters import check, profile
    from gms.operations.run.launch import profile_folder, results_folder  # these need more than the standard library

    results = results_folder(options.configfile) if options.configfile else None
    found = profile.read_profile(profile_folder(options.profile))
    lines, works = check.report(found, results, options.submit)
    print("\n".join(lines))
    return 0 if works else 1


def table(found: list[Found]) -> list[str]:
    """The table as lines: tool, found, wanted, from, state."""
    rows = [("tool", "found", "wanted", "from", "")]
    rows += [(item.wanted.name, item.version or "-", item.wanted.version, item.origin, item.state) for item in found]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
