"""gms run and gms plan: the short form of a snakemake command."""

import argparse
import subprocess
import time
from contextlib import nullcontext, suppress
from pathlib import Path

from gms.base.errors import GmsError
from gms.base.project import PROJECT, quick_start
from gms.operations.dashboard.index_page import write_index
from gms.operations.notices.send import notices
from gms.operations.run.conclusion import QC_FAILED, reported
from gms.operations.run.launch import (
    announce,
    profiles,
    question_command,
    results_folder,
    run_of,
    start,
)
from gms.operations.run.plan import show_plan
from gms.operations.run.run_lock_rules import release, take
from gms.operations.status.status import read_status

# Options with which Snakemake starts no jobs; its own output is then what was asked for.
QUESTIONS = {"--unlock", "--summary", "--detailed-summary", "--dag", "--rulegraph", "--filegraph", "--d3dag", "--lint"}
QUESTIONS |= {"--list-rules", "--list", "-l", "--list-target-rules", "--lt", "--list-changes", "--report", "--version"}
QUESTIONS |= {"--cleanup-metadata", "--delete-all-output", "--delete-temp-output", "--touch", "-t"}
DRY_RUN = {"--dry-run", "--dryrun", "-n"}


def main(argv: list[str]) -> int:
    """Run the workflow on a sample sheet. Finished work is kept: the same command continues where a run stopped. The
    last lines are the QC status and the report of each case; RESULTS/report/index.html lists them. Exit code: 0 all
    jobs are done; 3, with --fail-on-qc, all jobs are done, but a case failed its quality control; 1 a job failed, or
    the run could not start; 2 an unknown option; 130 stopped by Ctrl-C, 143 by a termination signal."""
    options, rest = run_parser().parse_known_args(argv)
    command = question_command(options, rest)
    results = results_folder(options.configfile, rest)
    if QUESTIONS.intersection(rest):
        announce(command)
        if "--unlock" in rest:
            release(results)
        return subprocess.call(quick_start(command), cwd=PROJECT)
    if DRY_RUN.intersection(rest):
        announce(command)
        return show_plan(command, options.configfile)
    code = start_locked(options, rest, results)
    with suppress(GmsError, OSError):  # a run that could not start has no cases to show
        write_index(read_status(results, options.configfile, time.time()))
    return 0 if code == QC_FAILED and not options.fail_on_qc else code


def run_parser() -> argparse.ArgumentParser:
    """The options of a run."""
    known = parser("run", main.__doc__)
    text = f"exit with {QC_FAILED} where all jobs are done, but a case failed its quality control"
    known.add_argument("--fail-on-qc", action="store_true", help=text)
    text = "send a notice at the end, however the run ends; may be repeated; docs/new-centre.md has the settings"
    known.add_argument("--notify", action="append", default=[], metavar="mail:ADDRESS|https://ADDRESS", help=text)
    return known


def start_locked(options: argparse.Namespace, rest: list[str], results: Path) -> int:
    """Run with the lock of the results folder, and send the notices at the end. Returns the exit code."""
    is_held_by_snakemake_only = results == PROJECT or "--nolock" in rest  # the workflow explains a broken config
    run = run_of(options.configfile) if options.notify else None
    with (
        notices(options.notify, results, reported(run) if run else []),
        (None if is_held_by_snakemake_only else take(results)) or nullcontext() as lock,
    ):
        return start(options, rest, results, lock)


def plan(argv: list[str]) -> int:
    """Show which jobs a run would start, what they would need by the jobs that are done already, and which input files
    are missing. Needs the sheet and the config, but no tool, reference or FASTQ file."""
    options, rest = parser("plan", plan.__doc__).parse_known_args(argv)
    command = [*question_command(options, rest), *([] if DRY_RUN.intersection(rest) else ["--dry-run"])]
    announce(command)
    return show_plan(command, options.configfile)


def parser(name: str, description: str) -> argparse.ArgumentParser:
    """The options gms itself understands; every other one is Snakemake's."""
    known = ", ".join(profiles())
    made = argparse.ArgumentParser(
        prog=f"gms {name}",
        description=description,
        usage=f"gms {name} --profile P --configfile C [--cores N] [snakemake options ...]",
        epilog="All other options are passed to snakemake, e.g. --forceall, --until RULE, --unlock, --verbose.",
        allow_abbrev=False,
    )
    made.add_argument("--profile", "-p", required=True, help=f"where to run: {known}, or the path of a folder")
    made.add_argument("--configfile", "-C", required=True, type=Path, help="what to run; config/config.yaml explains")
    made.add_argument("--cores", "-c", help="number of cores to use here, or all; default: the profile's")
    return made
