"""gms benchmark usage: what every job really uses, by the kernel's account, beside what Snakemake saw of it."""

import argparse
import json
import os
import sys
from pathlib import Path

from gms.base.tables import table
from gms.operations.capacity.usage import MEASURED, number, read_measured
from gms.validation.benchmarks.datasets import WORK, prepare, read_set, run_workflow

WATCH = Path(__file__).with_name("watch.sh")


def main(argv: list[str]) -> int:
    """Run the workflow from the start with each job under a watch (the kernel's account of all its processes when they
    end; their memory five times a second), and compare with Snakemake's benchmarks. What was measured stays in
    RESULTS/benchmarks/usage.tsv, where gms efficiency takes it from."""
    made = argparse.ArgumentParser(prog="gms benchmark usage", description=main.__doc__)
    made.add_argument("run", type=Path, nargs="+", help="folder of a data set with truth, or the config of a run")
    made.add_argument("--work", type=Path, default=WORK / "usage", help="where data sets are run")
    made.add_argument("--cores", type=int, default=2)
    options = made.parse_args(argv)
    for path in options.run:
        configfile = path if path.is_file() else prepare(read_set(path), options.work.resolve() / path.resolve().name)
        results = measured_run(configfile, options.cores)
        print(f"{results}\n{table(HEADER, compared(results))}\n")
    return 0


def measured_run(configfile: Path, cores: int) -> Path:
    """Run everything anew under the watch; returns the results folder. Raises RunFailed."""
    usage = configfile.resolve().parent / "results" / "benchmarks" / MEASURED
    usage.unlink(missing_ok=True)
    usage.parent.mkdir(parents=True, exist_ok=True)
    os.environ.update(BASH_ENV=str(WATCH), GMS_USAGE=str(usage), GMS_PYTHON=sys.executable)
    try:
        return run_workflow(configfile, cores, ["--forceall"])
    finally:
        del os.environ["BASH_ENV"]


HEADER = ("rule", "jobs", "MB: Snakemake", "one process", "all", "cpu s: Snakemake", "kernel", "missed")


def compared(results: Path) -> list[tuple]:
    """For each rule: jobs, most memory (MB) as Snakemake saw it, of one process, of all together; processor seconds of
    all jobs as Snakemake saw them and by the kernel, and which share of these Snakemake missed."""
    folder, rules = results / "benchmarks", {}
    for name, (_, cpu, one, together) in read_measured(folder / MEASURED).items():
        seen = json.loads((folder / f"{name}.jsonl").read_text().splitlines()[-1])
        rules.setdefault(name.partition("/")[0], []).append(
            (number(seen["max_rss"]) or 0, one, together, number(seen["cpu_time"]) or 0, cpu)
        )
    rows = []
    for rule, jobs in sorted(rules.items()):
        seen, one, together, some, cpu = zip(*jobs, strict=True)
        missed = f"{max(0, 1 - sum(some) / sum(cpu)):.0%}" if sum(cpu) else "-"
        most = [round(max(column)) for column in (seen, one, together)]
        rows.append((rule, len(jobs), *most, f"{sum(some):.1f}", f"{sum(cpu):.1f}", missed))
    return rows
