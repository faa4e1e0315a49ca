"""gms benchmark panel_speed: a tumour of a gene panel against a shell chain of the same tools, by turns."""

import argparse
import sys
from pathlib import Path

from gms.base.project import PROJECT
from gms.validation.benchmarks.clock import Run, timed
from gms.validation.benchmarks.datasets import WORK
from gms.validation.benchmarks.speed import empty, report
from gms.validation.panel_benchmarks.speed_set import ASSAY, make_set

CHAIN = Path(__file__).with_name("panel_chain.sh")
RATIO = 1.5  # the ratio to stay below
CONFIG = f"""\
samples: samples.tsv
results: results
reference: {{name: made-up, fasta: reference.fa, genes: genes.gff3}}
assays: {{{ASSAY}: {{targets: targets.bed, copy_number: normals.tsv}}}}
"""
SHEET = "case\tsample\trole\tassay\tfastq_1\tfastq_2\tpurity\nC1\tC1-tumor\ttumor\t{assay}\t{first}\t{second}\t0.6\n"
FILES = ("reference.fa", "genes.gff3", "targets.bed", "normals.tsv", "normals.cnn")


def main(argv: list[str]) -> int:
    """Compare the time of a run of panel_solid with a shell chain of the same tools on the same cores.

    Both begin with FASTQ files of one simulated tumour, an unindexed reference and a pool of normals, and end with
    filtered variants, structural variants, copy number and MultiQC. Ratios are taken within a pair.
    """
    parser = argparse.ArgumentParser(prog="gms benchmark panel_speed", description=main.__doc__)
    parser.add_argument("--bases", type=int, default=120_000, help="of the targets (default: %(default)s)")
    parser.add_argument("--depth", type=float, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--work", type=Path, default=WORK / "panel_speed", help="emptied for each run")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    options = parser.parse_args(argv)
    work = options.work.resolve()
    data, pairs = empty(work / "set"), []
    make_set(data, options.bases, options.depth, options.seed)
    for number in range(options.pairs):
        pairs.append((time_workflow(data, work, options.cores), time_chain(data, work, options.cores)))
        own, chain = pairs[-1]
        wall, cpu = f"{own.wall:.0f} s, chain {chain.wall:.0f} s", f"{own.cpu:.0f} s and {chain.cpu:.0f} s"
        print(f"pair {number + 1}: workflow {wall}; of the processors {cpu}", flush=True)
    report(pairs, work / "workflow" / "results", options.json, RATIO)
    return 0


def time_workflow(data: Path, work: Path, cores: int) -> Run:
    """One run of the workflow from an empty folder."""
    folder = empty(work / "workflow")
    for name in FILES:
        (folder / name).symlink_to(data / name)
    (folder / "run.yaml").write_text(CONFIG)
    first, second = (data / f"reads_R{mate}.fastq.gz" for mate in (1, 2))
    (folder / "samples.tsv").write_text(SHEET.format(assay=ASSAY, first=first, second=second))
    command = [sys.executable, str(PROJECT / "gms"), "run", "--profile", "local", "--configfile"]
    return timed([*command, str(folder / "run.yaml"), "--cores", str(cores)], folder / "run.log")


def time_chain(data: Path, work: Path, cores: int) -> Run:
    """One run of the shell chain from an empty folder."""
    folder = empty(work / "chain")
    config = PROJECT / "config" / "multiqc.yaml"
    command = ["bash", str(CHAIN), str(data), str(folder / "out"), str(cores), str(config)]
    return timed(command, folder / "chain.log")
