"""Quality metrics of many results folders as one table, and as series of runs."""

import datetime
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from gms.base.errors import GmsError
from gms.base.json_tables import read_json
from gms.base.results import named
from gms.inputs.metrics import find
from gms.qc.gates import LIMIT
from gms.report.labels import value_words

if TYPE_CHECKING:
    import pandas

_APART = ("tumor", "normal", "control")  # roles whose samples are sequenced to different depths


class NoQuality(GmsError):
    """A folder without quality records."""

    def __init__(self, folder: Path):
        super().__init__(f"{folder} has no qc/*.qc.json; give results folders of runs")


class Series(NamedTuple):
    """One metric of the samples of an assay, of one role where roles differ. `runs`: index run (in order of date),
    columns date, median, low, high, samples, failed. `samples`: run and value of each sample. `limits`: (verdict,
    bound) of the gates, of the last run that has them."""

    assay: str
    role: str
    metric: str
    runs: "pandas.DataFrame"
    samples: "pandas.DataFrame"
    limits: tuple[tuple[str, float], ...]


def words_of(metric: str, value: float) -> str:
    """A value, such as the median of several samples, as a report writes it."""
    row = find(metric)
    return value_words(metric, round(value) if row and row.whole else float(f"{value:.4g}"))


def read_folders(folders: Iterable[Path]) -> "pandas.DataFrame":
    """A row for each sample and metric with a number: run, date, assay, role, sample, metric, value, verdict, warn,
    fail. Raises NoQuality."""
    import pandas  # a second that other commands do not wait for

    rows = [row for folder in folders for row in _rows(folder)]
    return pandas.DataFrame(rows)


def _rows(folder: Path) -> Iterator[dict[str, Any]]:
    files = sorted(folder.glob(named("qc.json").everywhere()))
    if not files:
        raise NoQuality(folder)
    controls = map(_of_control, sorted(folder.glob(named("case.json").everywhere())))
    for file, record in [*((file, read_json(file)) for file in files), *filter(None, controls)]:
        gates = {gate["metric"]: gate for gate in record["gates"]}
        common = {"run": str(folder), "date": date_of(folder, record["case"], file), "assay": record["assay"]}
        common |= {"sample": record["sample"], "role": record["role"] if record["role"] in _APART else ""}
        for metric, value in record["metrics"].items():
            if isinstance(value, (int, float)) and not isinstance(value, bool) and find(metric):
                gate = gates.get(metric, {})
                yield {
                    **common,
                    **{"metric": metric, "value": float(value)},
                    **{key: gate.get(key) for key in ("verdict", "warn", "fail")},
                }


def _of_control(file: Path) -> tuple[Path, dict[str, Any]] | None:
    """What the record of a control says of its expected variants, as a record of a sample; None of other cases."""
    record = read_json(file)
    if "control" not in record:
        return None
    metrics = {key: value for key, value in record["metrics"].items() if key.startswith("control_")}
    for one in record["control"]["variants"]:
        if one["state"] != "off_target" and one["expected"] is not None:
            metrics[f"control_fraction_{one['name']}"] = one["fraction"] or 0.0
    return file, record | {"metrics": metrics, "sample": record["case"], "role": "control"}


def date_of(folder: Path, case: str, file: Path) -> str:
    """The date of the case's report, YYYY-MM-DD; without one that of the quality record."""
    report = folder / named("findings").at(case=case)
    if report.is_file() and (analysed := read_json(report)["case"].get("analysed")):
        return analysed
    return datetime.date.fromtimestamp(file.stat().st_mtime).isoformat()


def series_of(table: "pandas.DataFrame") -> list[Series]:
    """Every series in the order of the metrics. A run is a folder; its date is the earliest of its cases."""
    dates = table.groupby("run")["date"].min()
    table = table.assign(date=table["run"].map(dates)).sort_values(["date", "run"], kind="stable")
    found = []
    for (assay, role, metric), rows in table.groupby(["assay", "role", "metric"], sort=False):
        grouped = rows.groupby("run", sort=False)
        runs = grouped.agg(
            date=("date", "first"),
            median=("value", "median"),
            low=("value", "min"),
            high=("value", "max"),
            samples=("sample", "nunique"),
            failed=("verdict", lambda verdicts: int((verdicts == "fail").sum())),
        )
        found.append(Series(assay, role, metric, runs, rows[["run", "sample", "value"]], _limits(rows)))
    return found


def _limits(rows: "pandas.DataFrame") -> tuple[tuple[str, float], ...]:
    last = rows.iloc[-1]
    matches = {
        verdict: LIMIT.fullmatch(last[verdict]) for verdict in ("warn", "fail") if isinstance(last[verdict], str)
    }
    return tuple((verdict, float(match[2])) for verdict, match in matches.items() if match and _is_number(match[2]))


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).replace("-", "", 1).isdecimal()
