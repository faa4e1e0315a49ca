"""A run that is killed at any moment goes on from there, and ends as if nothing had happened."""

import os
import random
import re
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


@pytest.fixture(scope="module")
def one_case(mini, tmp_path_factory):
    """A folder for runs of one case, with reference files of its own."""
    folder = runs.subset(mini, tmp_path_factory.mktemp("whole") / "data", [CASE])
    (folder / "reference").unlink()
    shutil.copytree(mini / "reference", folder / "reference")
    return folder


@pytest.fixture
def whole(one_case):
    """That folder with a finished run."""
    assert runs.run(one_case).returncode == 0
    return one_case


def test_a_killed_run_goes_on_to_the_same_results(one_case, finished, moments):
    for number, (job, delay) in enumerate(moments):
        assert run_and_kill(one_case, job, delay), f"the run ended before it was killed (job {job}, {delay} s)"
        if number == 0:
            locked = runs.run(one_case)
            assert locked.returncode != 0 and "--unlock" in locked.stdout, locked.stdout
            assert not runs.looks_like_a_traceback(locked.stdout)
        unlocked = runs.run(one_case, "--unlock")
        assert unlocked.returncode == 0, unlocked.stdout
    done = runs.run(one_case)
    assert done.returncode == 0, done.stdout
    same = [runs.bodies(results, CASE, SAMPLES) for results in (finished.results, one_case / "results")]
    assert runs.different(*same) == []
    assert (one_case / "results" / "report" / f"{CASE}.html").read_text().rstrip().endswith("</html>")
    assert runs.run(one_case).stdout.splitlines()[-1].startswith("Nothing to be done")


def test_knowledge_replaced_by_a_file_with_an_older_date_is_noticed(whole):
    clinvar = whole / "reference" / "clinvar.vcf.gz"
    files = (clinvar, clinvar.with_name("clinvar.vcf.gz.tbi"))
    before = [(path, path.read_bytes(), path.stat()) for path in files]
    header = [line for line in runs.read_text(clinvar).splitlines(keepends=True) if line.startswith("#")]
    vcf.write_vcf(header, clinvar)
    for path in files:
        os.utime(path, (0, 0))
    planned = runs.gms("plan", "--profile", "local", "--configfile", whole / "run.yaml").stdout
    for path, content, times in before:
        path.write_bytes(content)
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert "annotate_variants" in planned and "align_reads" not in planned, planned


def without_reads(path: Path) -> None:
    """A valid CRAM with the header alone."""
    header = subprocess.run(["samtools", "view", "-H", path], capture_output=True, check=True).stdout
    subprocess.run(["samtools", "view", "-C", "-o", path, "-"], input=header, check=True)


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def without_records(path: Path) -> None:
    """A valid VCF with the header alone, as if it had been cut at the border of a block."""
    header = [line for line in runs.read_text(path).splitlines(keepends=True) if line.startswith("#")]
    vcf.write_vcf(header, path)


@pytest.mark.parametrize(
    "file, damage, noticed_by",
    [
        (f"variants/freebayes/{CASE}.vcf.gz", without_records, ["merge_variants"]),
        (f"annotated/{CASE}.vcf.gz", flip, ["filter_variants"]),
        (f"alignment/{SAMPLES[0]}.cram", flip, ["call_bcftools", "call_freebayes", "sample_qc"]),
        (f"alignment/{SAMPLES[0]}.cram", without_reads, ["call_bcftools", "call_freebayes", "sample_qc"]),
    ],
)
def test_damaged_results_fail_their_case(whole, file, damage, noticed_by):
    path = whole / "results" / file
    saved, times = path.read_bytes(), path.stat()
    damage(path)
    done = runs.run(whole)
    path.write_bytes(saved)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert done.returncode == 1
    failed = re.findall(r"^failed: (\w+)", done.stdout, re.MULTILINE)
    assert set(failed) & set(noticed_by), done.stdout
    assert f"{file} is damaged or was changed after it was made" in done.stdout
