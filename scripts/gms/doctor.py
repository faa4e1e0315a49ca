"""gms doctor: what the workflow needs, what this machine has, and where it comes from."""

import argparse

from gms import software
from gms.software import Found


def main(argv: list[str]) -> int:
    """List each tool the workflow needs: the version found, the version wanted, where it comes from. Exit code 1 if one
    is missing."""
    argparse.ArgumentParser(prog="gms doctor", description=main.__doc__).parse_args(argv)
    text = software.SPECIFICATION.read_text()
    found = software.found(software.wanted(text), software.ENVIRONMENT)
    print("\n".join(table(found)))
    missing = [item.wanted.name for item in found if item.state == "missing"]
    if missing:
        print(f"Missing: {', '.join(missing)}. ./gms setup installs them.")
    return 1 if missing else 0


def table(found: list[Found]) -> list[str]:
    """The table as lines: tool, found, wanted, from, state."""
    rows = [("tool", "found", "wanted", "from", "")]
    rows += [(item.wanted.name, item.version or "-", item.wanted.version, item.origin, item.state) for item in found]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
