"""What jobs asked for beside what they used, from the files that runs leave."""

import json
import re

import pytest

from gms.commands import efficiency as command
from gms.operations.capacity.usage import NoBenchmarks, read_jobs


def job(results, rule, name="a", *, used=400, asked=500, seconds=300.0, minutes=10, threads=2, cpu=300.0):
    """Write one benchmark as Snakemake does; `asked` None: as without --benchmark-extended."""
    own = {"s": seconds, "max_rss": used, "cpu_time": cpu}
    own |= {"threads": threads, "resources": {"mem_mb": asked, "runtime": minutes}} if asked else {}
    path = results / "benchmarks" / rule / f"{name}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(own) + "\n")


def said(results, capsys):
    assert command.main([str(results)]) == 0
    return capsys.readouterr().out


def proposals(text):
    """{rule: {mem_mb: ..., runtime: ...}}, as a profile would be read."""
    import yaml

    return (yaml.safe_load(text[text.index("set-resources:") :]) if "set-resources:" in text else {}) or {}


def test_a_request_of_twice_the_use_is_enough(tmp_path, capsys):
    job(tmp_path, "call", used=2_000, asked=4_000)
    assert "No rule asks for more than 2 times" in said(tmp_path, capsys)


def test_more_than_twice_of_what_any_job_used_is_too_much(tmp_path, capsys):
    job(tmp_path, "call", "a", used=1_000, asked=4_000)
    job(tmp_path, "call", "b", used=1_900, asked=4_000)
    assert proposals(said(tmp_path, capsys)) == {"set-resources": {"call": {"mem_mb": "2900 * attempt"}}}
    job(tmp_path, "call", "c", used=2_100, asked=4_000)
    assert not proposals(said(tmp_path, capsys))


def test_a_request_that_was_nearly_used_up_is_raised(tmp_path, capsys):
    job(tmp_path, "call", used=3_900, asked=4_000)
    assert proposals(said(tmp_path, capsys))["set-resources"] == {"call": {"mem_mb": "5900 * attempt"}}


def test_time_is_judged_alike(tmp_path, capsys):
    job(tmp_path, "call", seconds=3_600, minutes=600)
    assert proposals(said(tmp_path, capsys))["set-resources"] == {"call": {"runtime": "90 * attempt"}}


def test_floors_are_never_too_much(tmp_path, capsys):
    job(tmp_path, "call", used=30, asked=500, seconds=0.2, minutes=10)
    assert not proposals(said(tmp_path, capsys))


def test_processors_that_waited_are_shown(tmp_path, capsys):
    job(tmp_path, "call", seconds=100, threads=4, cpu=100)
    assert re.search(r"^call .* 4 +25%$", said(tmp_path, capsys), re.MULTILINE)


def test_the_kernels_account_is_taken_where_it_is_there(tmp_path, capsys):
    job(tmp_path, "call", "a", used=50, asked=4_000)
    (tmp_path / "benchmarks" / "usage.tsv").write_text("call/a\t300\t590\t1500\t2500\n")
    (only,) = read_jobs(tmp_path)
    assert (only.memory, only.cpu, only.measured) == (2_500, 590, True)
    text = said(tmp_path, capsys)
    assert not proposals(text)
    assert "Snakemake's" not in text


def test_older_runs_show_what_was_used(tmp_path, capsys):
    job(tmp_path, "call", asked=None)
    text = said(tmp_path, capsys)
    assert "not recorded" in text
    assert not proposals(text)


def test_jobs_too_short_to_be_seen_and_files_cut_off_by_a_kill(tmp_path, capsys):
    job(tmp_path, "call", "a", used="NA", cpu="NA")
    (tmp_path / "benchmarks" / "call" / "b.jsonl").write_text('{"s": 3')
    (tmp_path / "benchmarks" / "call" / "c.jsonl").write_text("")
    assert [found.memory for found in read_jobs(tmp_path)] == [None]
    assert "call" in said(tmp_path, capsys)


def test_a_folder_without_benchmarks_is_told_apart(tmp_path):
    with pytest.raises(NoBenchmarks, match="give the results folder"):
        read_jobs(tmp_path)


def test_figures_as_json(tmp_path, capsys):
    job(tmp_path, "call", used=250, asked=500)
    assert command.main([str(tmp_path), "--json", str(tmp_path / "out.json")]) == 0
    (rule,) = json.loads((tmp_path / "out.json").read_text())
    assert (rule["rule"], rule["memory"]["ratio"], rule["threads"]) == ("call", 2.0, 2)
