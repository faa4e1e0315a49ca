"""gms benchmark: accuracy and speed of the workflow, measured."""

import importlib

from gms.base.errors import GmsError

# Module of gms.validation.benchmarks with a main(argv), and what it measures.
MEASURES = {
    "accuracy": "run public data sets with known truth, count what was found and missed",
    "simulate": "make reads of a simulated genome with known truth, 30 x, 2 x 150 bases",
    "speed": "time of a run against a shell chain of the same tools, paired",
    "plan": "time and memory of a dry-run of many cases",
    "usage": "what every job really uses, beside what Snakemake saw of it",
    "faults": "kill runs on a real Slurm at random moments, resume them, compare; as root",
    "encrypt": "MiB per second of encryption with all digests, and its memory",
    "upload": "MiB per second of the transfer to a local S3 server, and its memory",
    "filter": "records per second of the filters against vembrane",
}


def main(argv: list[str]) -> int:
    """Measure one thing: the first argument names it. Raises GmsError."""
    name, *rest = argv or ["--help"]
    if name in ("--help", "-h"):
        print(overview())
        return 0
    if name not in MEASURES:
        raise GmsError(f"unknown benchmark '{name}' (known: {', '.join(MEASURES)})")
    return importlib.import_module(f"gms.validation.benchmarks.{name}").main(rest)


def overview() -> str:
    """The help of gms benchmark."""
    lines = [f"  {name:<11}{text}" for name, text in MEASURES.items()]
    head = ["usage: gms benchmark MEASURE [options]       gms benchmark MEASURE --help explains one of them", ""]
    return "\n".join([*head, *lines, "", "docs/benchmarks.md has the figures and how they were taken."])
