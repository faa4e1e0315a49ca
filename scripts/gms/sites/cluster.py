"""What a run does for the cluster of its profile before Snakemake starts."""

import os
from pathlib import Path

from gms.sites import grid_engine, slurm
from gms.sites.profile import Profile
from gms.software import ENVIRONMENT


def run_options(profile: Profile, given: list[str]) -> list[str]:
    """What a run adds to its command for the cluster it finds. Raises GmsError where the cluster cannot be used."""
    return slurm.status_options(profile, given) if profile.executor == "slurm" else []


def prepare_programs(profile: Profile) -> Path:
    """Put first on PATH the programs of the cluster as the workflow needs them; returns the folder that is first."""
    if profile.executor != "sge":
        return ENVIRONMENT / "bin"
    os.environ["PATH"] = grid_engine.search_path(os.environ.get("PATH", os.defpath))
    return grid_engine.PROGRAMS
