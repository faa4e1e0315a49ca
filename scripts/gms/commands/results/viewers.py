"""gms viewers: files of finished cases that Scout, Gens and QCI load."""

import argparse
import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

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
from gms.viewers.qci import write_qci
from gms.viewers.scout import write_scout

FAMILY_VIEWERS, TUMOR_VIEWERS = ("scout", "gens"), ("qci",)


class NoSuchCase(GmsError):
    """A case without a report, or of another kind."""


class UnknownBuild(GmsError):
    """A genome of another assembly than Scout and Gens have."""

    def __init__(self, fasta: Path):
        super().__init__(
            f"{shown(fasta)} is neither GRCh37 nor GRCh38 by the length of its chromosome 1; if it is a part of one,"
            " say of which with --build"
        )


def main(argv: list[str]) -> int:
    """Write files of finished cases that other programs load to viewers/CASE/ in the results. Families: scout.yaml
    with its VCFs and tracks (scout load case FILE), and gens.yaml with depth and B-allele fractions of each sample
    (gens load case FILE), for which the alignments are read once more, minutes for each genome of 30x. Tumours:
    qci.vcf, small variants for QIAGEN Clinical Insight."""
    options = parser().parse_args(argv)
    results = options.results.resolve()
    wanted = (options.only,) if options.only else (*FAMILY_VIEWERS, *TUMOR_VIEWERS)
    cases = options.cases or finished(results, wanted)
    kinds = {case: check(results, case, wanted) for case in cases}
    build = options.build
    if "germline" in kinds.values():
        if "scout" in wanted:
            check_options(options)
        build = build or build_of(results / named("genome").path)
    for case, kind in kinds.items():
        made = [write_qci(results, case)] if kind == "somatic" else []
        if kind == "germline" and "scout" in wanted:
            made += write_scout(results, case, options.genes, options.institute, build)
        if kind == "germline" and "gens" in wanted:
            made += write_gens(results, case, build, options.threads)
        print(f"{case}:", *(shown(path) for path in made), sep="\n  ")
    return 0


def parser() -> argparse.ArgumentParser:
    """The options."""
    made = argparse.ArgumentParser(prog="gms viewers", description=main.__doc__, allow_abbrev=False)
    made.add_argument("results", type=Path, metavar="RESULTS", help="the results folder of a run")
    made.add_argument("cases", nargs="*", metavar="CASE", help="cases; default: all finished ones")
    made.add_argument("--institute", help="Scout: owner of the cases, such as cust002")
    made.add_argument("--genes", type=Path, help="Scout: gene models of the run (reference: genes), for HGNC ids")
    made.add_argument("--build", choices=("37", "38"), help="assembly, where the genome is a part of one")
    made.add_argument("--only", choices=(*FAMILY_VIEWERS, *TUMOR_VIEWERS), help="files of one program alone")
    made.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)), help="samples read at once")
    return made


def build_of(fasta: Path) -> str:
    """37 or 38, by the length of chromosome 1. Raises UnknownBuild."""
    assembly = assembly_of(read_contigs(f"{fasta}.fai"))
    if assembly is None:
        raise UnknownBuild(fasta)
    return assembly.removeprefix("GRCh")


def check_options(options: argparse.Namespace) -> None:
    """Raise UnusableOption where --genes or --institute, which Scout needs, is missing or of no use."""
    if not options.institute:
        raise UnusableOption("--institute", "", "the owner of the cases in Scout, such as cust002")
    if not options.genes:
        raise UnusableOption("--genes", "", "the gene models of the run, whose HGNC ids Scout needs")
    problem = gene_models_problem(options.genes, {}) if options.genes.is_file() else "does not exist"
    if problem:
        raise UnusableOption("--genes", shown(options.genes), f"the gene models of the run; this file {problem}")
    if not hgnc_symbols(options.genes)[0]:
        raise UnusableOption("--genes", shown(options.genes), "gene models with HGNC ids, by which Scout knows genes")


def kind_of(document: Mapping[str, Any], wanted: Collection[str]) -> str:
    """germline or somatic, where one of the wanted programs takes the case; '' where none does."""
    kind, role = document["case"]["kind"], document["samples"][0]["role"]
    taken = TUMOR_VIEWERS if role == "tumor" else FAMILY_VIEWERS if kind == "germline" else ()
    return kind if set(taken) & set(wanted) else ""


def finished(results: Path, wanted: Collection[str]) -> list[str]:
    """Finished cases that the wanted programs take. Raises NoSuchCase without any."""
    documents = [read_json(path) for path in sorted(results.glob(named("findings").everywhere()))]
    found = [one["case"]["case"] for one in documents if kind_of(one, wanted)]
    if not found:
        raise NoSuchCase(f"{shown(results)} has no finished case that {' or '.join(wanted)} can load")
    return found


def check(results: Path, case: str, wanted: Collection[str]) -> str:
    """The kind of a case. Raises NoSuchCase where it has nothing that the wanted programs load."""
    path = results / named("findings").at(case=case)
    if not path.is_file():
        raise NoSuchCase(f"case '{case}' has no report in {shown(results)}; ./gms status says how far it is")
    kind = kind_of(read_json(path), wanted)
    if not kind:
        raise NoSuchCase(f"case '{case}' is not for {' or '.join(wanted)}: Scout and Gens take families, QCI tumours")
    if not (results / named("annotated" if kind == "germline" else "reported").at(case=case)).is_file():
        raise NoSuchCase(f"case '{case}' has no variants left in the results; ./gms run makes them again")
    return kind
