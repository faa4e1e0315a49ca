"""What makes it fast to build and check the graph of thousands of jobs: each function works around a cost inside
Snakemake 9.27, as in planning.py. The shares are of the processor time of a plan of 300 cases, 6,834 jobs."""

from operator import attrgetter
from typing import Any


def compare_paths_as_text() -> None:
    """Let Snakemake hash and compare files as the text they are, without a call in Python each time: 5 %."""
    from snakemake.io import AnnotatedString, _IOFile

    _IOFile.__hash__, _IOFile.__eq__ = str.__hash__, str.__eq__
    AnnotatedString.flags = AnnotatedString.flags.getter(attrgetter("_flags"))


def find_producers_once() -> None:
    """Let Snakemake look once for the job that makes a file, instead of for each job that needs it: 5 %.

    Where one rule alone can make the file; its job is then in the graph, with all that it needs.
    """
    from snakemake.dag import DAG

    find, update, found = DAG.file2jobs, DAG.update, {}

    async def file2jobs(dag, targetfile, wildcards_dict=None):
        jobs = await find(dag, targetfile, wildcards_dict)
        if len(jobs) == 1:
            found[targetfile] = jobs
        return jobs

    async def update_once(dag, jobs, file=None, visited=None, known_producers=None, **how):
        known = {} if known_producers is None else known_producers
        job = await update(dag, jobs, file, visited, known, **how)
        if found.pop(file, None) is jobs:
            known[file] = jobs
        return job

    DAG.file2jobs, DAG.update = file2jobs, update_once


def look_for_files_directly() -> None:
    """Let Snakemake see whether a file is there, which it asks 20 times per job, by one look at what it has found in
    folders."""
    from snakemake.io import _IOFile

    original = _IOFile.exists

    async def exists(file):
        cache = file.rule.workflow.iocache
        if not cache.active or file.is_storage:
            return await original(file)
        known = cache.exists_local
        found = known.get(file)
        if found is None:
            folder = file.rpartition("/")[0]
            found = False if folder in known.has_inventory and folder != ".." else await original(file)
        return found

    _IOFile.exists = exists


def ask_files_without_tasks() -> None:
    """Let Snakemake ask for the dates of a job's outputs, and whether they are protected, one after the other: a task
    for each costs more than the answers, which it has: 4 %, and 6 % of the memory."""
    from snakemake.jobs import Job

    oldest, check = Job.output_mintime.fget, Job.check_protected_output

    async def output_mintime(job):
        files = job.products(include_logfiles=False)
        if any(file.is_storage for file in files):
            return await oldest(job)
        return min([(await file.mtime()).local_or_storage() for file in files if await file.exists()], default=None)

    async def check_protected_output(job):
        for file in job.output:
            if await file.protected():
                await check(job)  # which says which

    Job.output_mintime, Job.check_protected_output = property(output_mintime), check_protected_output


def check_groups_once() -> None:
    """Let Snakemake check each group of jobs once, instead of once for each of its jobs: 3 %."""
    from snakemake.dag import DAG

    original = DAG._check_groups

    def check_groups(dag):
        groups = dag._group
        dag._group = {id(group): group for group in groups.values()}
        try:
            original(dag)
        finally:
            dag._group = groups

    DAG._check_groups = check_groups


def keep_logs() -> None:
    """Let Snakemake check the names of a job's log and benchmark as it has made them, not by making them again."""
    from snakemake.jobs import Job

    Job.is_valid = lambda job: (job.benchmark, job.log)


def share_wildcards() -> None:
    """Let Snakemake hand the functions of a job the same wildcards, instead of new ones to each."""
    from snakemake import rules

    original, latest = rules.Wildcards, (None, None)

    def wildcards(fromdict: dict[str, str]) -> Any:
        nonlocal latest
        if fromdict is not latest[0]:
            latest = fromdict, original(fromdict=fromdict)
        return latest[1]

    rules.Wildcards = wildcards


def leave_paths_alone() -> None:
    """Let Snakemake take paths as they are where no prefix of a module and no storage changes them."""
    from snakemake.path_modifier import PathModifier

    original = PathModifier.modify

    def modify(modifier, path, property=None):
        is_plain = modifier.prefix is modifier._prefix_replacements is modifier.inner_modifier is None
        if is_plain and modifier.workflow.storage_settings.default_storage_provider is None:
            return path
        return original(modifier, path, property)

    PathModifier.modify = modify


def build_fast() -> None:
    """All of this. What has no figure of its own saves together 9 %."""
    compare_paths_as_text()
    find_producers_once()
    look_for_files_directly()
    ask_files_without_tasks()
    check_groups_once()
    keep_logs()
    share_wildcards()
    leave_paths_alone()
