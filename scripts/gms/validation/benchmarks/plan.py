"""gms benchmark plan: time and memory of a dry-run of many cases; no reads, reference or tool is needed."""

import argparse
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from gms.base.project import PROJECT
from gms.base.tables import table, write_json
from gms.validation.benchmarks.clock import Run, timed

TARGETS = {1_000: (10.0, 3_000.0), 10_000: (100.0, 3_000.0)}  # cases -> seconds and MB that their plan may take
FAMILY = (("proband", ""), ("mother", "female"), ("father", "male"))


def main(argv: list[str]) -> int:
    """Time a dry-run of N cases, trios and panels by turns, with one or more profiles."""
    parser = argparse.ArgumentParser(prog="gms benchmark plan", description=main.__doc__)
    sizes = [100, *TARGETS]
    parser.add_argument("cases", type=int, nargs="*", default=sizes, metavar="N", help="default: 100 1000 10000")
    parser.add_argument("--profile", action="append", help="default: local")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    options = parser.parse_args(argv)
    rows = [measure(number, profile) for number in options.cases for profile in options.profile or ["local"]]
    print(table(("cases", "profile", "jobs", "seconds", "cpu s", "ms per job", "peak MB", "target"), rows))
    write_json(options.json, rows)
    return 0


def measure(number: int, profile: str) -> tuple:
    """One row of the table."""
    with tempfile.TemporaryDirectory() as name:
        config, log = write_plan(Path(name), number), Path(name, "plan.log")
        command = [sys.executable, str(PROJECT / "gms"), "plan", "--profile", profile, "--configfile", str(config)]
        try:
            run = timed(command, log)
        except subprocess.CalledProcessError:
            print(log.read_text())
            raise
        jobs = sum(map(int, re.findall(r"^ +(\d+)  \w+$", log.read_text(), re.MULTILINE)))
    return (
        number,
        profile,
        jobs,
        round(run.wall, 1),
        round(run.cpu, 1),
        round(1000 * run.cpu / jobs, 2),
        round(run.memory),
        target(number, run),
    )


def target(number: int, run: Run) -> str:
    """What a plan of so many cases may take, and whether it did."""
    if number not in TARGETS:
        return ""
    seconds, memory = TARGETS[number]
    met = run.wall <= seconds and run.memory <= memory
    return f"<= {seconds:g} s, {memory:g} MB {'ok' if met else 'miss'}"


def write_plan(folder: Path, number: int) -> Path:
    """Sheet and config of `number` cases in a folder; returns the config. None of their files is there."""
    (folder / "samples.tsv").write_text("".join(f"{line}\n" for line in sheet_lines(number)))
    panels = "".join(f"  {assay}: {{targets: panel.bed}}\n" for assay in ("panel_solid", "panel_myeloid"))
    config = folder / "run.yaml"
    config.write_text(f"samples: samples.tsv\nreference:\n  name: GRCh38\n  fasta: GRCh38.fa\nassays:\n{panels}")
    return config


def sheet_lines(number: int) -> Iterator[str]:
    """By turns: a trio, a solid tumour, a trio, a myeloid panel."""
    yield "case\tsample\trole\tassay\tfastq_1\tfastq_2\tsex"
    for case in range(1, number + 1):
        assay = "wgs_rare" if case % 2 else ("panel_solid", "panel_myeloid")[case // 2 % 2]
        for role, sex in FAMILY if case % 2 else (("tumor", ""),):
            sample = f"C{case}-{role}"
            yield f"C{case}\t{sample}\t{role}\t{assay}\t{sample}_R1.fastq.gz\t{sample}_R2.fastq.gz\t{sex}"
