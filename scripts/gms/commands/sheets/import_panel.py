"""gms import-panel: a gene panel of PanelApp or of Scout, turned into a gene list with name and version."""

import argparse
import sys
from pathlib import Path

from gms.annotation.gene_models import hgnc_symbols
from gms.base.problems import shown
from gms.commands.sheets.import_sheet import UnusableOption, check_output
from gms.preflight.gene_model_checks import gene_models_problem
from gms.ranking.panels import CONFIDENCE, UnusablePanel, at_least, in_models, list_text, read_panel


def main(argv: list[str]) -> int:
    """Turn a panel into a gene list for the column genes of a sheet, or genes of an assay: a TSV with the column
    hgnc_id and a line ##version= (as Scout exports it), or the JSON of a PanelApp panel. HGNC ids become the symbols of
    the gene models; genes that these lack are listed on standard error and in the file."""
    options = parser().parse_args(argv)
    check_output(options.output)
    panel = at_least(read_panel(options.panel), options.confidence)
    problem = gene_models_problem(options.genes, {}) if options.genes.is_file() else "does not exist"
    if problem:
        raise UnusableOption("--genes", shown(options.genes), f"the gene models of the run; this file {problem}")
    symbols, known = hgnc_symbols(options.genes)
    genes, missing = in_models(panel, symbols, known)
    if not genes:
        raise UnusablePanel(options.panel, f"has no gene that {shown(options.genes)} knows; is that the right file?")
    options.output.write_text(list_text(panel, genes, missing))
    if missing:
        print(f"not in the gene models, so not looked for by name: {', '.join(missing)}", file=sys.stderr)
    print(f"{shown(options.output)}: {panel.name}, version {panel.version}, {len(genes)} gene{'s' * (len(genes) != 1)}")
    return 0


def parser() -> argparse.ArgumentParser:
    """The options."""
    made = argparse.ArgumentParser(prog="gms import-panel", description=main.__doc__, allow_abbrev=False)
    made.add_argument("panel", type=Path, metavar="PANEL", help="TSV with hgnc_id, or JSON of PanelApp")
    made.add_argument("--genes", type=Path, required=True, help="gene models of the run (reference: genes), GFF3")
    made.add_argument("--output", "-o", type=Path, required=True, help="the list to write; must not exist")
    text = "lowest confidence level of PanelApp to take; default: green, which is of diagnostic grade"
    made.add_argument("--confidence", choices=CONFIDENCE, default="green", help=text)
    return made
