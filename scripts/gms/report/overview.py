"""Tables of all samples and cases, for MultiQC and as lists: verdicts, the gates behind them, and the measures."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from gms.base.results import named
from gms.inputs import metrics
from gms.report import labels

Table = tuple[list[str], list[list[Any]]]  # names of columns; rows


def finished_cases(results: Path) -> list[str]:
    """Cases of a results folder with a report as data."""
    return sorted(path.stem for path in results.glob(named("findings").everywhere()))


def gates_table(samples: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """MultiQC custom content: a row per sample with its verdict and the gates behind it."""
    rows = {
        record["sample"]: {name: record[name] for name in ("case", "assay", "verdict")}
        | {"role": metrics.role_words(record["role"])}
        | _reasons(record["gates"])
        for record in samples
    }
    titles = {"case": "Case", "role": "Role", "assay": "Assay", **_REASONS}
    return _table("gms_gates", "Verdict of each sample", "The limits of each sample's assay.", titles, rows)


def cases_table(cases: Iterable[Mapping[str, Any]], samples: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """MultiQC custom content: a row per case, whose verdict is the worst of its samples' and of its relations'."""
    gates = {record["case"]: list(record["gates"]) for record in cases}
    for sample in samples:
        if sample["case"] in gates:  # plasma has no record of a case
            gates[sample["case"]] += [gate | {"sample": sample["sample"]} for gate in sample["gates"]]
    rows = {
        record["case"]: {"assay": record["assay"], "verdict": record["verdict"]} | _reasons(gates[record["case"]])
        for record in cases
    }
    about = "The worst of a case's samples and of its own limits, such as family relations."
    return _table("gms_cases", "Verdict of each case", about, {"assay": "Assay", **_REASONS}, rows, "Case")


def metrics_table(samples: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """MultiQC custom content: the measures of every sample, fractions as percent."""
    about = "Coverage counts usable reads only."
    return _measures("gms_metrics", "Measures", about, metrics.SAMPLE_METRICS, samples)


def viral_table(samples: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """MultiQC custom content: the measures of every sample of a virus."""
    about = "Samples of viral assays; positions below the minimum depth are N in the consensus."
    return _measures("gms_viral", "Measures of viral samples", about, metrics.VIRAL_METRICS, samples)


def _measures(
    name: str, title: str, about: str, names: Iterable[str], samples: Iterable[Mapping[str, Any]]
) -> dict[str, Any]:
    rows = {record["sample"]: _numbers(record["metrics"]) for record in samples}
    table = _table(name, title, about, {name: metrics.metric_words(name) for name in names}, rows)
    for name, header in table["headers"].items():
        if metrics.is_fraction(name):
            header |= {"suffix": " %", "min": 0, "max": 100, "format": "{:,.2f}"}
        elif metrics.known(name).whole:
            header |= {"format": "{:,.0f}"}
    return table


def samples_list(samples: Iterable[Mapping[str, Any]]) -> Table:
    """A row per sample: what it is, its verdict, then its metrics as measured (fractions 0-1); empty: not measured."""
    what = ("sample", "case", "role", "assay", "verdict")
    records = [{name: record[name] for name in what} | record["metrics"] for record in samples]
    return _in_columns(dict.fromkeys(name for record in records for name in record), records)


def gates_list(cases: Iterable[Mapping[str, Any]], samples: Iterable[Mapping[str, Any]]) -> Table:
    """A row per gate of a sample or, with an empty `sample`, of a case: assay, metric, value, limits and verdict."""
    rows = [
        {name: record.get(name) for name in ("case", "sample", "assay")} | gate
        for record in (*cases, *samples)
        for gate in record["gates"]
    ]
    rows.sort(key=lambda row: (row["case"], row["sample"] or ""))
    return _in_columns(("case", "sample", "assay", "metric", "value", "warn", "fail", "verdict"), rows)


def _in_columns(names: Iterable[str], records: Iterable[Mapping[str, Any]]) -> Table:
    columns = list(names)
    return columns, [["" if record.get(name) is None else record[name] for name in columns] for record in records]


_REASONS = {"verdict": "Verdict", "fail": "Failed", "warn": "Warnings", "not_assessed": "Not assessed"}


def _reasons(gates: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Per verdict other than pass, the gates with it in words."""
    return {
        verdict: "; ".join(_gate(gate) for gate in gates if gate["verdict"] == verdict) or "–"
        for verdict in ("fail", "warn", "not_assessed")
    }


def _gate(gate: Mapping[str, Any]) -> str:
    name = metrics.metric_words(gate["metric"])
    name = f"{gate['sample']}: {name}" if "sample" in gate else name
    if gate["verdict"] == "not_assessed":
        return name
    limit = labels.limit_words(gate["metric"], gate[gate["verdict"]])
    return f"{name} {labels.value_words(gate['metric'], gate['value'])} ({limit})"


def _numbers(measured: Mapping[str, Any]) -> dict[str, Any]:
    """Measured values as MultiQC shows them."""
    shown = {}
    for name, value in measured.items():
        if isinstance(value, bool):
            shown[name] = labels.value_words(name, value)
        elif value is not None:
            shown[name] = round(value * 100, 3) if metrics.is_fraction(name) else value
    return shown


def _table(
    name: str, title: str, about: str, titles: Mapping[str, str], rows: Mapping[str, Any], of: str = "Sample"
) -> dict[str, Any]:
    return {
        "id": name,
        "section_name": title,
        "description": about,
        "plot_type": "table",
        "pconfig": {
            "id": f"{name}_table",
            "title": title,
            "no_violin": True,
            "save_file": False,
            "col1_header": of,
        },
        "headers": {key: {"title": text, "scale": False} for key, text in titles.items()},
        "data": rows,
    }
