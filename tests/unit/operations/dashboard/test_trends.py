"""Trends of quality over runs: Westgard's rules, series of folders, the page."""

import json
from xml.etree import ElementTree

import pytest

from gms.commands.results.index import trends
from gms.operations.dashboard.control_rules import baseline_of, broken_rules
from gms.operations.dashboard.series import NoQuality, read_folders
from gms.operations.dashboard.trends_page import trends_of, trends_page

STEADY = [10.0, 11.0, 9.0, 10.5, 9.5] * 4  # mean 10, SD 0.725


def rules(*later: float) -> list[tuple[str, ...]]:
    values = [*STEADY, *later]
    return broken_rules(values, baseline_of(values))[len(STEADY) :]


@pytest.mark.parametrize(
    "later, broken",
    [
        ((10.9, 9.1), [(), ()]),
        ((12.5,), [("1_3s",)]),
        ((7.5,), [("1_3s",)]),
        ((11.6, 11.6), [(), ("2_2s",)]),
        ((11.6, 8.4), [(), ()]),  # on both sides: no systematic error
        ((10.8, 10.8, 10.8, 10.8), [(), (), (), ("4_1s",)]),
        ((10.1,) * 10, [()] * 9 + [("10_x",)]),
        ((9.9,) * 9 + (10.1,), [()] * 10),
    ],
)
def test_rules_of_westgard(later, broken):
    assert rules(*later) == broken


def test_few_runs_have_a_provisional_baseline_or_none():
    assert baseline_of(STEADY[:5]) is None
    assert (baseline_of(STEADY[:8]).runs, baseline_of(STEADY).runs, baseline_of([*STEADY, 1.0]).runs) == (5, 10, 20)
    assert baseline_of(STEADY[:8]).is_provisional and not baseline_of([*STEADY, 1.0]).is_provisional


def test_the_last_digits_are_no_drift():
    values = [100.0] * 20 + [100.5, 0.0]
    assert broken_rules(values, baseline_of(values))[20:] == [(), ("1_3s",)]
    zeros = [0.0] * 20 + [0.001, 0.01]
    assert broken_rules(zeros, baseline_of(zeros))[20:] == [(), ("1_3s",)]


@pytest.fixture
def folders(tmp_path):
    """A results folder for each value, of two tumours and a normal; the last run first in the list."""

    def make(values):
        found = []
        for number, value in enumerate(values):
            folder = tmp_path / f"run{number:02}" / "results"
            (folder / "qc").mkdir(parents=True)
            (folder / "report").mkdir()
            gate = {"metric": "coverage_mean", "verdict": "fail" if value < 9 else "pass", "warn": None, "fail": "< 9"}
            for sample, role, more in (("a", "tumor", 0), ("b", "tumor", 2), ("n", "normal", -5)):
                metrics = {"coverage_mean": value + more, "sex_inferred": "male", "sex_matches": True, "copies_x": None}
                record = {
                    "sample": sample,
                    "case": "C",
                    "role": role,
                    "assay": "pair",
                    "metrics": metrics,
                    "gates": [gate],
                }
                (folder / "qc" / f"{sample}.qc.json").write_text(json.dumps(record))
            report = {"case": {"analysed": f"2026-{1 + number // 28:02}-{1 + number % 28:02}"}}
            (folder / "report" / "C.json").write_text(json.dumps(report))
            found.insert(0, folder)
        return found

    return make


def test_series_are_of_roles_and_in_the_order_of_dates(folders):
    found = trends_of(folders([*STEADY, 13.0]))
    assert [(trend.series.role, trend.series.metric) for trend in found] == [
        ("tumor", "coverage_mean"),
        ("normal", "coverage_mean"),
    ]
    tumor = found[0]
    assert list(tumor.series.runs["median"]) == [value + 1 for value in [*STEADY, 13.0]]
    assert list(tumor.series.runs["date"])[:2] == ["2026-01-01", "2026-01-02"]
    assert tumor.series.limits == (("fail", 9.0),)
    assert tumor.state == "drift" and tumor.broken[-1] == ("1_3s",)


def test_the_page_shows_limits_and_marks_drift(folders, tmp_path, capsys):
    page = tmp_path / "trends.html"
    assert trends([*map(str, folders([*STEADY, 13.0])), "--page", str(page)]) == 0
    assert "drift: pair tumor coverage_mean" in capsys.readouterr().out
    text = page.read_text()
    assert "one run beyond 3 SD" in text and "fail at 9 ×" in text and "://" not in text
    charts = [f"<svg{part.partition('</svg>')[0]}</svg>" for part in text.split("<svg")[1:]]
    chart = ElementTree.fromstring(charts[0])
    kinds = [element.get("class") for element in chart.iter()]
    assert (kinds.count("drift"), kinds.count("run"), kinds.count("sample")) == (1, 20, 42)
    assert "limit fail" in kinds and chart.get("role") == "img" and chart.get("aria-label")


def test_one_run_is_drawn_and_not_judged(folders):
    text, found = trends_page(folders([10.0]))
    assert {trend.state for trend in found} == {"few"} and "too few runs to judge drift" in text


def test_a_folder_without_quality_is_named(tmp_path):
    with pytest.raises(NoQuality, match="has no qc/"):
        read_folders([tmp_path])


def test_the_variants_of_a_control_are_series_of_their_own(folders):
    made = folders([10.0, 11.0])
    for folder, fraction in zip(made, (0.05, None), strict=True):
        variants = [{"name": "JAK2 c.1849G>T", "state": "found", "fraction": fraction, "expected": 0.05}]
        variants.append({"name": "KIT", "state": "off_target", "fraction": None, "expected": 0.05})
        variants.append({"name": "BCR::ABL1", "state": "found", "fraction": 0.2, "expected": None})
        record = {"case": "HD", "assay": "pair", "metrics": {"control_missed": 0, "other": 3}, "gates": []}
        (folder / "qc" / "HD.case.json").write_text(json.dumps(record | {"control": {"variants": variants}}))
        (folder / "qc" / "C.case.json").write_text(json.dumps(record))
    controls = {trend.series.metric: trend.series for trend in trends_of(made) if trend.series.role == "control"}
    assert list(controls) == ["control_missed", "control_fraction_JAK2 c.1849G>T"]
    assert sorted(controls["control_fraction_JAK2 c.1849G>T"].runs["median"]) == [0.0, 0.05]
    assert "Fraction of JAK2 c.1849G&gt;T in the control" in trends_page(made)[0]
