"""Runs on a real Grid Engine under the profiles of Gothenburg and NGPc, and what ./gms doctor says of them there."""

import re

import pytest

import runs
from clusters import gridengine
from clusters.centres import CASE, SAMPLE

pytestmark = pytest.mark.skipif(
    gridengine.why_no_grid_engine() is not None, reason=str(gridengine.why_no_grid_engine())
)


@pytest.fixture
def doctor(centres, tmp_path):
    """What ./gms doctor says of a profile in which something was replaced."""

    def ask(name, before="", after="", *words, cluster=None):
        text = (runs.PROJECT / "profiles" / name / "profile.yaml").read_text()
        assert before in text
        (tmp_path / "profile.yaml").write_text(text.replace(before, after) if before else text)
        variables = (cluster or centres.clusters["grid engine"]).environment
        done = runs.gms("doctor", "--profile", tmp_path, *words, variables=variables)
        assert not runs.looks_like_a_traceback(done.stdout), done.stdout
        return done

    return ask


def test_the_doctor_is_content_and_a_job_sees_the_results(doctor, finished):
    done = doctor("gothenburg", "", "", "--submit", "--configfile", finished.folder / "run.yaml")
    assert done.returncode == 0, done.stdout
    assert "ok       queue routine.q" in done.stdout and "could run" in done.stdout
    assert f"and saw {runs.PROJECT} and {finished.results}" in done.stdout


@pytest.mark.parametrize("before, after, said", [
    ("sge-queue: routine.q", "sge-queue: routin.q", "sge-queue: unknown queue 'routin.q'"),
    ("sge-pe: mpi", "sge-pe: orte", "sge-pe: unknown parallel environment 'orte' (known: mpi, smp)"),
    ("memory_is=h_vmem", "memory_is=m_mem_free", "complex m_mem_free, with which jobs ask for memory, does not exist"),
    ("memory_is=h_vmem", "memory_is=none", "no memory is asked for (memory_is=none)"),
])  # fmt: skip
def test_the_doctor_names_what_is_missing(doctor, before, after, said):
    done = doctor("gothenburg", before, after)
    assert said in done.stdout
    assert (done.returncode == 0) == ("none" in after)


def test_the_doctor_warns_of_threads_on_several_machines(doctor, tmp_path):
    folder = tmp_path / "cluster"
    folder.mkdir()
    with gridengine.GridEngine(folder, environments=("mpi",), rule="$fill_up") as cluster:
        done = doctor("gothenburg", cluster=cluster)
        assert done.returncode == 1
        assert "sge-pe: mpi may spread the threads of a job over machines (allocation_rule $fill_up)" in done.stdout
        missing = doctor("ngpc", cluster=cluster)
        assert "sge-pe: smp is a placeholder" in missing.stdout
        assert "unknown parallel environment 'smp' (known: mpi)" in missing.stdout


@pytest.mark.parametrize("name", ["gothenburg", "ngpc"])
def test_results_are_those_of_a_local_run(finished, centres, name):
    centre = centres.runs[name]
    assert centre.done.returncode == 0, centre.done.stdout
    same = [runs.bodies(results, CASE, [SAMPLE]) for results in (finished.results, centre.results)]
    assert len(same[0]) > 10
    assert runs.different(*same) == []


def test_jobs_ask_for_their_slots_queue_time_and_memory(centres):
    assert centres.runs["gothenburg"].done.returncode == 0 and centres.runs["ngpc"].done.returncode == 0
    jobs = [job for job in centres.clusters["grid engine"].jobs() if "sample_qc" in job["jobname"]]
    asked = {(job["granted_pe"], job["slots"], "routine.q" in job["category"]) for job in jobs}
    assert asked == {("mpi", "2", True), ("smp", "2", False)}
    for job in jobs:
        assert "h_rt=" in job["category"] and "h_vmem=" in job["category"]
        assert "tmem" not in job["category"] and "tscratch" not in job["category"]


def test_every_job_ends_with_the_id_of_its_run(centres):
    """By which a run that ended finds what it left; the executor cuts it off the long names of groups."""
    assert centres.runs["gothenburg"].done.returncode == 0 and centres.runs["ngpc"].done.returncode == 0
    names = {job["jobname"] for job in centres.clusters["grid engine"].jobs()} - {"job.sh"}  # the doctor's own
    assert [name for name in names if name.startswith("sm_grp_case_steps_myeloid-shallow_")]
    assert [name for name in names if not re.search(r"_[0-9a-f]{8}$", name)] == []


def test_jobs_find_the_programs_of_our_environment(centres):
    """Grid Engine gives jobs a bare PATH, on which there is no MultiQC."""
    overview = centres.runs["gothenburg:overview"]
    assert overview.done.returncode == 0, overview.done.stdout
    assert (overview.results / "report" / "multiqc.html").is_file()
