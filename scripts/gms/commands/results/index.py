"""gms index and gms trends: a page about a results folder, and one about the quality of many."""

import argparse
import time
from pathlib import Path

from gms.base.problems import shown
from gms.operations.dashboard.index_page import write_index
from gms.operations.dashboard.trends_page import trends_page
from gms.operations.status.status import read_status


def main(argv: list[str]) -> int:
    """Write report/index.html of a results folder: its cases, their state and QC status, failures, turnaround, and
    links to the reports. ./gms run does so at its end; during a run this command brings it up to date."""
    made = argparse.ArgumentParser(prog="gms index", description=main.__doc__, allow_abbrev=False)
    made.add_argument("results", type=Path, metavar="RESULTS", help="the results folder of a run")
    made.add_argument("--configfile", "-C", type=Path, help="its config, where it cannot be found from here")
    options = made.parse_args(argv)
    page = write_index(read_status(options.results, options.configfile, time.time()))
    print(f"Index: {shown(page)}")
    return 0


def trends(argv: list[str]) -> int:
    """Draw the quality metrics of several results folders over time, one point for each folder, with the limits of the
    assays, and mark drift by the rules of Westgard. Exit code: 0, also where something drifts; 1 an error."""
    made = argparse.ArgumentParser(prog="gms trends", description=trends.__doc__, allow_abbrev=False)
    made.add_argument("results", type=Path, nargs="+", metavar="RESULTS", help="results folders of runs")
    made.add_argument("--page", type=Path, default=Path("trends.html"), help="the page to write; default: %(default)s")
    options = made.parse_args(argv)
    text, found = trends_page([path.resolve() for path in dict.fromkeys(options.results)])
    options.page.write_text(text)
    drifting = [trend for trend in found if trend.state == "drift"]
    for trend in drifting:
        print(f"  drift: {' '.join(filter(None, (trend.series.assay, trend.series.role, trend.series.metric)))}")
    print(f"{len(drifting)} of {len(found)} series drift. Page: {shown(options.page)}")
    return 0
