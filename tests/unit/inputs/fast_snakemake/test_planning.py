"""What Snakemake is spared while it plans: its answers stay the same."""

import atexit
import gc
import inspect
import subprocess
import sys
import threading
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
import pytest
import snakemake.api  # noqa: F401 - first: snakemake.dag alone cannot be imported
from snakemake import common, io, jobs, path_modifier, rules
from snakemake import dag as dag_module
from snakemake.dag import DAG, ScriptProcessor
from snakemake.exceptions import ChildIOException
from snakemake.io import fmt
from snakemake.iocontainers import InputFiles, Namedlist, Params, Snakemake
from snakemake.jobs import Job
from snakemake.scheduling.job_scheduler import JobScheduler
from snakemake.script import PythonScript
from snakemake.sourcecache import infer_source_file

from gms.base.project import PROJECT
from gms.inputs.fast_snakemake import planning


@pytest.fixture(autouse=True)
def restored(monkeypatch):
    """Snakemake as it was, after each test."""
    for owner, name in (
        (common, "get_function_params"),
        (rules, "get_function_params"),
        *((module, "is_flagged") for module in (io, dag_module, fmt, jobs, path_modifier, rules)),
        (io._IOFile, "is_storage"),
        (DAG, "check_directory_outputs"),
        (Job, "conda_env_spec"),
        (Job, "_path_to_source_file"),
        (ScriptProcessor, "process_job"),
        (PythonScript, "generate_preamble"),
        (Snakemake, "_safely_store_params"),
        (JobScheduler, "_schedule_reevalutation"),
    ):
        monkeypatch.setattr(owner, name, owner.__dict__[name])


class Doubled:
    def evaluate(self, wildcards, *, attempt):
        return attempt


def test_parameters_are_those_of_the_function_and_looked_up_once(monkeypatch):
    functions = [lambda wildcards, threads: threads, Doubled().evaluate, Doubled().evaluate]
    expected = [list(inspect.signature(function).parameters) for function in functions]
    planning.ask_for_parameters_once()
    asked = []
    monkeypatch.setattr(inspect, "signature", lambda function: asked.append(function) or SimpleNamespace(parameters={}))
    functions.append(lambda wildcards: None)
    rules.get_function_params(functions[-1])
    rules.get_function_params(functions[-1])
    assert asked == [functions[-1]]
    monkeypatch.undo()
    planning.ask_for_parameters_once()
    found = [[name for name in rules.get_function_params(function) if name != "self"] for function in functions[:3]]
    assert found == expected


FILES = [io.temp("a.txt"), io.IOFile(io.temp("a.txt")), io.IOFile(io.IOFile(io.directory("a"))), io.IOFile("a.txt")]


@pytest.mark.parametrize("marked", [*FILES, io.directory("a"), "a.txt", None, len])
@pytest.mark.parametrize("flag", ["temp", "directory", "storage_object"])
def test_flags_are_seen_as_before(marked, flag):
    before = io.is_flagged(marked, flag)
    planning.look_up_flags_directly()
    assert io.is_flagged(marked, flag) is before
    assert all(module.is_flagged is io.is_flagged for module in (dag_module, fmt, jobs, path_modifier, rules))


@pytest.mark.parametrize(
    "marked, is_stored", [("a", False), (io.temp("a"), False), (io.flag("a", "storage_object"), True)]
)
def test_files_stored_elsewhere_are_seen_as_before(marked, is_stored):
    file = io.IOFile("a")
    file._file = marked
    assert file.is_storage is is_stored
    planning.look_up_flags_directly()
    assert file.is_storage is is_stored


class Named(NamedTuple):
    name: str
    script: str


def dag(*outputs: str) -> SimpleNamespace:
    return SimpleNamespace(jobs=[Output(path) for path in outputs])


class Output:
    def __init__(self, path: str):
        self.output = [path]

    def __lt__(self, other):
        return self.output < other.output


def test_an_output_within_another_jobs_output_is_still_refused():
    planning.compare_folders_not_files()
    DAG.check_directory_outputs(dag("qc/A.json", "qc/A-B/x.json", "report/A"))
    with pytest.raises(ChildIOException):
        DAG.check_directory_outputs(dag("qc/A", "qc/A-B.json", "qc/A/deep/x.json"))


def test_the_script_of_a_rule_is_found_once(monkeypatch):
    monkeypatch.setattr(Job, "_path_to_source_file", lambda job, path: (job.rule, path))
    planning.leave_parameters_for_later()
    find = Job._path_to_source_file
    assert (
        find(SimpleNamespace(rule="a"), "a.py") == ("a", "a.py") and find(SimpleNamespace(rule="b"), "b.py")[0] == "b"
    )
    assert find(SimpleNamespace(rule="a"), "not asked.py") == ("a", "a.py")
    names = [find(SimpleNamespace(rule="c"), path) for path in ("{wildcards.a}.py", "{wildcards.b}.py")]
    assert names == [("c", "{wildcards.a}.py"), ("c", "{wildcards.b}.py")]


