"""Cohorts for people: a page with drawings, and a table by cohort and country."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from gms.report.render import render
from gms.trials.cohort_progress.drawing import drawing
from gms.trials.cohort_progress.patients import Patient
from gms.trials.cohort_progress.progress import Row
from gms.trials.definitions.model import NO_ENROLMENT
from gms.trials.two_stage.design import characteristics

HERE = Path(__file__).parent


def cohorts_page(rows: Iterable[Row], day: str) -> str:
    """HTML, one section for each cohort."""
    return render({"rows": [_row(row) for row in rows], "day": day, "note": NO_ENROLMENT}, HERE / "cohorts.html")


def _row(row: Row) -> dict[str, Any]:
    design, found = row.cohort.design, row.standing
    numbers = {name: f"{value:.3g}" for name, value in characteristics(design)._asdict().items()}
    estimated = {name: f"{value:.3f}" for name, value in (found.estimate._asdict() if found.estimate else {}).items()}
    blank = dict.fromkeys(("rate", "low", "high", "p_value"), "")
    return {
        **found._asdict(),
        **blank,
        **estimated,
        **numbers,
        **{"key": row.key, "version": row.trial.version, "title": row.cohort.title, "drug": row.cohort.drug},
        **{"countries": row.countries, "design": str(design), "p0": design.p0, "p1": design.p1},
        "drawing": drawing(design, found, row.cohort.title),
    }


def write_country_table(path: Path, patients: Sequence[Patient]) -> None:
    """Tab-separated: persons by cohort and country, with sums; for partners of the trial, as counts may be small."""
    import pandas as pd

    frame = pd.DataFrame(patients, columns=Patient._fields)
    frame["evaluated"] = frame["evaluable"] == "yes"
    frame["pending"] = frame["evaluable"] == "pending"
    frame["benefits"] = frame["benefit"].eq(True)
    counts = {"enrolled": ("patient", "size"), "evaluable": ("evaluated", "sum")}
    counts |= {"pending": ("pending", "sum"), "benefit": ("benefits", "sum")}
    frame.groupby(["trial", "cohort", "country"]).agg(**counts).reset_index().to_csv(path, sep="\t", index=False)
