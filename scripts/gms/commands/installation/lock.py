"""gms lock: the versions and hashes of all software."""

import argparse

from gms.operations.setup import make_locks


def main(argv: list[str]) -> int:
    """Rewrite locks/ from environment.yml and tests/environment.yml: every Python package with the hashes of its
    files, by uv, and every conda package for linux-64 where there is a conda. ./gms setup installs nothing else. Needs
    a network."""
    parser = argparse.ArgumentParser(prog="gms lock", description=main.__doc__)
    text = "take the newest versions of what is not pinned, instead of keeping those of the present locks"
    parser.add_argument("--upgrade", action="store_true", help=text)
    print("\n".join(make_locks.make(parser.parse_args(argv).upgrade)))
    return 0
