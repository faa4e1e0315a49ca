"""Runs whose jobs start in a container: the image, and the folders that the jobs must see in it."""

import shlex
import shutil
from collections.abc import Iterable
from pathlib import Path

from gms.base.errors import GmsError
from gms.base.project import PROJECT
from gms.inputs.run_model import Run
from gms.operations.clusters.profile import Profile, Remark

METHODS = ("--software-deployment-method", "--deployment-method", "--deployment", "--sdm")
ARGUMENTS = ("--apptainer-args", "--singularity-args")


class NoImage(GmsError):
    """Jobs are to run in an image that is not there."""

    def __init__(self, image: str):
        super().__init__(
            f"jobs of this profile run in a container, but its image {image} does not exist: make it with  ./gms "
            "bundle gms.sif --apptainer  on a machine with Apptainer and a network, and name it in the profile, as in  "
            "config: [gmc=uppsala, container=/apps/gms.sif]  or run without containers:  --sdm env-modules"
        )


def uses_containers(profile: Profile, given: list[str]) -> bool:
    """Whether jobs run in a container; what is given on the command line replaces the profile's."""
    if {"--use-apptainer", "--use-singularity"}.intersection(given):
        return True
    words = [word for option in given for word in option.split("=", 1)]
    for place, word in enumerate(words):
        if word in METHODS:
            return "apptainer" in words[place + 1 : place + 3]
    return "apptainer" in str(profile.keys.get("software-deployment-method", ""))


def container_options(profile: Profile, given: list[str], run: Run | None) -> list[str]:
    """What a run adds to its command so that jobs in containers see their files. Raises NoImage.

    `run`: None where the config is broken, which the workflow explains.
    """
    if run is None or not uses_containers(profile, given):
        return []
    image = run.container_image(named_image(profile, given))
    if "://" not in image and not Path(image).exists():
        raise NoImage(image)
    if any(word.startswith(ARGUMENTS) for word in given):
        return []  # who gives the arguments gives them all
    arguments = str(profile.keys.get("apptainer-args", ""))
    return [f"--apptainer-args={arguments} --bind {','.join(map(shlex.quote, folders(run)))}".replace("= ", "=")]


def without_containers(profile: Profile, given: list[str]) -> list[str]:
    """What is added to a command that starts no job: Snakemake would want Apptainer even for a plan."""
    return ["--sdm", "env-modules"] if uses_containers(profile, given) else []


def remarks(profile: Profile) -> list[Remark]:
    """What the doctor says where jobs run in containers: nodes are thought to have what this machine has."""
    if not uses_containers(profile, []):
        return []
    named = named_image(profile, []) or str(PROJECT / "gms.sif")
    image = named if "://" in named or Path(named).is_absolute() else f"{named} (relative to the config of a run)"
    there = "://" in named or not Path(named).is_absolute() or Path(named).exists()
    program = next(filter(shutil.which, ("apptainer", "singularity")), None)
    return [
        Remark("ok", f"jobs run in containers, by {program}")
        if program
        else Remark("wrong", "jobs run in containers, but apptainer is not on PATH; load its module, or install it"),
        Remark("ok", f"image {image}") if there else Remark("wrong", str(NoImage(named))),
    ]


def named_image(profile: Profile, given: list[str]) -> str | None:
    """The image that the command line or the profile names; None where neither does."""
    named = [word.removeprefix("--config=") for word in [*(profile.keys.get("config") or []), *given]]
    return next((word.partition("=")[2] for word in reversed(named) if word.startswith("container=")), None)


def folders(run: Run) -> list[str]:
    """The folders that jobs read and write, links looked through, without those inside another one; sorted."""
    from gms.inputs.assay_files import named_files  # reads YAML, which the set-up, another user, does not have yet

    files = [run.configfile, *named_files(run)]
    samples = [*run.samples.values(), *run.viral_samples.values()]
    files += [path for sample in samples for lane in sample.lanes for path in lane.files]
    places = {run.project, run.results, *map(_folder, files), *(_folder(path.resolve()) for path in files)}
    return list(outermost(places | {place.resolve() for place in places}))


def _folder(path: Path) -> Path:
    return path if path.is_dir() else path.parent


def outermost(places: Iterable[Path]) -> Iterable[str]:
    """The folders that are in no other one of them."""
    kept: list[Path] = []
    for place in sorted(places):
        if not any(place.is_relative_to(other) for other in kept):
            kept.append(place)
    return map(str, kept)
