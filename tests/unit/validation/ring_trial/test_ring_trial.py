"""The command and its page."""

import re

import pytest

from gms.base.errors import GmsError
from gms.commands import ring_trial, table
from ring_folders import change, make_folder, write_report


@pytest.fixture
def folders(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return [make_folder(tmp_path / name, name) for name in ("uppsala", "lund", "umea")]


def trial(folders, *options):
    return ring_trial.main([*map(str, folders), *options])


def page(tmp_path):
    text = (tmp_path / "ring-trial.html").read_text()
    return text, " ".join(re.sub(r"<[^>]*>", " ", text.partition("</style>")[2]).split())


def test_identical(folders, tmp_path, capsys):
    assert trial(folders) == 0
    assert "Identical: all 3 centres give the same answer to 1 case.\nPage: ring-trial.html" in capsys.readouterr().out
    html, text = page(tmp_path)
    assert "not public" in text and text.count("✓") == 3 + 1  # of the legend
    assert "First differences" not in text and "Missing" not in text
    assert not re.search(r'(?:src|href)="(?!#)|@import|url\(|<script', html)


def test_different(folders, tmp_path, capsys):
    change(folders[1] / "run.json", "assays", "wgs_rare", "policy", "version", "2026.12")
    change(folders[1] / "run.json", "assays", "wgs_rare", "policy", "sha256", "d1")
    write_report(folders[1], frequency=0.002)
    assert trial(folders) == 1
    shown = capsys.readouterr().out
    assert "Different: 1 of 12 files, in 1 of 1 case." in shown
    assert "policy: wgs_rare: 2026.11 at uppsala-1, 2026.12 at lund-2 (1 file)" in shown
    assert "report/trio.json: uppsala-1, umea-3 | lund-2" in shown and "0.002" not in shown
    html, text = page(tmp_path)
    assert "≠ 1" in text and "population › value" in text and "0.001 uppsala-1, umea-3 0.002 lund-2" in text
    assert '<a href="#case-trio">' in html and 'id="case-trio"' in html


def test_values_are_escaped(folders, tmp_path):
    change(folders[1] / "qc/child.qc.json", "metrics", "mean", "<script>alert(1)</script>")
    assert trial(folders) == 1
    assert "<script" not in page(tmp_path)[0]


def test_missing(folders, tmp_path, capsys):
    (folders[2] / "report/trio.json").unlink()
    (folders[2] / ".snakemake/locks").mkdir(parents=True)
    (folders[2] / ".snakemake/locks/0.input.lock").touch()
    assert trial(folders) == 1
    shown = capsys.readouterr().out
    assert "Not complete: what is there is identical, but not everything is there." in shown
    assert "umea: 1 case; a run is going on in this folder, or was killed there" in shown
    assert "trio umea-3 missing report/trio.json" in page(tmp_path)[1]


def test_accepted_other_tool_versions_are_a_note(folders, capsys):
    change(folders[1] / "run.json", "other_tool_versions", {"bwa": {"found": "0.7.18", "tested": "0.7.17"}})
    trial(folders)
    assert (
        "lund: 1 case; made with other versions than the workflow is tested with: bwa 0.7.18" in capsys.readouterr().out
    )


def test_only_some_cases(folders, tmp_path):
    for folder in folders[:2]:
        make_folder(folder, folder.name, "other", ("sister", "brother"))
    assert trial(folders) == 1
    assert trial(folders, "--cases", "trio") == 0


def wrong(folders, tmp_path):
    """Arguments and the sentence that they are answered with."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "above" / "results").mkdir(parents=True)
    other = make_folder(tmp_path / "other", "orebro", case="other")
    (tmp_path / "twin").symlink_to(folders[0])
    yield [folders[0]], "compares two results folders or more"
    yield [folders[0], tmp_path / "nowhere"], "'nowhere' does not exist"
    yield [folders[0], folders[0] / "run.json"], "'uppsala/run.json' is not a folder"
    yield [folders[0], tmp_path / "empty"], "'empty' is not a results folder: neither run.json nor a case is in it"
    yield [folders[0], tmp_path / "above"], "did you mean 'above/results'?"
    yield [folders[0], tmp_path / "twin"], "'twin' is the same folder as 'uppsala'"
    yield (
        [folders[0], other],
        "no case occurs in two of these folders.*\n  uppsala-1  uppsala: trio\n  orebro-2  other: other",
    )
    yield [*folders, "--cases", "unknown"], "none of the folders has case unknown"
    yield [*folders, "--page", "nowhere/page.html"], "the page 'nowhere/page.html' cannot be written"


def test_what_is_wrong_is_a_sentence(folders, tmp_path):
    for arguments, sentence in wrong(folders, tmp_path):
        with pytest.raises(GmsError, match=sentence.replace("?", r"\?")):
            trial(arguments)


def test_it_is_a_command():
    assert table.COMMANDS["ring-trial"].needs == "python"
