"""What makes plans of thousands of cases, and the start of a script, fast: each function works around a cost inside
Snakemake 9.27.

Measured by ./gms benchmark plan. Remove one when Snakemake no longer needs it.
"""

import atexit
import gc
import os
import threading
from collections.abc import Callable
from pathlib import Path

from gms.base.project import PROJECT
from gms.inputs.fast_snakemake.graph import build_fast


def ask_for_parameters_once() -> None:
    """Let Snakemake look up the parameters of a function once.

    It asks `inspect.signature` two dozen times per job, for the functions of our rules and for a method of its own.
    """
    from snakemake import common, rules

    original, known = common.get_function_params, {}

    def get_function_params(function):
        key = getattr(function, "__func__", function)  # a method is a new object each time it is asked for
        if key not in known:
            known[key] = original(function)
        return known[key]

    common.get_function_params = rules.get_function_params = get_function_params


def look_up_flags_directly() -> None:
    """Let Snakemake see without `isinstance` of an abstract class whether a file is marked as temporary, stored
    elsewhere and so on, which it asks 250 times per job."""
    from snakemake import dag, io, jobs, path_modifier, rules
    from snakemake.io import fmt

    def is_flagged(value, flag):
        flags = getattr(getattr(value, "_file", value), "flags", None)  # a file's are those of its text
        return bool(flags) and bool(flags.get(flag))

    def is_storage(file):
        flags = getattr(file._file, "flags", None)
        return bool(flags) and bool(flags.get("storage_object"))

    for module in (io, dag, jobs, path_modifier, rules, fmt):
        module.is_flagged = is_flagged
    io._IOFile.is_storage = property(is_storage)


def read_scripts_once() -> None:
    """Let Snakemake read the script of a rule once instead of for every job: 1/5 of planning time (Snakemake 9.27).

    A path without wildcards means one file; in a workflow that uses ours as a module, others may have some. The cost is
    in `smart_open`, whose URI parser makes a namedtuple class at every call.
    """
    from snakemake import script

    original, known = script.get_source, {}

    def get_source(path, sourcecache, basedir=None, wildcards=None, params=None):
        key = (str(path), str(basedir))
        if key not in known or "{" in key[0]:
            known[key] = original(path, sourcecache, basedir, wildcards, params)
        return known[key]

    script.get_source = get_source


def see_scripts_once() -> None:
    """Let Snakemake look once for the script of a rule instead of for every job, whose parameters it takes for that."""
    from snakemake.dag import ScriptProcessor

    original, seen = ScriptProcessor.process_job, set()

    def process_job(processor, job):
        if job.rule not in seen or "{" in str(job.rule.script):
            original(processor, job)  # which raises where the script is not there
            seen.add(job.rule)

    ScriptProcessor.process_job = process_job


def leave_parameters_for_later() -> None:
    """Let Snakemake find a job's script, and see that it has no Conda environment, without the job's parameters,
    which a plan need not know, unless the name of the script holds one."""
    from snakemake.jobs import Job

    environment, script_of, known = Job.conda_env_spec.fget, Job._path_to_source_file, {}

    def path_to_source_file(job, path):
        if job.rule not in known or "{" in str(path):
            known[job.rule] = script_of(job, path)
        return known[job.rule]

    Job.conda_env_spec = property(lambda job: None if job.rule.conda_env is None else environment(job))
    Job._path_to_source_file = path_to_source_file


def compare_folders_not_files() -> None:
    """Let Snakemake look for outputs within outputs among the folders of outputs, which are few, before it compares
    all of them."""
    from snakemake.dag import DAG

    original = DAG.check_directory_outputs

    def check_directory_outputs(dag):
        made = {str(path) for job in dag.jobs for path in job.output}
        folders = {str(above) for folder in {os.path.dirname(path) for path in made} for above in _with_parents(folder)}
        if not made.isdisjoint(folders):
            original(dag)  # which says where

    DAG.check_directory_outputs = check_directory_outputs


def _with_parents(folder: str) -> tuple[Path, ...]:
    return (Path(folder), *Path(folder).parents)


