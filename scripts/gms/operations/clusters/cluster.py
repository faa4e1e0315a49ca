"""What a run does for the cluster of its profile before Snakemake starts."""

import os
from pathlib import Path

from gms.base.software import ENVIRONMENT
from gms.operations.clusters import grid_engine, slurm
from gms.operations.clusters.profile import Profile


def executor(profile: Profile, given: list[str]) -> str:
    """The executor of a run: the profile's, unless the options that were given name another."""
    for word, after in zip(given, [*given, ""][1:], strict=True):
        if word in ("--executor", "-e"):
            return after
        if word.startswith("--executor="):
            return word.partition("=")[2]
    return profile.executor


def run_options(profile: Profile, given: list[str]) -> list[str]:
    """What a run adds to its command for the cluster it finds. Raises GmsError where the cluster cannot be used."""
    return slurm.status_options(profile, given) if executor(profile, given) == "slurm" else []


def prepare_programs(profile: Profile, given: list[str]) -> Path:
    """Put first on PATH the programs of the cluster as the workflow needs them; returns the folder that is first."""
    if executor(profile, given) != "sge":
        return ENVIRONMENT / "bin"
    os.environ["PATH"] = grid_engine.search_path(os.environ.get("PATH", os.defpath))
    return grid_engine.PROGRAMS
