"""The index page of a results folder: each case with its state, QC status, failures, turnaround and links."""

import datetime
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gms.base.json_tables import read_json
from gms.base.results import named
from gms.inputs.user_tables import calendar_day
from gms.operations.run.event_files import event_files, read_events
from gms.operations.status.status import CaseStatus, Status, as_json
from gms.report.render import render

HERE = Path(__file__).parent
_DAY = 86_400


def write_index(status: Status) -> Path:
    """Write report/index.html, as a whole or not at all; returns it."""
    page = status.results / named("index").path
    page.parent.mkdir(exist_ok=True)
    draft = page.with_name(f".{page.name}.{os.getpid()}")
    draft.write_text(render(index_content(status), HERE / "index.html", HERE / "dashboard.css"))
    draft.replace(page)
    return page


def index_content(status: Status) -> dict[str, Any]:
    """What the page shows; cases that need somebody come first, then by name."""
    starts = run_starts(status.results)
    facts = as_json(status)
    rows = [_row(case, known, status, starts) for case, known in zip(status.cases, facts["cases"], strict=True)]
    rows.sort(key=lambda row: (_order(row), row["case"]))
    return {
        "name": status.results.parent.name if status.results.name == "results" else status.results.name,
        "rows": rows,
        "assays": _by_assay(rows),
        "others": facts["failed"],
        "made": datetime.datetime.fromtimestamp(status.now).strftime("%Y-%m-%d %H:%M"),
        "links": _links(status.results),
        "workflow": _workflow(status.results),
        "days": days_words,
    }


def _order(row: Mapping[str, Any]) -> int:
    if row["state"] == "failed":
        return 0
    return {"fail": 1, "warn": 2, "not_assessed": 3}.get(row["verdict"], 4)


def run_starts(results: Path) -> list[float]:
    """When runs over the folder began, seconds since 1970."""
    started = (read_events(file).started for file in event_files(results))
    return sorted(facts["time"] for facts in started if facts)


def _row(case: CaseStatus, known: Mapping[str, Any], status: Status, starts: list[float]) -> dict[str, Any]:
    name = case.files.case.name
    report = status.results / named("report").at(case=name)
    document = _document(status.results / named("findings").at(case=name))
    return {
        **{key: known[key] for key in ("case", "assay", "state", "stage", "jobs", "jobs_done", "verdict")},
        "report": report.name if report.is_file() and document else None,
        "findings": reported(document) if document else None,
        "failures": [
            {**one, "logs": [os.path.relpath(log, report.parent) for log in one["logs"]]} for one in known["failed"]
        ],
        "turnaround": turnaround(document, report, starts),
        "samples": [sample.name for sample in case.files.case.samples],
        "pages": _pages(status.results, name),
    }


def _pages(results: Path, case: str) -> list[tuple[str, str]]:
    """(address from the page, words) of what a case has besides its report."""
    paths = [(named("trials.html").at(case=case), "clinical trials")]
    paths += [(named("residual_disease.html").at(patient=case), "residual disease")]
    return [(f"../{path}", words) for path, words in paths if (results / path).is_file()]


def reported(document: Mapping[str, Any]) -> int:
    """Findings of a report, of all classes of variants."""
    small = sum(found["reported"] for found in document["findings"])
    return small + sum(len(section["findings"]) for section in document.get("classes", ()))


def _document(path: Path) -> Mapping[str, Any] | None:
    try:
        return read_json(path)
    except (OSError, ValueError):
        return None


def turnaround(document: Mapping[str, Any] | None, report: Path, starts: list[float]) -> tuple[float, str] | None:
    """(days, from what) to the report: from the arrival of the first sample where the sheet says when, else from the
    start of the run that made the report."""
    if document is None or not report.is_file():
        return None
    received = [date for sample in document["samples"] if (date := calendar_day(sample.get("received") or ""))]
    analysed = calendar_day(document["case"].get("analysed") or "")
    if received and analysed:
        return float((analysed - min(received)).days), "since arrival"
    made = report.stat().st_mtime
    begun = max((start for start in starts if start <= made), default=None)
    return None if begun is None else ((made - begun) / _DAY, "since the start of the run")


def days_words(days: float) -> str:
    """'3 days', '5 h', '12 min'; 0 is between two dates that are one."""
    if not days:
        return "same day"
    if days >= 1:
        return f"{days:.0f} day{'' if round(days) == 1 else 's'}"
    return f"{days * 24:.0f} h" if days * 24 >= 1 else f"{max(1, round(days * 24 * 60))} min"


def _by_assay(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Cases, finished ones, failed QC and median turnaround (days) of each assay."""
    import pandas  # a second that other commands do not wait for

    table = pandas.DataFrame(rows, columns=["assay", "state", "verdict", "turnaround"])
    table["days"] = [found[0] if found else None for found in table["turnaround"]]
    grouped = table.groupby("assay").agg(
        cases=("state", "size"),
        done=("state", lambda states: int((states == "done").sum())),
        failed=("verdict", lambda verdicts: int((verdicts == "fail").sum())),
        days=("days", "median"),
    )
    found = grouped.reset_index().to_dict("records")
    return [row | {"days": None if pandas.isna(row["days"]) else days_words(row["days"])} for row in found]


def _links(results: Path) -> list[tuple[str, str]]:
    """(address from the page, words) of further pages that are there."""
    pages = [("multiqc.html", "quality of all samples (MultiQC)"), ("../run.json", "versions and knowledge files")]
    pages += [("../qc/overview/samples.tsv", "metrics of all samples")]
    again = sorted(results.glob(f"{named('reanalysis').path.removesuffix('.json')}/*/changes/index.html"))
    pages += [(f"../{path.relative_to(results)}", f"reanalysis {path.parent.parent.name}") for path in again]
    return [(address, words) for address, words in pages if (results / "report" / address).exists()]


def _workflow(results: Path) -> str:
    record = _document(results / named("run.json").path)
    return record["workflow"]["version"] if record else ""
