"""The commands of ./gms: what each is for, what must be set up before it, and the function that does it."""

import contextlib
import csv
import importlib
import os
import sys
from typing import NamedTuple

from gms.base.errors import GmsError
from gms.base.personal_numbers import mask_personal_numbers
from gms.base.problems import shown, unknown
from gms.base.project import PROJECT, workflow_version
from gms.operations.setup import image, install, tests_only


class Command(NamedTuple):
    """One command: `target` is module:function in gms.commands, taking the arguments and returning the exit code."""

    target: str
    help: str
    needs: str = "tools"  # what is set up first: nothing, python, tools, or tests


COMMANDS = {
    "demo": Command("demo:main", "run everything on a small synthetic data set and compare with its truth"),
    "run": Command("run:main", "run the workflow: --profile P --configfile C"),
    "plan": Command("run:plan", "show what a run would do, without data, references or tools", "python"),
    "status": Command("status:main", "how far each case is, its QC status, failures, time left", "python"),
    "reanalyse": Command("results.reanalyse:main", "analyse finished cases again: what is new, changed, gone"),
    "index": Command("results.index:main", "a page of all cases: QC status, failures, turnaround", "python"),
    "trends": Command("results.index:trends", "a page of quality metrics over many runs, drift marked", "python"),
    "viewers": Command("results.viewers:main", "files of finished cases that Scout, Gens and QCI load"),
    "normals": Command("results.normals:main", "build a panel of normals from finished cases of an assay"),
    "why": Command("why:main", "explain one variant: who called it, each filter, the decision", "python"),
    "match": Command("trials.match:main", "match finished cases with clinical trials; what is missing", "python"),
    "cohort": Command("trials.cohort:main", "two-stage cohorts: design, search, status, export, merge", "python"),
    "efficiency": Command("efficiency:main", "what jobs requested and used, and better requests", "python"),
    "sheet": Command("sheets.sheet:main", "write samples.tsv from FASTQ files, a SampleSheet or a PED file", "python"),
    "import-sheet": Command(
        "sheets.import_sheet:main", "turn hydra-genetics or nf-core sheets into samples.tsv", "python"
    ),
    "import-panel": Command("sheets.import_panel:main", "turn a PanelApp or Scout panel into a gene list", "python"),
    "ring-trial": Command("ring_trial:main", "compare the results of several centres", "python"),
    "export": Command("sharing.export:main", "share: keys, plan, approve, upload, grant, withdraw, log", "python"),
    "verify": Command("sharing.export:verify", "verify a package with public keys only", "python"),
    "setup": Command("installation.setup:main", "install what is missing; other commands do so themselves", "nothing"),
    "lock": Command("installation.lock:main", "lock the versions and hashes of all software", "nothing"),
    "references": Command("references:main", "reference files: get, check, list; hotspots from lists of Twist_Solid"),
    "doctor": Command("installation.doctor:main", "list each tool: version found, version wanted, origin", "nothing"),
    "bundle": Command("installation.bundle:main", "pack everything for a machine without a network", "nothing"),
    "test": Command("test:main", "run every test (--fast: those without data)", "tests"),
    "docs": Command("docs:main", "build the documentation site", "python"),
    "benchmark": Command("benchmark:main", "measure accuracy and speed, on simulated and public data"),
}


def main(argv: list[str]) -> int:
    """Run one command of ./gms. Every GmsError is printed as its own text, without a traceback, and so is what is wrong
    with files that a user named."""
    name, *rest = argv or ["--help"]
    if name in ("--help", "-h", "help"):
        print(overview())
        return 0
    if name == "--version":
        print(f"gms {workflow_version(PROJECT)}")
        return 0
    try:
        code = dispatch(name, rest)
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # the reader, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (GmsError, OSError, csv.Error, RuntimeError) as error:
        print(f"error: {mask_personal_numbers(sentence(error))}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("error: stopped by Ctrl-C; the same command continues from there", file=sys.stderr)
        return 130


def sentence(error: Exception) -> str:
    """What is wrong, of an error that comes of files. Raises a RuntimeError that is a fault of the program."""
    if isinstance(error, OSError) and error.filename is not None:
        return f"'{shown(error.filename)}' cannot be used: {error.strerror}"
    if isinstance(error, RecursionError):
        return "a file is nested too deeply to be read"
    if isinstance(error, RuntimeError) and "loop" not in str(error):  # of symbolic links, as pathlib says it
        raise error
    return f"a table cannot be read: {error}" if isinstance(error, csv.Error) else str(error)


def overview() -> str:
    """The help of ./gms."""
    lines = [f"  {name:<14}{command.help}" for name, command in COMMANDS.items()]
    return "\n".join(
        [
            "The clinical genomics workflow of Genomic Medicine Sweden: FASTQ files in, explained variants out.",
            "",
            "usage: ./gms COMMAND [options]       ./gms COMMAND --help explains one command",
            "",
            *lines,
            "",
            "./gms --version shows the version. First time here: ./gms demo",
        ]
    )


def dispatch(name: str, arguments: list[str]) -> int:
    """Set up what the command needs, and call it in the workflow's own Python."""
    if name not in COMMANDS:
        raise GmsError(unknown("command", name, COMMANDS))
    command = COMMANDS[name]
    if {"--help", "-h"}.intersection(arguments):
        with contextlib.suppress(ModuleNotFoundError):  # a command whose help needs the software sets it up as well
            return call(command, arguments)
    if command.needs == "nothing":
        os.environ.update(install.environ())
    else:
        install.ensure(tools=command.needs != "python" and not image.jobs_bring_tools(arguments))
        if command.needs == "tests":
            tests_only.ensure_packages()
        install.enter_environment([name, *arguments])
    return call(command, arguments)


def call(command: Command, arguments: list[str]) -> int:
    """Import a command's module, only now, and run its function."""
    module, _, function = command.target.partition(":")
    return getattr(importlib.import_module(f"gms.commands.{module}"), function)(arguments) or 0
