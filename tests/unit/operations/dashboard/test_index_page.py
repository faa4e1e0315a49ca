"""The index page of a results folder."""

import json
import os

import pytest

from gms.base.project import PROJECT
from gms.commands.results.index import main
from gms.operations.dashboard.index_page import days_words, turnaround

SHEET = "case\tsample\trole\tassay\tfastq_1\tfastq_2\n"


@pytest.fixture
def results(tmp_path):
    """A finished case B that failed its quality control, and a case A that has not begun."""
    rows = "".join(f"{case}\t{case}-t\ttumor\tpanel_solid\t{case}_1.fq.gz\t{case}_2.fq.gz\n" for case in "AB")
    (tmp_path / "samples.tsv").write_text(SHEET + rows)
    text = (
        "samples: samples.tsv\nreference: {name: tiny, fasta: tiny.fa}\nassays: {panel_solid: {targets: panel.bed}}\n"
    )
    (tmp_path / "run.yaml").write_text(text)
    folder = tmp_path / "results"
    for name in ("report", "qc", "reported", "reanalysis/2026-12/changes"):
        (folder / name).mkdir(parents=True)
    (folder / "run.json").write_text(json.dumps({"workflow": {"version": "1.2.3 (abc)"}}))
    samples = [{"sample": "B-t", "received": "2026-11-03"}, {"sample": "B-n", "received": "2026-11-01"}]
    document = {"case": {"analysed": "2026-11-08"}, "samples": samples, "findings": [{"reported": True}] * 3}
    document["classes"] = [{"variants": "structural", "findings": [{}]}, {"variants": "copy_number", "findings": [{}]}]
    (folder / "report" / "B.json").write_text(json.dumps(document))
    (folder / "report" / "B.html").write_text("<p>")
    (folder / "qc" / "B.case.json").write_text('{"verdict": "fail"}')
    for name in (
        "trials/B.html",
        "residual_disease/A.html",
        "reported/B.vcf.gz",
        "filtered/B.vcf.gz",
        "reanalysis/2026-12/changes/index.html",
    ):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).touch()
    return folder


def test_the_page_names_cases_states_turnaround_and_links(results, capsys):
    assert main([str(results)]) == 0
    assert "report/index.html" in capsys.readouterr().out
    text = " ".join((results / "report" / "index.html").read_text().split())
    assert '<a href="B.html">B</a>' in text and "7 days" in text and "since arrival" in text
    assert '<span class="state fail">fail</span>' in text and "not begun" in text and "1.2.3 (abc)" in text
    assert '<td class="number">5</td>' in text  # findings, two of them no small variants
    assert 'href="../reanalysis/2026-12/changes/index.html"' in text and "://" not in text
    assert '<a href="../trials/B.html">clinical trials</a>' in text
    assert '<a href="../residual_disease/A.html">residual disease</a>' in text
    assert text.index(">B</a>") < text.index("A-t")  # what failed comes first
    assert os.listdir(results / "report") and not [name for name in os.listdir(results / "report") if name[0] == "."]


def test_turnaround_without_a_date_is_from_the_start_of_the_run(tmp_path):
    report = tmp_path / "B.html"
    report.touch()
    os.utime(report, (10_000, 10_000))
    document = {"samples": [{"sample": "s", "received": None}], "case": {"analysed": "2026-11-08"}}
    assert turnaround(document, report, [1_000, 6_400, 20_000]) == (3_600 / 86_400, "since the start of the run")
    assert turnaround(document, report, []) is None
    assert turnaround(None, report, [1_000]) is None


@pytest.mark.parametrize(
    "days, words", [(0, "same day"), (1e-5, "1 min"), (0.01, "14 min"), (0.5, "12 h"), (1, "1 day"), (5.4, "5 days")]
)
def test_days_in_words(days, words):
    assert days_words(days) == words


@pytest.mark.parametrize("template", sorted((PROJECT / "scripts").rglob("*.html")), ids=lambda path: path.name)
def test_pages_may_fetch_nothing(template):
    text = template.read_text()
    assert "<head>" not in text or "Content-Security-Policy\" content=\"default-src 'none'" in text
