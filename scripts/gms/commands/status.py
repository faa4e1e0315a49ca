"""gms status: how far each case of a results folder is."""

import argparse
import json
import time
from pathlib import Path

from gms.operations.status.status import as_json, read_status, text


def main(argv: list[str]) -> int:
    """Show the stage, QC verdict and failed jobs of each case of a results folder, and the time left, by benchmarks of
    finished jobs. Reads files only, so it can be called at any time. ./gms plan says whether finished results are still
    up to date. Exit code: 0 all is done, 1 something failed, 2 something is still to do."""
    made = argparse.ArgumentParser(prog="gms status", description=main.__doc__, allow_abbrev=False)
    made.add_argument("results", type=Path, metavar="RESULTS", help="the results folder of a run")
    made.add_argument("--configfile", "-C", type=Path, help="its config, where it cannot be found from here")
    made.add_argument("--unfinished", action="store_true", help="leave out cases that are done")
    made.add_argument("--json", action="store_true", help="print everything as JSON")
    options = made.parse_args(argv)
    status = read_status(options.results, options.configfile, time.time())
    print(json.dumps(as_json(status), indent=1) if options.json else "\n".join(text(status, options.unfinished)))
    return status.code