def test_the_script_of_a_rule_is_looked_for_once_where_it_is_there(monkeypatch):
    asked, there = [], {"a", "c"}

    def process_job(processor, job):
        asked.append(job.rule.name)
        if job.rule.name not in there:
            raise FileNotFoundError

    monkeypatch.setattr(ScriptProcessor, "process_job", process_job)
    planning.see_scripts_once()
    jobs = [SimpleNamespace(rule=Named(name, f"{name}.py")) for name in "ab"]
    jobs.append(SimpleNamespace(rule=Named("c", "{wildcards.tool}.py")))
    for _ in range(2):
        ScriptProcessor.process_job(None, jobs[0])
        ScriptProcessor.process_job(None, jobs[2])
        with pytest.raises(FileNotFoundError):
            ScriptProcessor.process_job(None, jobs[1])
    assert asked == ["a", "c", "b", "c", "b"]


def test_a_job_has_the_environment_of_its_rule():
    planning.leave_parameters_for_later()
    plain, other = (SimpleNamespace(rule=SimpleNamespace(conda_env=env)) for env in (None, "tool.yaml"))
    assert Job.conda_env_spec.fget(plain) is None  # without asking for params, which it lacks
    other._conda_env_spec = "tool.yaml"
    assert Job.conda_env_spec.fget(other) == "tool.yaml"


ARGUMENTS = [name for name in inspect.signature(PythonScript.generate_preamble).parameters if name != "path"]


def start_of_script(folder) -> str:
    """What a script in a folder has when it starts: an input, parameters, and whether all of Snakemake is loaded."""
    values = {name: Namedlist() for name in ("output", "wildcards", "log", "resources")}
    values |= {"input_": InputFiles(["a.txt"]), "params": Params(fromdict={"how": {"trim": True}})}
    values |= {"is_local": True, "preamble_addendum": ""}
    path = infer_source_file(f"{folder}/any.py")
    preamble = PythonScript.generate_preamble(path, **dict.fromkeys(ARGUMENTS) | values)
    shown = "snakemake.input[0], snakemake.params.how, *snakemake.params, 'snakemake.shell' in sys.modules"
    command = [sys.executable, "-c", f"{preamble}print({shown})"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_scripts_of_ours_alone_start_without_the_shell_of_snakemake(tmp_path):
    seen = "a.txt {'trim': True} {'trim': True}"
    assert start_of_script(PROJECT / "scripts") == f"{seen} True\n"
    planning.start_scripts_fast()
    assert start_of_script(PROJECT / "workflow" / "rules" / ".." / ".." / "scripts") == f"{seen} False\n"
    assert start_of_script(tmp_path) == f"{seen} True\n"


def test_parameters_are_stored_as_before():
    planning.store_plain_parameters()
    params = Params(fromdict={"limits": np.array([1, 2]), "plain": [3]})
    for given, types in ((params, {0: "np.ndarray"}), (Params(fromdict={"limits": [1, 2], "plain": [3]}), {})):
        job = Snakemake.__new__(Snakemake)
        job._safely_store_params(given)
        assert ([list(value) for value in job.params], job.params.plain) == ([[1, 2], [3]], [3])
        assert job._params_types == types


def test_parameters_are_recorded_as_before_without_pandas():
    program = f"""
import sys
sys.path.insert(0, {str(PROJECT / "scripts")!r})
from types import SimpleNamespace
from snakemake.persistence import PersistenceBase
from gms.inputs.fast_snakemake import planning
usual = PersistenceBase._serialize_param_pandas
planning.record_plain_parameters()
ways = PersistenceBase._serialize_param_pandas, usual
store = SimpleNamespace(_serialize_param_builtin=lambda value: PersistenceBase._serialize_param_builtin(None, value))
for record in ways:
    print([record(store, value) for value in ("a", 1.5, dict(b=[2]), None)], "pandas" in sys.modules)
import pandas
for record in ways:
    print(record(store, pandas.Series([1, 2])))
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    fast, usual, *series = run.stdout.splitlines()
    assert usual.replace(" True", " False") == fast and usual.endswith(" True")
    assert len(series) % 2 == 0 and series[: len(series) // 2] == series[len(series) // 2 :]


def test_jobs_are_looked_for_again_by_timers_that_the_end_does_not_wait_for():
    planning.end_without_timers()
    looks, before = threading.Semaphore(0), set(threading.enumerate())
    for delay in (600, 0.01):
        JobScheduler._schedule_reevalutation(SimpleNamespace(_open_jobs=looks), delay)
    started = set(threading.enumerate()) - before
    assert started and all(timer.daemon for timer in started)
    assert looks.acquire(timeout=60)
    for timer in started:
        timer.cancel()


def test_a_plan_ends_without_a_search_for_garbage(monkeypatch):
    usual, at_end = gc.get_threshold(), []  # the session of tests has its own
    monkeypatch.setattr(atexit, "register", at_end.append)
    search_as_usual = planning.search_little_garbage()
    try:
        assert at_end == [gc.freeze] and gc.get_threshold()[1:] == (1_000_000, 1_000_000)
    finally:
        search_as_usual()
        gc.unfreeze()
    assert gc.get_threshold() == usual
