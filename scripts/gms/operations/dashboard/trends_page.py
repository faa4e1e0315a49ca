"""The page of trends: quality metrics over runs, with limits, drift marked."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from gms.inputs.metrics import metric_words, role_words
from gms.operations.dashboard.control_rules import BASELINE, FEWEST, RULES, WORDS, Baseline, baseline_of, broken_rules
from gms.operations.dashboard.series import Series, read_folders, series_of, words_of
from gms.operations.dashboard.trend_plot import plot
from gms.report.render import render

HERE = Path(__file__).parent


class Trend(NamedTuple):
    """A series, its baseline (None of too few runs) and the rules that each run breaks."""

    series: Series
    baseline: Baseline | None
    broken: list[tuple[str, ...]]

    @property
    def state(self) -> str:
        """drift: the latest run breaks a rule; earlier: only others do; steady; or few: not judged."""
        if self.baseline is None:
            return "few"
        return "drift" if self.broken[-1] else "earlier" if any(self.broken) else "steady"


def trends_of(folders: Iterable[Path]) -> list[Trend]:
    """The trend of every series. Raises NoQuality."""
    found = []
    for series in series_of(read_folders(folders)):
        medians = list(map(float, series.runs["median"]))
        baseline = baseline_of(medians)
        found.append(Trend(series, baseline, broken_rules(medians, baseline) if baseline else []))
    return found


def trends_page(folders: Iterable[Path]) -> tuple[str, list[Trend]]:
    """The page, and the trends on it."""
    trends = trends_of(folders)
    rows = [_row(trend, f"t{number}") for number, trend in enumerate(trends)]
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row["group"], []).append(row)
    content = {
        "marked": [(state, [row for row in rows if row["state"] == state]) for state in ("drift", "earlier")],
        "groups": groups,
        "runs": max((len(trend.series.runs) for trend in trends), default=0),
        "rules": [(rule, WORDS[rule]) for rule in RULES],
        "baseline": BASELINE,
        "fewest": FEWEST,
    }
    return render(content, HERE / "trends.html", HERE / "dashboard.css"), trends


def _row(trend: Trend, key: str) -> dict[str, Any]:
    series, baseline = trend.series, trend.baseline
    runs = series.runs.reset_index()
    last = float(runs["median"].iloc[-1])
    return {
        "key": key,
        "group": f"{series.assay}, {role_words(series.role)}" if series.role else series.assay,
        "words": metric_words(series.metric),
        "state": trend.state,
        "latest": words_of(series.metric, last),
        "usual": words_of(series.metric, baseline.mean) if baseline else "–",
        "provisional": baseline.runs if baseline and baseline.is_provisional else 0,
        "rules": [WORDS[rule] for rule in _rules(trend)],
        "limits": [f"{verdict} at {words_of(series.metric, bound)}" for verdict, bound in series.limits],
        "plot": plot(series, baseline, trend.broken),
        "runs": [_run(series, run, trend.broken[at] if trend.broken else ()) for at, run in runs.iterrows()],
    }


def _rules(trend: Trend) -> tuple[str, ...]:
    """Rules that the latest run breaks, or else the last run that breaks any."""
    return next((rules for rules in reversed(trend.broken) if rules), ())


def _run(series: Series, run: Any, rules: tuple[str, ...]) -> dict[str, Any]:
    words = {key: words_of(series.metric, float(run[key])) for key in ("median", "low", "high")}
    name = Path(run["run"]).name if Path(run["run"]).name != "results" else Path(run["run"]).parent.name
    return {
        **words,
        "run": name,
        "date": run["date"],
        "samples": run["samples"],
        "failed": run["failed"],
        "rules": rules,
    }
