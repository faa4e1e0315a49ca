"""gms import-panel: a gene panel of PanelApp or of Scout, turned into a gene list with name and version."""

import argparse
import sys
from pathlib import Path

from gms.annotation.gene_models import hgnc_symbols
from gms.base.problems import counted, shown
from gms.commands.sheets.import_sheet import UnusableOption, check_output
from gms.preflight.gene_model_checks import gene_models_problem
from gms.ranking.panels import (
    CONFIDENCE,
    Listed,
    Panel,
    UnusablePanel,
    at_least,
    in_models,
    list_text,
    read_panel,
)
from gms.variants.repeats.catalogue import CATALOGUE, catalogued_genes

WHY = {
    "genes": "not in the gene models, so not looked for by name",
    "repeats": "repeats that the catalogue lacks, so not looked for",
    "regions": "regions without coordinates, or of small variants, so not in the list",
}


def main(argv: list[str]) -> int:
    """Turn a panel into a gene list for the column genes of a sheet, or genes of an assay: a TSV with the column
    hgnc_id and a line ##version= (as Scout exports it), or the JSON of a PanelApp panel, with its repeats and regions.
    HGNC ids become the symbols of the gene models. What cannot be looked for is listed on standard error and in the
    file: genes that these lack, repeats that the catalogue lacks, regions without coordinates."""
    options = parser().parse_args(argv)
    check_output(options.output)
    panel = at_least(read_panel(options.panel), options.confidence)
    problem = gene_models_problem(options.genes, {}) if options.genes.is_file() else "does not exist"
    if problem:
        raise UnusableOption("--genes", shown(options.genes), f"the gene models of the run; this file {problem}")
    symbols, known = hgnc_symbols(options.genes)
    if not options.repeats.is_file():
        raise UnusableOption("--repeats", shown(options.repeats), "the table of repeats of the run; it does not exist")
    listed = in_models(panel, symbols, known, catalogued_genes(options.repeats))
    if panel.genes and not listed.genes:
        raise UnusablePanel(options.panel, f"has no gene that {shown(options.genes)} knows; is that the right file?")
    if not any((listed.genes, listed.repeats, listed.regions)):
        raise UnusablePanel(options.panel, f"has nothing of confidence {options.confidence} that can be looked for")
    options.output.write_text(list_text(panel, listed))
    for key, names in listed.lacking.items():
        if names:
            print(f"{WHY[key]}: {', '.join(sorted(names))} ({len(names)})", file=sys.stderr)
    print(f"{shown(options.output)}: {panel.name}, version {panel.version}, {_numbers(panel, listed)}")
    return 0


def _numbers(panel: Panel, listed: Listed) -> str:
    """2 genes, 1 repeat, 3 regions."""
    regions = [one for one in panel.regions if one.regions]
    numbers = {"gene": listed.genes, "repeat": listed.repeats, "region": regions}
    return ", ".join(counted(len(found), noun) for noun, found in numbers.items() if found)


def parser() -> argparse.ArgumentParser:
    """The options."""
    made = argparse.ArgumentParser(prog="gms import-panel", description=main.__doc__, allow_abbrev=False)
    made.add_argument("panel", type=Path, metavar="PANEL", help="TSV with hgnc_id, or JSON of PanelApp")
    made.add_argument("--genes", type=Path, required=True, help="gene models of the run (reference: genes), GFF3")
    text = "table of repeats of the run (reference: repeats), where it is not the project's"
    made.add_argument("--repeats", type=Path, default=CATALOGUE, help=text)
    made.add_argument("--output", "-o", type=Path, required=True, help="the list to write; must not exist")
    text = "lowest confidence level of PanelApp to take; default: green, which is of diagnostic grade"
    made.add_argument("--confidence", choices=CONFIDENCE, default="green", help=text)
    return made
