"""scripts/grid_engine/qsub: what the executor asks for, in the terms of a cluster."""

import importlib.machinery
import importlib.util
import os
import shlex
import subprocess
import sys
from types import SimpleNamespace

import pytest
from snakemake_executor_plugin_sge.submit_string import get_submit_command

from gms.base.project import PROJECT
from gms.operations.run import orphans

PATH = PROJECT / "scripts" / "grid_engine" / "qsub"


@pytest.fixture(scope="module")
def qsub():
    loader = importlib.machinery.SourceFileLoader("qsub", str(PATH))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("qsub", loader))
    loader.exec_module(module)
    return module


def asked(*more):
    """What the executor gives a job of 16 threads and 16 GB."""
    size = ["-l", "h_rt=12:00:00", "-l", "h_vmem=1000M", "-l", "tmem=1000M", "-l", "tscratch=2G"]
    return ["-q", "routine.q", "-pe", "mpi", "16", *size, "-t", "1-1", *more, "job.sh"]


def resources(arguments):
    return [value for option, value in zip(arguments, arguments[1:], strict=False) if option == "-l"]


@pytest.mark.parametrize(
    "context, memory",
    [
        ([], ["h_vmem=1188M"]),  # and 3,000 MB of addresses, shared by 16 slots
        (["-ac", "memory_is=h_vmem"], ["h_vmem=1188M"]),
        (["-ac", "memory_is=m_mem_free"], ["m_mem_free=1000M"]),
        (["-ac", "memory_is=none"], []),
        (["-ac", "a=b,memory_is=mem_free"], ["mem_free=1000M"]),
    ],
)
def test_memory_goes_by_its_name_here(qsub, context, memory):
    found = qsub.adapted(asked(*context))
    assert resources(found) == ["h_rt=12:00:00", *memory]
    assert found[-1] == "job.sh" and found[:5] == ["-q", "routine.q", "-pe", "mpi", "16"]


def test_gigabytes_and_a_single_slot(qsub):
    assert resources(qsub.adapted(["-l", "h_vmem=2G", "job.sh"])) == ["h_vmem=5048M"]


def test_what_it_does_not_know_it_leaves_alone(qsub):
    assert qsub.adapted(["-l", "excl=1", "-l", "h_vmem=lots", "job.sh"]) == [
        "-l",
        "excl=1",
        "-l",
        "h_vmem=lots",
        "job.sh",
    ]


def test_the_qsub_of_the_cluster_gets_the_job_with_our_programs(tmp_path):
    (tmp_path / "qsub").write_text('#!/bin/sh\necho "the cluster got: $@"; cat; exit 3\n')
    (tmp_path / "qsub").chmod(0o755)
    folders = [str(PATH.parent), str(tmp_path), os.path.dirname(sys.executable), os.environ["PATH"]]
    variables = {**os.environ, "PATH": os.pathsep.join(folders)}
    command = ["qsub", "-l", "tmem=1G", "-t", "1"]
    said = subprocess.run(command, env=variables, capture_output=True, text=True, input="cd /x && exec bash job.sh\n")
    programs = f"export PATH={PROJECT}/.env/bin:$PATH"
    assert said.stdout == f"the cluster got: -t 1\n{programs}\ncd /x && exec bash job.sh\n"
    assert said.returncode == 3


GROUP = "case_steps_C1_annotate_variants_case_report_filter_variants"
RUN_ID = "1a2b3c4d-0000-4000-8000-000000000000"


@pytest.mark.parametrize("run", [RUN_ID, f"a-long-prefix_{RUN_ID}"])
@pytest.mark.parametrize("script", [f"{GROUP}_1a2b3c4d.sh", "array_job_1a2b3c4d_chunk2_1_1.sh"])
@pytest.mark.parametrize("name", [GROUP, "case_qc"])
def test_a_run_finds_its_jobs_whatever_their_length(qsub, monkeypatch, tmp_path, run, script, name):
    """The executor names a job after its rules and the run, and cuts that at 64 characters."""
    job = SimpleNamespace(name=name, resources={}, is_group=lambda: name == GROUP)
    places = {"log_dir": str(tmp_path), "workdir": str(tmp_path), "run_uuid": run}
    call = get_submit_command(job, places, SimpleNamespace(), script_path=f"{tmp_path}/.meta/{script}")
    _, text, _, program, *arguments = shlex.split(call)
    assert program == "qsub" and text.endswith(script)
    arguments = qsub.named(arguments, f"{text}\n")
    given = arguments[arguments.index("-N") + 1]
    assert len(given) <= 64 and (given.startswith("sm_grp_case_steps_C1_") or given.startswith("case_qc_"))
    listed = {"7": given, "8": given.replace("1a2b3c4d", "99999999"), "9": "somebody-elses"}
    jobs = (f"<job_list><JB_job_number>{n}</JB_job_number><JB_name>{j}</JB_name></job_list>" for n, j in listed.items())
    monkeypatch.setattr(orphans, "ask", lambda *command: f"<job_info>{''.join(jobs)}</job_info>")
    assert orphans.jobs_of(f"SGE {run}") == ["7"]


def test_a_job_of_no_run_keeps_its_name(qsub):
    assert qsub.named(["-N", "mine", "job.sh"], "exec bash job.sh\n") == ["-N", "mine", "job.sh"]
