"""gms benchmark speed: a run against a shell chain of the same tools, by turns, each from an empty folder."""

import argparse
import json
import shutil
import statistics
import sys
from pathlib import Path

from gms.base.project import PROJECT
from gms.base.tables import table, write_json
from gms.validation.benchmarks.clock import Run, timed
from gms.validation.benchmarks.datasets import WORK, DataSet, NoDataSet, prepare, read_set

CHAIN = Path(__file__).with_name("chain.sh")
WALL = 1.10  # the ratio to stay below; 1.05 is aimed at


def main(argv: list[str]) -> int:
    """Compare the time of a run with a hand-tuned shell chain of the same tools on the same cores.

    Both begin with FASTQ files and an unindexed reference and end with reported variants and MultiQC. Ratios are taken
    within a pair, because other work on the machine hits both alike; the median is shown.
    """
    parser = argparse.ArgumentParser(prog="gms benchmark speed", description=main.__doc__)
    parser.add_argument("set", type=Path, help="one germline genome, such as gms benchmark simulate makes")
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--work", type=Path, default=WORK / "speed", help="emptied for each run")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    options = parser.parse_args(argv)
    dataset, work = read_set(options.set), options.work.resolve()
    if dataset.kind != "germline":
        raise NoDataSet(f"{dataset.folder} is not a single germline genome: the shell chain is for one")
    pairs = []
    for number in range(options.pairs):
        pairs.append((time_workflow(dataset, work, options.cores), time_chain(dataset, work, options.cores)))
        own, chain = pairs[-1]
        wall, cpu = f"{own.wall:.0f} s, chain {chain.wall:.0f} s", f"{own.cpu:.0f} s and {chain.cpu:.0f} s"
        print(f"pair {number + 1}: workflow {wall}; of the processors {cpu}", flush=True)
    report(pairs, work / "workflow" / "results", options.json)
    return 0


def empty(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def time_workflow(dataset: DataSet, work: Path, cores: int) -> Run:
    """One run of the workflow from an empty folder."""
    folder = empty(work / "workflow")
    config = prepare(dataset, folder)
    command = [sys.executable, str(PROJECT / "gms"), "run", "--profile", "local", "--configfile", str(config)]
    return timed([*command, "--cores", str(cores)], folder / "run.log")


def time_chain(dataset: DataSet, work: Path, cores: int) -> Run:
    """One run of the shell chain from an empty folder."""
    folder = empty(work / "chain")
    reads = [str(dataset.folder / f"reads_R{mate}.fastq.gz") for mate in (1, 2)]
    config = str(PROJECT / "config" / "multiqc.yaml")
    command = [
        "bash",
        str(CHAIN),
        str(dataset.folder / "reference.fa"),
        *reads,
        str(folder / "out"),
        str(cores),
        config,
    ]
    return timed(command, folder / "chain.log")


def report(pairs: list[tuple[Run, Run]], results: Path, path: Path | None, target: float = WALL) -> None:
    """Print the ratios, and where the last run of the workflow spent its time. `target`: ratio of wall times."""
    rows = [(*map(round, (own.wall, chain.wall, own.cpu, chain.cpu)), *ratios(own, chain)) for own, chain in pairs]
    header = ("wall s", "chain", "cpu s", "chain", "wall ratio", "cpu ratio")
    print(table(header, rows))
    wall, cpu = (statistics.median(ratios(*pair)[index] for pair in pairs) for index in (0, 1))
    met = "ok" if wall <= target else "miss"
    print(f"median of {len(pairs)}: wall {wall:.3f} (target <= {target}: {met}), cpu {cpu:.3f}")
    rules = rule_seconds(results)
    print(f"\n{table(('rule', 'jobs', 'seconds', 'cpu s'), rules)}")
    write_json(path, {"pairs": rows, "wall ratio": wall, "cpu ratio": cpu, "rules": rules})


def ratios(own: Run, chain: Run) -> tuple[float, float]:
    """Wall and processor time of the workflow over the chain's."""
    return own.wall / chain.wall, own.cpu / chain.cpu


def rule_seconds(results: Path) -> list[tuple[str, int, float, float]]:
    """(rule, jobs, seconds, processor seconds) from results/benchmarks, the longest first."""
    rows = []
    for folder in (results / "benchmarks").glob("*"):
        jobs = [json.loads(line) for path in folder.rglob("*.jsonl") for line in path.read_text().splitlines()]
        rows.append((folder.name, len(jobs), total(jobs, "s"), total(jobs, "cpu_time")))
    return sorted(rows, key=lambda row: -row[2])


def total(jobs: list[dict], key: str) -> float:
    """Sum over jobs; Snakemake writes NA for what it could not measure."""
    return round(sum(float(job[key]) for job in jobs if job[key] != "NA"), 1)
