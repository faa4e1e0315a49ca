"""gms benchmark: accuracy and speed of the workflow, measured."""

import importlib
import sys

from gms.base.errors import GmsError
from gms.base.problems import unknown
from gms.base.project import PROJECT

# What is measured, by a module with a main(argv) in gms.validation.benchmarks.
MEASURES = {
    "accuracy": "run public data sets with known truth, count what was found and missed",
    "simulate": "make reads of a simulated genome with known truth, 30 x, 2 x 150 bases",
    "speed": "time of a run against a shell chain of the same tools, paired",
    "trials": "re-screening of finished cases with clinical trials",
    "plan": "time and memory of a dry-run of many cases",
    "viral": "variants and consensus of simulated viruses; a plate against the bare tools",
}
# The same, by a module in gms.validation.class_benchmarks: classes of variants on simulated reads.
MEASURES_OF_CLASSES = {
    "mitochondrial": "heteroplasmy from 1 % and the common deletion, at 2,000 x",
    "smn": "copies of SMN1 and SMN2, eight combinations on GRCh38 and GRCh37",
    "microsatellites": "instability from 5 % tumour cells at 100, 300 and 800 reads",
    "duplications": "internal tandem duplications of 6-300 bases from 1 %, at 1,000 x",
    "molecules": "errors and variants in the consensus of a duplex library with UMIs, 2,500 molecules deep",
    "structural": "structural variants of a trio at 30 x, among mobile elements and repeats",
    "copynumber": "copy number by depth of a trio at 30 x, with GC bias and duplicated segments",
    "sexchromosomes": "copy number and structural variants on X and Y of a trio at 30 x, child XX, XY, X, XXY or XYY",
    "repeats": "expanded and normal alleles of the catalogue's loci",
    "uniparental": "uniparental disomy from 3 Mb and runs of homozygosity in genotypes of trios, and normal trios",
}
# The same, by a module in gms.validation.panel_benchmarks: cancer panels.
MEASURES_OF_PANELS = {
    "residual": "false and missed calls of residual disease, 16 loci at 3,000 molecules",
    "purity": "purity, ploidy and copies of each allele of simulated tumours on the depth of real normals",
    "panel_copies": "copy number of a gene panel: a real tumour with an array, and events put into real normals",
    "rna": "fusions in simulated RNA at 3-50 fragments, exons left out, and normals with all that looks like fusions",
    "panel_speed": "time of a tumour of a gene panel at 1,000 x against a shell chain of the same tools, paired",
    "normals": "time of a panel of normals of 1.2 Mb, from simulated finished results",
    "fusions": "fusions of genes planted at 5-50 % in a simulated panel at 200 x, and normals without any",
}
# The same, by a module in tests/benchmarks: these start servers, schedulers and faults of the tests.
MEASURES_OF_TESTS = {
    "usage": "what every job really uses, compared with what Snakemake saw of it",
    "faults": "kill runs on a real Slurm at random moments, resume them, compare; as root",
    "audit": "milliseconds to append to a long audit log, to check it and to look a case up",
    "encrypt": "MiB per second of encryption with all digests, and its memory",
    "upload": "MiB per second of the transfer to a local S3 server, and its memory",
    "filter": "records per second of the filters against vembrane",
    "identity": "contamination and relations against GATK and peddy",
    "sex": "sex chromosomes by depth against bcftools +guess-ploidy",
}
PACKAGES = {"benchmarks": MEASURES, "class_benchmarks": MEASURES_OF_CLASSES, "panel_benchmarks": MEASURES_OF_PANELS}
EVERY_MEASURE = MEASURES | MEASURES_OF_CLASSES | MEASURES_OF_PANELS | MEASURES_OF_TESTS


def main(argv: list[str]) -> int:
    """Measure one thing: the first argument names it. Raises GmsError."""
    name, *rest = argv or ["--help"]
    if name in ("--help", "-h"):
        print(overview())
        return 0
    return module(name).main(rest)


def module(name: str):
    """The module that measures `name`. Raises GmsError where there is none, or where tests/ was left out of a copy."""
    for package, measures in PACKAGES.items():
        if name in measures:
            return importlib.import_module(f"gms.validation.{package}.{name}")
    if name not in MEASURES_OF_TESTS:
        raise UnknownBenchmark(unknown("benchmark", name, EVERY_MEASURE))
    tests = PROJECT / "tests"
    if not (tests / "benchmarks").is_dir():
        raise TestsMissing(name)
    sys.path += [str(folder) for folder in (tests, tests / "support") if str(folder) not in sys.path]
    return importlib.import_module(f"benchmarks.{name}")


class UnknownBenchmark(GmsError):
    """A name that measures nothing."""


class TestsMissing(GmsError):
    """A copy of the workflow without the folder tests/."""

    def __init__(self, name: str):
        super().__init__(f"benchmark {name} needs the folder tests/ of the repository, which this copy does not have")


def overview() -> str:
    """The help of gms benchmark."""
    width = max(map(len, EVERY_MEASURE)) + 2
    lines = [f"  {name:<{width}}{text}" for name, text in EVERY_MEASURE.items()]
    head = ["usage: gms benchmark MEASURE [options]       gms benchmark MEASURE --help explains one of them", ""]
    return "\n".join([*head, *lines, "", "docs/benchmarks.md has the figures and how they were taken."])
