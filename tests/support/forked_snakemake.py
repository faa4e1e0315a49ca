"""Plans and lint of the workflow by forks of one process that has loaded Snakemake, which takes half of their time.

A fork has no module of ours, and none of our folders on its path: the workflow finds its modules as in a process of its
own. What must be shown of such a process itself (how it starts, is followed and ends) is not run here.
"""

import multiprocessing
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from gms.base.project import PROJECT

OURS = tuple(str(PROJECT / name) for name in ("scripts", "tests"))
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["snakemake.cli", "jsonschema", "numpy", "pysam", "smart_open"])


def planned(command: list[str], folder: Path = PROJECT, **variables: str) -> subprocess.CompletedProcess:
    """Run a command `snakemake …` in a folder; `stdout` holds all that it prints."""
    with tempfile.NamedTemporaryFile("r") as output:
        process = _PROCESSES.Process(target=_snakemake, args=(command, folder, variables, output.name))
        process.start()
        process.join()
        return subprocess.CompletedProcess(command, process.exitcode, output.read())


def _snakemake(command: list[str], folder: Path, variables: dict[str, str], output: str) -> None:
    from snakemake.cli import main

    os.chdir(folder)
    os.environ.update(variables)
    file = os.open(output, os.O_WRONLY | os.O_APPEND)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(file, stream.fileno())
    sys.path[:] = [path for path in sys.path if path and not path.startswith(OURS)]
    for name in [name for name in sys.modules if name.partition(".")[0] == "gms"]:
        del sys.modules[name]
    sys.argv = command
    main()
