"""Case folders tests/cases/case_report/<case>: the inputs of a report, the text it must show and must not show."""

import html.parser
import json
import re
from pathlib import Path

import pytest

from gms.base.json_tables import read_table
from gms.filtering.policy import load_policy
from gms.report.content import CaseResults, report_content
from gms.report.render import render
from gms.report.variants import read_filtered

CASES = sorted((Path(__file__).parents[2] / "cases" / "case_report").iterdir())


def report(folder):
    case = json.loads((folder / "case.json").read_text())
    names = [sample["sample"] for sample in case["samples"]]

    return render(
        report_content(
            CaseResults(
                case=case,
                filtered=read_filtered(folder / "filtered.vcf"),
                policy=load_policy(folder / "policy.yaml"),
                samples=[json.loads((folder / f"{name}.qc.json").read_text()) for name in names],
                relations=json.loads((folder / "relations.json").read_text()),
                genes=[read_table(folder / f"{name}.genes.tsv") for name in names],
                run=json.loads((folder / "run.json").read_text()),
            )
        )
    )


class Page(html.parser.HTMLParser):
    """Visible text, and every element with its attributes."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.words, self.hidden = [], [], 0
        self.feed(text)
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        self.hidden += tag in ("style", "title")

    def handle_endtag(self, tag):
        self.hidden -= tag in ("style", "title")

    def handle_data(self, data):
        if not self.hidden:
            self.words.append(data)


def flat(text):
    """Without white space and its kinds, which layout decides."""
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("folder", CASES, ids=lambda path: path.name)
def test_report_says(folder):
    text = flat(Page(report(folder)).text)
    for line in (folder / "expected.txt").read_text().splitlines():
        assert flat(line) in text, line
    for line in (folder / "absent.txt").read_text().splitlines():
        assert flat(line) not in text, line


@pytest.mark.parametrize("folder", CASES, ids=lambda path: path.name)
def test_report_is_one_accessible_offline_page(folder):
    text = report(folder)
    page = Page(text)
    tags = [tag for tag, _ in page.elements]
    assert ("html", {"lang": "en"}) in page.elements
    assert tags.count("h1") == 1
    assert not {"script", "link", "img", "iframe"} & set(tags)
    assert not re.search(r"https?:|url\(|@import", text)
    assert all("scope" in attributes for tag, attributes in page.elements if tag == "th")
    targets = {attributes["id"] for _, attributes in page.elements if "id" in attributes}
    assert {attributes["href"][1:] for tag, attributes in page.elements if tag == "a"} <= targets


def test_report_is_the_same_each_time():
    assert report(CASES[0]) == report(CASES[0])


def test_text_from_files_is_escaped():
    text = report(next(path for path in CASES if path.name == "panel_with_rescue"))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
