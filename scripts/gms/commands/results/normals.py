"""gms normals: panels from the normals of finished results."""

import argparse
from pathlib import Path

from gms.base.problems import shown
from gms.base.project import PROJECT
from gms.normals.members import Normal, find_normals, may_hold_tumor
from gms.normals.page import genome_content, panel_content
from gms.normals.panel import PAGE, Source, build_panel, source_of
from gms.report.render import render
from gms.variants.panel_copies.reference import read_reference

TEMPLATE = PROJECT / "scripts" / "gms" / "normals" / "panel.html"


def main(argv: list[str]) -> int:
    """Build a panel of normals from finished cases of an assay: a folder of files for keys of the assay. Gene panels:
    small variants (normals), depth (copy_number) and structural variants (structural_normals) from 5 normals, and
    microsatellites (msi) from 20. Genomes, from 10 unrelated founders of families: small variants, structural
    variants, depth and repeats (repeat_normals). panel.html shows the quality of the panel. Tumours, relatives, failed
    samples and normals of failed pairs are left out. The files hold digests of their members, not names, and a run
    refuses a panel that has its own samples, or takes them off the counts."""
    made = argparse.ArgumentParser(prog="gms normals", description=main.__doc__, allow_abbrev=False)
    made.add_argument("action", choices=["build"])
    made.add_argument("results", type=Path, nargs="+", metavar="RESULTS", help="results folders of runs")
    made.add_argument("--assay", required=True, help="name of the assay")
    made.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="folder to write the panel to")
    made.add_argument("--panel-version", default="1", help="written into the files (default: %(default)s)")
    made.add_argument("--sample", action="append", default=[], help="take these samples only; may be repeated")
    options = made.parse_args(argv)
    normals, left_out = find_normals(options.results, options.assay, frozenset(options.sample))
    _print_notes({} if options.sample else left_out, normals)
    source = source_of(normals, options.assay)
    said = build_panel(source, options.panel_version, options.out)
    _write_page(source, options.out, said)
    print(f"{len(normals)} normals of {options.assay}, panel {shown(options.out)}")
    for line in said:
        print(f"  {line}")
    return 0


def _print_notes(left_out: dict[str, str], normals: list[Normal]) -> None:
    for name, reason in left_out.items():
        print(f"  left out: {name} {reason}")
    for normal in filter(may_hold_tumor, normals):
        print(f"  warning: {normal.name} may hold tumour cells (gate tumor_in_normal of its case)")


def _write_page(source: Source, panel: Path, said: list[str]) -> None:
    if source.is_of_genomes:
        content = genome_content(panel, said)
    else:
        content = panel_content(read_reference(panel / "copy_number.tsv"), said)
    (panel / PAGE).write_text(render(content, TEMPLATE))
