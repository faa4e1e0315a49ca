"""Plans and lint of the workflow by forks of one process that has loaded Snakemake, which takes half of their time.

What must be shown of a process of its own (that it finds its modules, how it is followed and ended) is not run here.
"""

import multiprocessing
import os
import subprocess
import sys
import tempfile

from gms.base.project import PROJECT

_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["snakemake.cli", "gms.preflight.check_run"])


def planned(command: list[str]) -> subprocess.CompletedProcess:
    """Run a command `snakemake …` in the folder of the project; `stdout` holds all that it prints."""
    with tempfile.NamedTemporaryFile("r") as output:
        process = _PROCESSES.Process(target=_snakemake, args=(command, output.name))
        process.start()
        process.join()
        return subprocess.CompletedProcess(command, process.exitcode, output.read())


def _snakemake(command: list[str], output: str) -> None:
    from snakemake.cli import main

    os.chdir(PROJECT)
    file = os.open(output, os.O_WRONLY | os.O_APPEND)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(file, stream.fileno())
    sys.argv = command
    main()
