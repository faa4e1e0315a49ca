"""The snakemake command of ./gms run: built from profile and config, announced, started."""

import argparse
import re
import shlex
import sys
from collections.abc import Iterable
from pathlib import Path

from gms.base.errors import GmsError
from gms.base.personal_numbers import find_personal_number, mask_personal_numbers
from gms.base.problems import Findings, unknown
from gms.base.project import PROJECT
from gms.inputs.load_run import read_run
from gms.inputs.run_model import Run
from gms.operations.clusters import cluster
from gms.operations.clusters.containers import container_options, without_containers
from gms.operations.clusters.profile import Profile, read_profile
from gms.operations.run.conclusion import reported
from gms.operations.run.event_files import moved_note
from gms.operations.run.follow import follow
from gms.operations.run.run_lock import RunLock


def start(options: argparse.Namespace, given: list[str], results: Path, lock: RunLock | None) -> int:
    """Run Snakemake as the cluster of the profile needs it, and follow it to its end. Returns the exit code."""
    profile = read_profile(profile_folder(options.profile))
    run = run_of(options.configfile)
    command = [*snakemake_command(options, given), *cluster.run_options(profile, given)]
    command += container_options(profile, given, run)
    announce(command, cluster.prepare_programs(profile, given))
    if run and (moved := moved_note(run.results, options.configfile)):
        print(moved, file=sys.stderr, flush=True)
    return follow(command, results, lock, reported(run) if run else [])


def question_command(options: argparse.Namespace, rest: list[str]) -> list[str]:
    """The plain command of a question to Snakemake, which starts no job. Raises GmsError as `snakemake_command`."""
    profile = read_profile(profile_folder(options.profile))
    return [*snakemake_command(options, rest), *without_containers(profile, rest)]


def run_of(configfile: Path) -> Run | None:
    """The run of a config; None where it or its sheet is broken, which the workflow explains."""
    try:
        return read_run(configfile)
    except GmsError:
        return None


def profiles() -> list[str]:
    """Names of the profiles in the project; base is part of each."""
    return sorted(path.parent.name for path in PROJECT.glob("profiles/*/profile.yaml") if path.parent.name != "base")


class NoConfigFile(GmsError):
    """A path that is no file, where the configuration of a run was asked for."""


def profile_folder(name: str) -> Path:
    """The folder of a profile, given its name or path. Raises GmsError."""
    for folder in (PROJECT / "profiles" / name, Path(name).absolute()):
        if (folder / "profile.yaml").is_file():
            return folder
    raise GmsError(f"{unknown('profile', name, profiles())}\nThe path of a folder with a profile.yaml will do as well")


def snakemake_command(options: argparse.Namespace, rest: list[str]) -> list[str]:
    """The plain command, relative to the project folder. Raises GmsError for an unknown profile or a broken config."""
    if not options.configfile.is_file():
        wrong = "is not a file" if options.configfile.exists() else "does not exist"
        raise NoConfigFile(f"config file {options.configfile} {wrong} (config/config.yaml is an explained example)")
    check_yaml(options.configfile)
    folder = profile_folder(options.profile)
    profile = read_profile(folder)
    refuse_personal_numbers([str(options.configfile.resolve()), str(folder), *rest])
    # --configfile takes several values, so it may not come last: targets among `rest` would become config files.
    command = ["snakemake", "--snakefile", "workflow/Snakefile", "--configfile", from_project(options.configfile)]
    command += ["--profile", "profiles/base", "--profile", from_project(folder)]
    command += ["--cores", options.cores] if options.cores else []
    return command + keep_profile_config(rest, profile)


def check_yaml(configfile: Path) -> None:
    """Raise Problems with the line number where a config is not YAML, which Snakemake would not name."""
    from gms.base.schemas import Document  # needs what is not in the standard library

    findings = Findings()
    Document(configfile).load(findings)
    findings.raise_if_any()


def refuse_personal_numbers(arguments: list[str]) -> None:
    """Snakemake writes its command, and the folder it works in, to its log: neither may contain a personal number."""
    for text in (str(PROJECT), *arguments):
        if find_personal_number(text) is not None:
            shown = mask_personal_numbers(text)
            raise GmsError(f"'{shown}' contains a personal number, which logs would keep; use another name, or move it")


def from_project(path: Path) -> str:
    """A path as seen from the project folder: relative where it is inside."""
    path = path.resolve()
    return str(path.relative_to(PROJECT) if path.is_relative_to(PROJECT) else path)


def keep_profile_config(options: list[str], profile: Profile) -> list[str]:
    """Snakemake drops a profile's `config:` (our gmc) when --config is given, so it is given again there."""
    if "--config" not in options:
        return options
    kept = profile.keys.get("config", [])
    place = options.index("--config") + 1
    return [*options[:place], *kept, *options[place:]]


def results_folder(configfile: Path, options: Iterable[str] = ()) -> Path:
    """The results folder of a config or of --config; the project folder for a broken config, which the workflow
    explains."""
    import yaml

    from gms.base.schemas import read_yaml

    try:
        config = read_yaml(configfile)
        said = [word.partition("results=")[2] for word in options if re.match(r"(--config=)?results=", word)]
        return (configfile.resolve().parent / [config.get("results", "results"), *said][-1]).resolve()
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError, AttributeError, TypeError):
        return PROJECT


def announce(command: list[str], programs: Path = PROJECT / ".env" / "bin") -> None:
    """Print the plain snakemake command, which can be pasted in any folder, on standard error. `programs`: first on its
    PATH."""
    folders = dict.fromkeys(map(str, (programs, PROJECT / ".env" / "bin")))
    path = f'PATH={":".join(map(shlex.quote, folders))}:"$PATH"'
    print(f"env -C {shlex.quote(str(PROJECT))} {path} {shlex.join(command)}", file=sys.stderr, flush=True)
