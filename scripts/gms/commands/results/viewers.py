"""gms viewers: files of finished cases that Scout and Gens load."""

import argparse
import os
from pathlib import Path

from gms.annotation.gene_models import hgnc_symbols
from gms.base.errors import GmsError
from gms.base.json_tables import read_json
from gms.base.problems import shown
from gms.base.results import named
from gms.commands.sheets.import_sheet import UnusableOption
from gms.genome.intervals import read_contigs
from gms.preflight.gene_model_checks import gene_models_problem
from gms.variants.panel_copies.arms import assembly_of
from gms.viewers.gens import write_gens
from gms.viewers.scout import write_scout


class NoSuchCase(GmsError):
    """A case without a report, or of tumours."""

    def __init__(self, case: str, reason: str):
        super().__init__(f"case '{case}' {reason}")


class UnknownBuild(GmsError):
    """A genome of another assembly than Scout and Gens have."""

    def __init__(self, fasta: Path):
        super().__init__(
            f"{shown(fasta)} is neither GRCh37 nor GRCh38 by the length of its chromosome 1; if it is a part of one,"
            " say of which with --build"
        )


def main(argv: list[str]) -> int:
    """Write what Scout and Gens load of finished cases of families to viewers/CASE/ in the results: scout.yaml with its
    VCFs and tracks (scout load case FILE), gens.yaml with depth and B-allele fractions of each sample (gens load case
    FILE). For Gens the alignments are read once more, minutes for each genome of 30x."""
    options = parser().parse_args(argv)
    results = options.results.resolve()
    problem = gene_models_problem(options.genes, {}) if options.genes.is_file() else "does not exist"
    if problem:
        raise UnusableOption("--genes", shown(options.genes), f"the gene models of the run; this file {problem}")
    if not hgnc_symbols(options.genes)[0]:
        raise UnusableOption("--genes", shown(options.genes), "gene models with HGNC ids, by which Scout knows genes")
    build = options.build or build_of(results / named("genome").path)
    for case in options.cases or finished(results):
        check(results, case)
        made = [] if options.only == "gens" else write_scout(results, case, options.genes, options.institute, build)
        made += [] if options.only == "scout" else write_gens(results, case, build, options.threads)
        print(f"{case}:", *(shown(path) for path in made), sep="\n  ")
    return 0


def parser() -> argparse.ArgumentParser:
    """The options."""
    made = argparse.ArgumentParser(prog="gms viewers", description=main.__doc__, allow_abbrev=False)
    made.add_argument("results", type=Path, metavar="RESULTS", help="the results folder of a run")
    made.add_argument("cases", nargs="*", metavar="CASE", help="cases; default: all finished ones of families")
    made.add_argument("--institute", required=True, help="owner of the cases in Scout, such as cust002")
    made.add_argument(
        "--genes", type=Path, required=True, help="gene models of the run (reference: genes), for HGNC ids"
    )
    made.add_argument("--build", choices=("37", "38"), help="assembly, where the genome is a part of one")
    made.add_argument("--only", choices=("scout", "gens"), help="files of one of the two")
    made.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)), help="samples read at once")
    return made


def build_of(fasta: Path) -> str:
    """37 or 38, by the length of chromosome 1. Raises UnknownBuild."""
    assembly = assembly_of(read_contigs(f"{fasta}.fai"))
    if assembly is None:
        raise UnknownBuild(fasta)
    return assembly.removeprefix("GRCh")


def finished(results: Path) -> list[str]:
    """Finished cases of families with reads. Raises NoSuchCase without any."""
    documents = [read_json(path) for path in sorted(results.glob(named("findings").everywhere()))]
    found = [one["case"]["case"] for one in documents if one["case"]["kind"] == "germline"]
    if not found:
        raise NoSuchCase("*", f"of a family is not finished in {shown(results)}")
    return found


def check(results: Path, case: str) -> None:
    """Raise NoSuchCase where a case has nothing to show in these two."""
    path = results / named("findings").at(case=case)
    if not path.is_file():
        raise NoSuchCase(case, f"has no report in {shown(results)}; ./gms status says how far it is")
    document = read_json(path)
    if document["case"]["kind"] != "germline":
        raise NoSuchCase(case, "is of a tumour; these files are made for families")
    if not (results / named("annotated").at(case=case)).is_file():
        raise NoSuchCase(case, "has no annotated variants left in the results")
