"""gms docs: the documentation site."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from gms.base.project import PROJECT


def main(argv: list[str]) -> int:
    """Build the documentation site: the pages of docs/, and pages on config, sample sheet, assays, policies and metrics
    that are made from their schemas and files. Needs no network."""
    parser = argparse.ArgumentParser(prog="gms docs", description=main.__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=PROJECT / "site", help="default: site/ in the clone")
    folder = parser.parse_args(argv).folder.absolute()
    code = build(folder)
    if code == 0:
        print(f"{folder}/index.html")
    return code


def build(folder: Path) -> int:
    """Build the site into a folder; a warning, such as a link that leads nowhere, is an error."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    variables = os.environ | {"PYTHONPATH": str(PROJECT / "scripts"), "NO_MKDOCS_2_WARNING": "1"}
    return subprocess.call(command, cwd=PROJECT, env=variables)
