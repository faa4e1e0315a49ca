"""The events of each run as a file in its results folder, and how Snakemake is made to write it."""

import json
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from gms.base.problems import shown
from gms.base.project import PROJECT
from gms.operations.run.events import Progress

PLUGINS = PROJECT / "scripts" / "snakemake_plugins"
FOLDER = ".snakemake/gms_events"  # of the results: one file for each run
KEPT = 20  # files of the last runs


class EventFile:
    """The file of one run's events. Snakemake writes it; ./gms run adds what only it knows."""

    def __init__(self, path: Path | None):
        self.path = path

    def append(self, event: str, **facts: Any) -> dict[str, Any]:
        """Add an event where there is a file: a run that was refused has none. A full disk is not a reason to stop."""
        event = {"time": round(time.time(), 3), "event": event, **facts}
        if self.path is not None and self.path.exists():
            with suppress(OSError), self.path.open("a") as file:
                file.write(json.dumps(event) + "\n")
        return event


def new_event_file(results: Path) -> EventFile:
    """The file for a run that begins now; those of the oldest runs are removed."""
    for path in event_files(results)[: 1 - KEPT]:
        with suppress(OSError):  # of another user, or gone since
            path.unlink()
    return EventFile(results / FOLDER / f"{datetime.now().isoformat().replace(':', '')}.jsonl")


def event_files(results: Path) -> list[Path]:
    """The files of all runs over a results folder, oldest first."""
    return sorted((results / FOLDER).glob("*.jsonl"))


def read_events(path: Path) -> Progress:
    """The state at the end of a file. Raises OSError."""
    progress = Progress()
    with path.open(errors="replace") as lines:
        for line in lines:
            progress.take_text(line)
    return progress


def moved_note(results: Path, configfile: Path) -> str:
    """Why all results are made again where the last run over them had its config in another folder, and how to keep
    them; '' where it had not."""
    runs = (read_events(path).started for path in reversed(event_files(results)))
    before = next((started["configfiles"] for started in runs if started), [])
    folders = {Path(path).resolve().parent for path in before}
    if not folders or configfile.resolve().parent in folders:
        return ""
    return (
        f"The config of the last run over these results was in {shown(min(folders))}. Results know their inputs by\n"
        "absolute paths, so after a move all are made again. Where nothing but the place changed, nor the version of\n"
        "gms, keep them: the same ./gms run with --touch, once (docs/faults.md)"
    )


def with_events(command: list[str], file: EventFile | None = None) -> list[str]:
    """A Snakemake command that reports events, also where other loggers were asked for with --logger."""
    options = ["--logger-gms-file", str(file.path)] if file and file.path else []
    given = next((word for word in command if word.partition("=")[0] == "--logger"), None)
    if given is None:
        place = command.index("snakemake") + 1  # --logger takes several values, so an option must follow it
        return [*command[:place], "--logger", "gms", *options, *command[place:]]
    place, (_, _, name) = command.index(given), given.partition("=")
    return [*command[:place], *options, "--logger", "gms", *filter(None, [name]), *command[place + 1 :]]


def with_plugins(variables: Mapping[str, str]) -> dict[str, str]:
    """Environment variables with which Snakemake finds our logger plugin."""
    path = os.pathsep.join(filter(None, [str(PLUGINS), variables.get("PYTHONPATH")]))
    return {**variables, "PYTHONPATH": path}
