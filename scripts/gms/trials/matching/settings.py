"""What matching needs of a run's configuration (trials:), read once for many cases."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gms.base.errors import GmsError
from gms.inputs.user_tables import calendar_day
from gms.trials.definitions.model import Trial
from gms.trials.definitions.oncotree import OncoTree, read_oncotree
from gms.trials.definitions.read import SHIPPED, NoDefinitions, definition_files, known_genes, on_day, read_trials
from gms.trials.matching.clinical_table import Clinical, asked_items, read_clinical


class NotADay(GmsError):
    """A day of decision that cannot be."""

    def __init__(self, day: str):
        super().__init__(f"--date {day} is not a calendar date; write YYYY-MM-DD")


@dataclass(frozen=True, slots=True)
class Screening:
    """The trials that count on a day, the clinical table by case, and OncoTree where it was given."""

    trials: list[Trial]
    clinical: Clinical
    oncotree: OncoTree | None
    day: str


def trial_files(places: Mapping[str, Any]) -> list[Path]:
    """All files that matching reads, for a rule; places without definitions are left for the check of the inputs."""
    try:
        files = definition_files(map(Path, places.get("definitions", ())))
    except NoDefinitions:
        files = []
    return files + [Path(places[key]) for key in ("clinical", "oncotree", "genes") if places.get(key)]


def load_screening(places: Mapping[str, Any], day: str) -> Screening:
    """Everything read and checked. `places` has absolute paths: definitions (a list), clinical, oncotree, genes; absent
    ones are not there. Raises GmsError."""
    if calendar_day(day) is None:
        raise NotADay(day)
    oncotree = read_oncotree(Path(places["oncotree"])) if places.get("oncotree") else None
    files = definition_files(map(Path, places.get("definitions") or [SHIPPED]))
    genes = known_genes(Path(places["genes"]) if places.get("genes") else None)
    trials = read_trials(files, genes, oncotree)
    table = places.get("clinical")
    clinical = read_clinical(Path(table), asked_items(trials), day) if table else {}
    return Screening(on_day(trials, day), clinical, oncotree, day)