# The package without its __init__, which imports a shell, asyncio and readers of configuration files; and parameters
# as they are, instead of copies for which snakemake.io imports the same.
_BARE_PACKAGE = (
    "import importlib.util;"
    "sys.modules['snakemake'] = importlib.util.module_from_spec(importlib.util.find_spec('snakemake'));"
)
_PLAIN_PARAMETERS = "type(snakemake).params = property(lambda job: job._params_store);"
_LOGGER = "from snakemake.logging import logger;"


def start_scripts_fast() -> None:
    """Let a script of ours load only that part of Snakemake which holds its parameters: 0.02 s of processor for each
    job instead of 0.07.

    Scripts of others, in a workflow that uses ours as a module, start as ever: they may use Snakemake's shell or log.
    """
    from snakemake.script import PythonScript

    original = PythonScript.generate_preamble

    def generate_preamble(path, *args, **kwargs):
        preamble = original(path, *args, **kwargs)
        if not Path(path.get_path_or_uri(secret_free=True)).resolve().is_relative_to(PROJECT):
            return preamble
        return preamble.replace(_LOGGER, _PLAIN_PARAMETERS, 1).replace(
            "import pickle;", f"{_BARE_PACKAGE}import pickle;", 1
        )

    PythonScript.generate_preamble = staticmethod(generate_preamble)


def store_plain_parameters() -> None:
    """Let Snakemake load pandas and numpy, to see whether a script's parameters are tables of theirs, only where one
    is: 0.4 s of each run, and of each job on a cluster."""
    from snakemake.iocontainers import Params, Snakemake

    original = Snakemake._safely_store_params

    def safely_store_params(job, params):
        if any(map(_is_of_tables, params)):
            return original(job, params)
        job._params_types, job._params_store = {}, Params(toclone=list(params))
        job._params_store._take_names(params._get_names())

    Snakemake._safely_store_params = safely_store_params


def record_plain_parameters() -> None:
    """Let Snakemake load pandas only where a parameter is a table when it records the parameters of a finished job:
    half a second of each run."""
    from snakemake.persistence import PersistenceBase

    original = PersistenceBase._serialize_param_pandas

    def serialize(persistence, value):
        return original(persistence, value) if _is_of_tables(value) else persistence._serialize_param_builtin(value)

    PersistenceBase._serialize_param_pandas = serialize


def _is_of_tables(value: object) -> bool:
    return type(value).__module__.startswith(("pandas", "numpy", "polars"))


def end_without_timers() -> None:
    """Let Snakemake end when its jobs have: it looks for more of them a second after each that it starts, and waits for
    these timers at the end of each run, and of each job on a cluster."""
    from snakemake.scheduling.job_scheduler import JobScheduler

    def schedule_look(scheduler, delay):
        timer = threading.Timer(delay, scheduler._open_jobs.release)
        timer.daemon = True
        timer.start()

    JobScheduler._schedule_reevalutation = schedule_look


def plan_fast() -> Callable[[], None]:
    """All of this. What has no figure of its own saves together 1/7 of planning time at 1,000 cases (Snakemake 9.27).

    Returns the function that ends what is for the plan alone, for when jobs start.
    """
    read_scripts_once()
    see_scripts_once()
    ask_for_parameters_once()
    look_up_flags_directly()
    leave_parameters_for_later()
    compare_folders_not_files()
    start_scripts_fast()
    store_plain_parameters()
    record_plain_parameters()
    end_without_timers()
    build_fast()
    return search_little_garbage()


def search_little_garbage() -> Callable[[], None]:
    """Search only the newest objects for garbage: 1/6 of planning time, as nearly all that a plan makes is kept.

    Returns the function that ends this, for when jobs start.
    """
    usual = gc.get_threshold()
    gc.set_threshold(50_000, 1_000_000, 1_000_000)
    atexit.register(gc.freeze)  # Python would search all once more when it ends: 2.5 s for 6,834 jobs

    def search_as_usual() -> None:
        gc.freeze()
        gc.set_threshold(*usual)

    return search_as_usual
