import csv
import gzip
import os
import subprocess
import sys
from pathlib import Path
from unittest.mock import Mock

import pytest

from gms.base.errors import GmsError
from gms.base.project import PROJECT, version_number
from gms.commands import run, table
from gms.operations.run import launch
from gms.operations.status.last_run import results_of


def test_help_names_every_command(capsys):
    assert table.main(["--help"]) == 0
    text = capsys.readouterr().out
    assert all(f"\n  {name} " in text for name in table.COMMANDS)


def test_texts_are_utf_8_in_any_locale(tmp_path):
    reads = tmp_path / "läsningar"
    reads.mkdir()
    for mate in (1, 2):
        (reads / f"S1_S1_L001_R{mate}_001.fastq.gz").write_bytes(gzip.compress(b"@a\nACGT\n+\nIIII\n"))
    command = [sys.executable, PROJECT / "gms", "sheet", reads, "--assay", "wgs_rare", "-o", tmp_path / "samples.tsv"]
    latin = os.environ | {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    subprocess.run(command, check=True, env=latin)
    assert "läsningar/S1_S1_L001_R1" in (tmp_path / "samples.tsv").read_text(encoding="utf-8")


def test_the_version_needs_no_set_up(capsys, monkeypatch):
    monkeypatch.setattr(table.install, "ensure", lambda **_: pytest.fail("set-up"))
    assert table.main(["--version"]) == 0
    assert capsys.readouterr().out.startswith(f"gms {version_number()}")


def test_an_unknown_command_is_a_sentence(capsys):
    assert table.main(["rum"]) == 1
    assert capsys.readouterr().err.endswith(" trends, verify, viewers, why); did you mean 'run'?\n")


@pytest.mark.parametrize("name", ["run", "plan", "test", "demo", "setup", "doctor", "why", "bundle"])
def test_help_of_each_command_needs_no_set_up(name, capsys, monkeypatch):
    monkeypatch.setattr(table.install, "ensure", lambda **_: pytest.fail("set-up"))
    with pytest.raises(SystemExit) as end:
        table.main([name, "--help"])
    assert end.value.code == 0
    assert f"usage: gms {name}" in capsys.readouterr().out


def test_what_starts_no_tool_is_set_up_without_them(monkeypatch):
    asked = {}
    monkeypatch.setattr(table.install, "enter_environment", lambda arguments: None)
    monkeypatch.setattr(table, "call", lambda command, arguments: 0)
    monkeypatch.setattr(table.tests_only, "ensure_packages", lambda: asked["test"].update(tests=True))
    for name in ("plan", "why", "run", "test"):
        monkeypatch.setattr(table.install, "ensure", lambda name=name, **needs: asked.update({name: needs}))
        assert table.dispatch(name, []) == 0
    assert [name for name, needs in asked.items() if not needs["tools"]] == ["plan", "why"]
    assert [name for name, needs in asked.items() if "tests" in needs] == ["test"]


def command(tmp_path: Path, *arguments: str) -> list[str]:
    (tmp_path / "run.yaml").write_text("samples: samples.tsv\n")
    options, rest = run.parser("run", "").parse_known_args(
        ["--profile", "uppsala", "--configfile", str(tmp_path / "run.yaml"), *arguments]
    )
    return launch.snakemake_command(options, rest)


def test_the_plain_command(tmp_path):
    assert command(tmp_path, "--cores", "2", "--until", "align") == [
        *("snakemake", "--snakefile", "workflow/Snakefile", "--configfile", str(tmp_path / "run.yaml")),
        *("--profile", "profiles/base", "--profile", "profiles/uppsala"),
        *("--cores", "2", "--until", "align"),
    ]


def test_config_on_the_command_line_keeps_the_centre(tmp_path):
    assert command(tmp_path, "--config", "results=x")[-3:] == ["--config", "gmc=uppsala", "results=x"]


def test_unknown_profile_and_absent_config_are_sentences(tmp_path):
    options, _ = run.parser("run", "").parse_known_args(["--profile", "upsala", "--configfile", "run.yaml"])
    with pytest.raises(GmsError, match="config file run.yaml does not exist"):
        launch.snakemake_command(options, [])
    with pytest.raises(GmsError, match="unknown profile 'upsala' .known: bianca, ci.*did you mean 'uppsala'"):
        launch.profile_folder("upsala")


def test_results_folder_is_relative_to_the_config(tmp_path):
    config = tmp_path / "run.yaml"
    config.write_text("results: out\n")
    assert launch.results_folder(config) == tmp_path / "out"
    for words in (["--config", "gmc=local", "results=other"], ["--config=results=other"]):
        assert launch.results_folder(config, words) == tmp_path / "other"
    config.write_text("a: [\n")
    assert launch.results_folder(config) == launch.PROJECT


@pytest.mark.parametrize("words", [["--directory", "/x/121212-1212"], ["--config", "results=201212121212"]])
def test_a_personal_number_on_the_command_line_is_refused_before_anything_is_logged(tmp_path, words):
    with pytest.raises(GmsError, match=r"\[personal number\]' contains a personal number") as refused:
        command(tmp_path, *words)
    assert "1212-1212" not in str(refused.value) and "12121212" not in str(refused.value)


def test_a_personal_number_in_the_path_of_the_config_is_refused(tmp_path):
    (tmp_path / "121212-1212").mkdir()
    with pytest.raises(GmsError, match="contains a personal number"):
        command(tmp_path / "121212-1212")


def test_no_error_echoes_a_personal_number(capsys):
    assert table.main(["121212-1212"]) == 1
    assert "unknown command '[personal number]'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (IsADirectoryError(21, "Is a directory", "/panel"), "'/panel' cannot be used: Is a directory"),
        (OSError(36, "File name too long", "a" * 300), "cannot be used: File name too long"),
        (csv.Error("field larger than field limit (131072)"), "a table cannot be read: field larger"),
        (RuntimeError("Symlink loop from '/results'"), "Symlink loop from '/results'"),
        (RecursionError("maximum recursion depth exceeded"), "a file is nested too deeply"),
    ],
)
def test_what_is_wrong_with_files_is_a_sentence(error, said, capsys, monkeypatch):
    monkeypatch.setattr(table, "dispatch", Mock(side_effect=error))
    assert table.main(["why"]) == 1
    assert capsys.readouterr().err.startswith("error: ") and said in table.sentence(error)


def test_a_fault_of_the_program_keeps_its_traceback(monkeypatch):
    monkeypatch.setattr(table, "dispatch", Mock(side_effect=RuntimeError("generator raised StopIteration")))
    with pytest.raises(RuntimeError, match="StopIteration"):
        table.main(["why"])


def test_a_config_that_is_a_pipe_or_nested_without_end(tmp_path):
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "deep.yaml").write_text("samples: " + "[" * 100_000)
    for name in ("pipe.yaml", "deep.yaml"):
        assert results_of(tmp_path / name) is None
        assert launch.results_folder(tmp_path / name) == PROJECT


def test_a_config_that_is_no_yaml_is_told_with_its_line(tmp_path):
    options, _ = run.parser("run", "").parse_known_args(["-p", "local", "-C", str(tmp_path / "run.yaml")])
    (tmp_path / "run.yaml").write_text("samples: a.tsv\nresults: [\n")
    with pytest.raises(GmsError, match=r"run.yaml has 1 problem:\n  line 3: is not YAML"):
        launch.snakemake_command(options, [])
