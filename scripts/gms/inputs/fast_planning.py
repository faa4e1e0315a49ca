"""What makes plans of thousands of cases fast: each function works around a cost inside Snakemake 9.27.

Measured by ./gms benchmark plan. Remove one when Snakemake no longer needs it.
"""

import gc
import os
from collections.abc import Callable
from pathlib import Path


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
        flags = getattr(value, "flags", None)
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


def plan_fast() -> Callable[[], None]:
    """All of this; without a figure of their own, together 1/7 of planning time at 1,000 cases (Snakemake 9.27).

    Returns the function that ends what is for the plan alone, for when jobs start.
    """
    read_scripts_once()
    see_scripts_once()
    ask_for_parameters_once()
    look_up_flags_directly()
    leave_parameters_for_later()
    compare_folders_not_files()
    return search_little_garbage()


def search_little_garbage() -> Callable[[], None]:
    """Search only the newest objects for garbage: 1/6 of planning time, as nearly all that a plan makes is kept.

    Returns the function that ends this, for when jobs start.
    """
    usual = gc.get_threshold()
    gc.set_threshold(50_000, 1_000_000, 1_000_000)

    def search_as_usual() -> None:
        gc.freeze()
        gc.set_threshold(*usual)

    return search_as_usual
