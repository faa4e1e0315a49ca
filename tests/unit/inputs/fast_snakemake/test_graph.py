"""What Snakemake is spared while it builds the graph of jobs: its answers stay the same."""

import asyncio
import os
from types import SimpleNamespace

import pytest
import snakemake.api  # noqa: F401 - first: snakemake.dag alone cannot be imported
from snakemake import io, rules
from snakemake.dag import DAG
from snakemake.io import AnnotatedString, IOFile, _IOFile
from snakemake.jobs import Job
from snakemake.path_modifier import PathModifier

from gms.inputs.fast_snakemake import graph


@pytest.fixture(autouse=True)
def restored(monkeypatch):
    """Snakemake as it was, after each test."""
    for owner, name in (
        *((_IOFile, name) for name in ("__hash__", "__eq__", "exists")),
        (AnnotatedString, "flags"),
        *((DAG, name) for name in ("file2jobs", "update", "_check_groups")),
        *((Job, name) for name in ("output_mintime", "check_protected_output", "is_valid")),
        (rules, "Wildcards"),
        (PathModifier, "modify"),
    ):
        monkeypatch.setattr(owner, name, owner.__dict__[name])


def facts(file, others: list) -> tuple:
    """What comparing a file with others gives, and its flags."""
    return [file == other for other in others], [other in {file: 1} for other in others], dict(file.flags)


def test_files_compare_as_before():
    files = [IOFile("a"), IOFile(IOFile("a")), IOFile(io.temp("a")), IOFile("b"), IOFile("a/")]
    others = [*files, "a", "b", io.temp("a"), None]
    before = [facts(file, others) for file in files]
    graph.compare_paths_as_text()
    assert [facts(file, others) for file in files] == before
    assert hash(files[0]) == hash("a") and files[2].flags == {"temp": True}
    files[0].clone_flags(files[2])
    files[2].flags["protected"] = True
    assert files[0].flags == {"temp": True}


def test_the_job_that_makes_a_file_is_looked_for_once(monkeypatch):
    """Unless several rules could make it, or a rule was named as the one that does."""

    async def file2jobs(dag, targetfile, wildcards_dict=None):
        return [f"{rule}:{targetfile}" for rule in ("one", "other")[: 1 + (targetfile == "of two")]]

    async def update(dag, jobs, file, visited, known_producers, create_inventory=False):
        return jobs[-1]

    monkeypatch.setattr(DAG, "file2jobs", file2jobs)
    monkeypatch.setattr(DAG, "update", update)
    graph.find_producers_once()
    known = {}

    async def build():
        for file in ("a", "of two"):
            await DAG.update(None, await DAG.file2jobs(None, file), file=file, known_producers=known)
        await DAG.file2jobs(None, "b")
        await DAG.update(None, ["named:b"], file="b", known_producers=known)
        return await DAG.update(None, ["target"], create_inventory=True)

    assert asyncio.run(build()) == "target"
    assert known == {"a": ["one:a"]}


def in_workflow(path, active: bool = True) -> _IOFile:
    """A file of a workflow of its own, whose folders have not been looked at."""
    cache = io.IOCache(60)
    cache.active = active
    file = IOFile(str(path))
    file.rule = SimpleNamespace(workflow=SimpleNamespace(iocache=cache))
    return file


@pytest.mark.parametrize("active", [True, False])
@pytest.mark.parametrize("looked", [True, False])
@pytest.mark.parametrize("name, there", [("a", True), ("missing", False), ("no/a", False), ("../folder/a", True)])
def test_files_are_there_as_before(tmp_path, monkeypatch, name, there, looked, active):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a").touch()
    monkeypatch.chdir(tmp_path / "folder")
    for path in (name, tmp_path / "folder" / name):
        file = in_workflow(path, active)
        graph.look_for_files_directly()
        assert not looked or asyncio.run(file.inventory()) is None
        assert [asyncio.run(file.exists()) for _ in range(2)] == [there, there]
        (tmp_path / "folder" / "missing").unlink(missing_ok=True)


