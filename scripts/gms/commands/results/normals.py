"""gms normals: panels from the normals of finished results."""

import argparse
from pathlib import Path

from gms.base.problems import shown
from gms.biomarkers.msi_baseline import write_baseline
from gms.biomarkers.normals import build_baseline, find_normals


def main(argv: list[str]) -> int:
    """gms normals build: make the baseline of microsatellites of an assay (key msi) from at least 20 normals of
    finished cases. Tumours and samples that failed quality control are left out. The file names its members by
    digests only, and a run refuses a baseline that has its own samples."""
    made = argparse.ArgumentParser(prog="gms normals", description=main.__doc__, allow_abbrev=False)
    made.add_argument("action", choices=["build"])
    made.add_argument("results", type=Path, nargs="+", metavar="RESULTS", help="results folders of runs")
    made.add_argument("--assay", required=True, help="name of the assay")
    made.add_argument("--out", type=Path, required=True, metavar="FILE", help="the baseline to write, a .tsv")
    made.add_argument("--panel-version", default="1", help="written into the file (default: %(default)s)")
    made.add_argument("--sample", action="append", default=[], help="take these samples only; may be repeated")
    options = made.parse_args(argv)
    normals, left_out = find_normals(options.results, options.assay, frozenset(options.sample))
    if options.sample:
        left_out = {}
    for name, reason in left_out.items():
        print(f"  left out: {name} {reason}")
    baseline = build_baseline(normals, options.assay, options.panel_version)
    write_baseline(options.out, baseline)
    facts = baseline.facts
    print(f"{facts['normals']} normals, {len(baseline.sites)} sites, {facts['sites_left_out']} left out.")
    low, high = baseline.factors
    print(f"Libraries stutter {low:g} to {high:g} times the mean (mean +- 3 SD). Baseline: {shown(options.out)}")
    return 0
