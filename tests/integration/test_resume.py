"""A run that is killed at any moment goes on from there, and ends as if nothing had happened."""

import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

import runs
from gms.genome import vcf

CASE, SAMPLES = "myeloid-shallow", ["shallow-tumor"]
KILLS = 3
JOBS = 16  # that the case starts at least
SEED = 20_261_123


def started(results: Path) -> int:
    """Number of jobs that have begun: each opens its log first."""
    return sum(1 for _ in results.glob("logs/**/*.log"))


def members(session: int) -> list[int]:
    """Processes of a session that are alive."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, of = status.read_text().rpartition(")")[2].split()[:4]
        except OSError:  # ended meanwhile
            continue
        found += [int(status.parent.name)] if int(of) == session and state != "Z" else []
    return found


def run_and_kill(folder: Path, moment: int, delay: float) -> bool:
    """Start a run in a session of its own; kill all of it, with no warning, `delay` seconds after its `moment`-th job
    began. Whether it was still running then."""
    command = [runs.PROJECT / "gms", "run", "--profile", "local", "--configfile", folder / "run.yaml", "--cores", "2"]
    child = subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while started(folder / "results") < moment and child.poll() is None:
        time.sleep(0.02)
    time.sleep(delay)
    running = child.poll() is None
    if running:
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    give_up = time.monotonic() + 10
    while members(child.pid) and time.monotonic() < give_up:
        time.sleep(0.05)
    assert members(child.pid) == []
    return running


@pytest.fixture(scope="module")
def moments():
    """Where to kill: after which job began, and how many seconds later."""
    chosen = random.Random(SEED)
    jobs = sorted(chosen.sample(range(1, JOBS), KILLS))
    drawn = [(job, round(chosen.uniform(0, 0.6), 2)) for job in jobs]
    print(f"killed after jobs and seconds: {drawn} (seed {SEED})")
    return drawn


def test_a_killed_run_goes_on_to_the_same_results(mini, finished, tmp_path, moments):
    folder = runs.subset(mini, tmp_path / "data", [CASE])
    for number, (job, delay) in enumerate(moments):
        assert run_and_kill(folder, job, delay), f"the run ended before it was killed (job {job}, {delay} s)"
        if number == 0:
            locked = runs.run(folder)
            assert locked.returncode != 0 and "--unlock" in locked.stdout, locked.stdout
            assert not runs.looks_like_a_traceback(locked.stdout)
        unlocked = runs.run(folder, "--unlock")
        assert unlocked.returncode == 0, unlocked.stdout
    done = runs.run(folder)
    assert done.returncode in runs.DONE, done.stdout
    same = [runs.bodies(results, CASE, SAMPLES) for results in (finished.results, folder / "results")]
    assert runs.different(*same) == []
    assert (folder / "results" / "report" / f"{CASE}.html").read_text().rstrip().endswith("</html>")
    assert runs.run(folder).stdout.splitlines()[-1].startswith("Nothing to be done")


def test_knowledge_replaced_by_a_file_with_an_older_date_is_noticed(mini, tmp_path):
    folder = runs.subset(mini, tmp_path / "data", [CASE])
    (folder / "reference").unlink()
    shutil.copytree(mini / "reference", folder / "reference")
    assert runs.run(folder).returncode in runs.DONE
    clinvar = folder / "reference" / "clinvar.vcf.gz"
    header = [line for line in runs.read_text(clinvar).splitlines(keepends=True) if line.startswith("#")]
    vcf.write_vcf(header, clinvar)
    for path in (clinvar, clinvar.with_name("clinvar.vcf.gz.tbi")):
        os.utime(path, (0, 0))
    planned = runs.gms("plan", "--profile", "local", "--configfile", folder / "run.yaml").stdout
    assert "annotate_variants" in planned and "align_reads" not in planned, planned