def test_a_look_at_a_folder_is_enough(tmp_path, monkeypatch):
    graph.look_for_files_directly()
    file = in_workflow(tmp_path / "a")
    asyncio.run(file.inventory())
    monkeypatch.setattr(os.path, "exists", lambda path: pytest.fail("asked again"))
    assert asyncio.run(file.exists()) is False


def job_of(*files) -> SimpleNamespace:
    """A job with these outputs, of which the last is its benchmark."""
    *output, benchmark = files
    return SimpleNamespace(output=output, benchmark=benchmark, products=lambda include_logfiles: list(files))


@pytest.mark.parametrize("dates", [{}, {"a": 20}, {"a": 20, "b": 10}, {"a": 20, "b": 30, "benchmark": 15}])
def test_the_oldest_output_is_found_as_before(tmp_path, dates):
    for name, date in dates.items():
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (date, date))

    def oldest():
        job = job_of(*(in_workflow(tmp_path / name) for name in ("a", "b", "benchmark")))
        return asyncio.run(Job.output_mintime.fget(job))

    before = oldest()
    graph.ask_files_without_tasks()
    assert oldest() == before == min(dates.values(), default=None)


def test_protected_outputs_are_still_refused(monkeypatch):
    class File(str):
        async def protected(self):
            return self == "protected"

    refused = []

    async def refuse(job):
        refused.append(job)

    monkeypatch.setattr(Job, "check_protected_output", refuse)
    graph.ask_files_without_tasks()
    jobs = [SimpleNamespace(output=list(map(File, names))) for names in (["a", "b"], ["a", "protected"])]
    for job in jobs:
        asyncio.run(Job.check_protected_output(job))
    assert refused == jobs[1:]


@pytest.mark.parametrize("error", [None, ValueError])
def test_each_group_is_checked_once(monkeypatch, error):
    checked = []

    def check(dag):
        checked.extend(dag._group.values())
        if error:
            raise error

    monkeypatch.setattr(DAG, "_check_groups", check)
    graph.check_groups_once()
    groups = {"job 1": "A", "job 2": "B", "job 3": "A"}
    dag = SimpleNamespace(_group=groups)
    try:
        DAG._check_groups(dag)
    except ValueError:
        assert error
    assert checked == ["A", "B"] and dag._group is groups


def test_names_of_logs_and_benchmarks_are_still_checked():
    class Checked:
        benchmark = "a.jsonl"

        @property
        def log(self):
            raise ValueError("a wildcard without a value")

    graph.keep_logs()
    Job.is_valid(SimpleNamespace(benchmark=None, log=[]))
    with pytest.raises(ValueError):
        Job.is_valid(Checked())


def test_functions_of_a_job_get_the_same_wildcards():
    graph.share_wildcards()
    given = [{"case": "A"}, {"case": "A"}, {"case": "B", "sample": "b"}]
    made = [rules.Wildcards(fromdict=wildcards) for wildcards in given]
    assert [dict(one.items()) for one in made] == given
    assert made[0] is not made[1] and rules.Wildcards(fromdict=given[2]) is made[2]


@pytest.mark.parametrize("replaced, prefix", [(None, None), (None, "site/"), ({"a": "site/a"}, None)])
def test_paths_are_changed_as_before(replaced, prefix):
    storage = SimpleNamespace(default_storage_provider=None)
    modifier = PathModifier(replaced, prefix, SimpleNamespace(storage_settings=storage))
    paths = ["a/b", io.temp("a/b"), "/c"]
    before = [(str(path), dict(getattr(path, "flags", {}))) for path in map(modifier.modify, paths)]
    graph.leave_paths_alone()
    assert [(str(path), dict(getattr(path, "flags", {}))) for path in map(modifier.modify, paths)] == before
    assert (modifier.modify(paths[0]) == paths[0]) is (not replaced and not prefix)
