"""gms benchmark viral: variants and consensus of simulated amplicon reads, and the time of a plate."""

import argparse
import shutil
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

from gms.base.project import PROJECT
from gms.base.tables import table, write_json
from gms.validation.benchmarks import viral_accuracy
from gms.validation.benchmarks.clock import Run, timed
from gms.validation.benchmarks.datasets import WORK
from gms.validation.benchmarks.speed import empty, ratios
from gms.validation.demo_genome.bgzf import gzip_bytes
from gms.validation.demo_virus.amplicon_reads import Library, amplicon_reads, fastq

CHAIN = Path(__file__).with_name("viral_chain.sh")
RATIO, PLAN = 1.3, 5.0  # time of a plate over that of the bare tools; seconds of its plan


def main(argv: list[str]) -> int:
    """Count what is found in simulated reads of SARS-CoV-2 (ARTIC V3), and time a plate against the bare tools.

    Reads are simulated: amplicons of equal depth, substitutions at one rate. The plate is one sample many times over.
    """
    parser = argparse.ArgumentParser(prog="gms benchmark viral", description=main.__doc__)
    parser.add_argument("--samples", type=int, default=96, help="of the plate; 0: accuracy only")
    parser.add_argument("--pairs", type=int, default=20_000, help="of reads of each sample")
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--genomes", type=int, default=5, help="edited genomes; 0: speed only")
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--work", type=Path, default=WORK / "viral", help="emptied")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    options = parser.parse_args(argv)
    work, figures = empty(options.work.resolve()), {}
    if options.genomes:
        figures["accuracy"] = viral_accuracy.measure(work / "accuracy", options.genomes)
        print(table(("reads", "expected", "found", "wrong or false", "result"), figures["accuracy"]))
    if options.samples:
        figures["speed"] = _speed(options, work)
    write_json(options.json, figures)
    return 0


def _speed(options: argparse.Namespace, work: Path) -> dict[str, float]:
    """Time the plan of a plate, then workflow and bare tools by turns."""
    config = write_plate(work, options.samples, options.pairs)
    gms = [sys.executable, str(PROJECT / "gms")]
    plan = timed([*gms, "plan", "--profile", "local", "--configfile", str(config)], work / "plan.log")
    print(f"plan of {options.samples} samples: {plan.wall:.1f} s ({_met(plan.wall, PLAN)})", flush=True)
    pairs = []
    for number in range(options.repeats):
        shutil.rmtree(work / "results", ignore_errors=True)
        command = [*gms, "run", "--profile", "local", "--configfile", str(config), "--cores", str(options.cores)]
        pairs.append((timed(command, work / "run.log"), _bare(work, options.cores)))
        own, bare = pairs[-1]
        print(f"pair {number + 1}: workflow {_words(own)}; bare tools {_words(bare)}", flush=True)
    wall, cpu = (statistics.median(ratios(*pair)[index] for pair in pairs) for index in (0, 1))
    print(f"median of {len(pairs)}: wall {wall:.2f} ({_met(wall, RATIO)}), cpu {cpu:.2f}")
    return {"plan_seconds": plan.wall, "wall_ratio": wall, "cpu_ratio": cpu}


def _met(value: float, limit: float) -> str:
    return f"target <= {limit:g}: {'ok' if value <= limit else 'miss'}"


def _words(run: Run) -> str:
    return f"{run.wall:.0f} s (processor {run.cpu:.0f} s)"


def write_plate(work: Path, samples: int, pairs: int) -> Path:
    """FASTQ files, sheet and config of a plate; returns the config."""
    reads = work / "reads"
    reads.mkdir()
    genome, tiles = viral_accuracy.GENOME, viral_accuracy.TILES
    library = Library(pairs=round(pairs / len(tiles)))
    texts = fastq(amplicon_reads(genome, viral_accuracy.substitutions(), tiles, library, Random(1)), "plate")
    packed = [gzip_bytes(text.encode()) for text in texts]
    for number in range(1, samples + 1):
        for mate, content in enumerate(packed, start=1):
            (reads / f"S{number}_R{mate}.fastq.gz").write_bytes(content)
    (work / "samples.tsv").write_text("".join(f"{line}\n" for line in _sheet(samples)))
    config = work / "run.yaml"
    config.write_text("samples: samples.tsv\n")
    return config


def _sheet(samples: int) -> Iterator[str]:
    yield "case\tsample\trole\tassay\tfastq_1\tfastq_2"
    for number in range(1, samples + 1):
        role = "control" if number == samples else "isolate"
        files = "\t".join(f"reads/S{number}_R{mate}.fastq.gz" for mate in (1, 2))
        yield f"S{number}\tS{number}\t{role}\tsarscov2\t{files}"


def _bare(work: Path, cores: int) -> Run:
    """The bare tools on the same files."""
    out = work / "chain"
    shutil.rmtree(out, ignore_errors=True)
    own = viral_accuracy.FILES
    command = ["bash", str(CHAIN), str(own / "genome.fa"), str(own / "artic_v3.bed"), str(work / "reads"), str(out)]
    return timed([*command, str(cores)], work / "chain.log")
