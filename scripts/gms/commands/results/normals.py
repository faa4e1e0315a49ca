"""gms normals: panels from the normals of finished results."""

import argparse
from pathlib import Path

from gms.base.problems import shown
from gms.base.project import PROJECT
from gms.normals.members import find_normals
from gms.normals.page import panel_content
from gms.normals.panel import PAGE, build_panel, source_of
from gms.report.render import render
from gms.variants.panel_copies.reference import read_reference

TEMPLATE = PROJECT / "scripts" / "gms" / "normals" / "panel.html"


def main(argv: list[str]) -> int:
    """gms normals build: make a panel from the normals of finished cases of an assay: a folder with the background of
    alleles (key normals of the assay) and the reference of copy number (key copy_number), from 5 normals, and the
    baseline of microsatellites (key msi), from 20; panel.html shows the quality of its normals and windows.
    Tumours and samples that failed quality control are left out. The files name their members by digests only, and a
    run refuses a panel that has its own samples."""
    made = argparse.ArgumentParser(prog="gms normals", description=main.__doc__, allow_abbrev=False)
    made.add_argument("action", choices=["build"])
    made.add_argument("results", type=Path, nargs="+", metavar="RESULTS", help="results folders of runs")
    made.add_argument("--assay", required=True, help="name of the assay")
    made.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="folder to write the panel to")
    made.add_argument("--panel-version", default="1", help="written into the files (default: %(default)s)")
    made.add_argument("--sample", action="append", default=[], help="take these samples only; may be repeated")
    options = made.parse_args(argv)
    normals, left_out = find_normals(options.results, options.assay, frozenset(options.sample))
    for name, reason in {} if options.sample else left_out.items():
        print(f"  left out: {name} {reason}")
    said = build_panel(source_of(normals, options.assay), options.panel_version, options.out)
    page = render(panel_content(read_reference(options.out / "copy_number.tsv"), said), TEMPLATE)
    (options.out / PAGE).write_text(page)
    print(f"{len(normals)} normals of {options.assay}, panel {shown(options.out)}")
    for line in said:
        print(f"  {line}")
    return 0
