"""What clusters, disks and files do to a run: it says so, keeps nothing half done, and goes on where it stopped.

`./gms benchmark faults` is the long form of the kills."""

import gzip
import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest

import runs
from benchmarks.disturbance import CASE, SAMPLES, Trial
from benchmarks.kills import carry_out
from clusters import slurm
from clusters.centres import WHOLE
from gms.base.json_tables import read_table

CRAM = f"alignment/{SAMPLES[0]}.cram"
SEED = 20_261_123
TWENTY = [f"{number:02}" for number in range(1, 21)]
BROKEN = "07"
READS = 250  # of each of the twenty
needs_slurm = pytest.mark.skipif(bool(slurm.why_no_slurm()), reason=str(slurm.why_no_slurm()))


@pytest.fixture(scope="module")
def begun(mini, tmp_path_factory):
    """The smallest case, run on this machine up to where its reads can be aligned."""
    folder = runs.subset(mini, tmp_path_factory.mktemp("begun") / "data", [CASE])
    done = runs.run(folder, "--until", "bwa_index")
    assert done.returncode == 0, done.stdout
    return folder


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    with slurm.Slurm(tmp_path_factory.mktemp("slurm"), memory=64_000) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def starved(begun, cluster):
    """The same folder once more, with too little memory for a job, on its way while others are tested: it waits."""
    folder = begun.parent / "starved"
    shutil.copytree(begun, folder, symlinks=True)
    options = (CRAM, "--set-resources", "align_reads:mem_mb=12*attempt")
    trial = Trial(folder, cluster, random.Random(SEED), options)
    trial.begin()
    yield trial
    trial.child.kill()


@needs_slurm
def test_a_run_on_a_cluster_that_is_killed_goes_on(begun, cluster, finished, starved):
    trial = Trial(begun, cluster, random.Random(SEED), (CRAM,))
    carry_out(trial, ["workflow", "job", "slurmctld"])
    print([(kill.kind, kill.target, kill.followed) for kill in trial.kills])
    assert trial.kills[0].followed == "resumed"
    assert (trial.results / CRAM).read_bytes() == (finished.results / CRAM).read_bytes()
    assert trial.finished_twice() == []


@needs_slurm
@pytest.mark.skipif(WHOLE not in os.environ, reason=f"ten minutes, as Slurm counts time in minutes; set {WHOLE}")
def test_too_little_time_is_tried_with_more_twice_and_then_told(begun, cluster, tmp_path):
    slow = tmp_path / "bin" / "bwa"
    slow.parent.mkdir()
    slow.write_text(f'#!/bin/sh\n[ "$1" != mem ] || exec sleep 600\nexec {shutil.which("bwa")} "$@"\n')
    slow.chmod(0o755)
    folder = tmp_path / "late"
    shutil.copytree(begun, folder, symlinks=True)
    (folder / "results" / CRAM).unlink(missing_ok=True)
    words = ("--profile", "lund", *slurm.SOON, "--set-resources", "align_reads:runtime=attempt")
    variables = cluster.environment | {"PATH": f"{slow.parent}:{cluster.environment['PATH']}"}
    late = runs.gms("run", "--configfile", folder / "run.yaml", CRAM, *words, variables=variables)
    assert late.returncode != 0
    assert late.stdout.count("trying again: align_reads shallow-tumor") == 2
    said = "rule align_reads of sample shallow-tumor ran out of time: it had 3 minutes (in earlier attempts 1, 2)."
    assert f"{said} Ask for more: --set-resources align_reads:runtime=6" in late.stdout
    assert not (folder / "results" / CRAM).exists()


def mounted(folder: Path, size: str) -> bool:
    """Put a small file system at `folder`; False where that is not allowed."""
    return subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", folder]).returncode == 0


@pytest.fixture
def small_disk(mini, tmp_path):
    """A data set whose results lie on a disk of 700 kB."""
    folder = runs.subset(mini, tmp_path / "data", [CASE])
    (folder / "results").mkdir()
    if not mounted(folder / "results", "700k"):
        pytest.skip("a small file system is mounted by root only")
    yield folder
    subprocess.run(["umount", folder / "results"], check=True)


def test_a_full_disk_is_told_and_leaves_nothing_half_written(small_disk, finished):
    full = runs.run(small_disk)
    assert full.returncode == 1
    assert "the disk was full: make room, then run again" in full.stdout
    assert "note: only 0 MB are left on the disk of" in full.stdout
    assert not runs.looks_like_a_traceback(full.stdout)
    subprocess.run(["mount", "-o", "remount,size=200M", small_disk / "results"], check=True)
    done = runs.run(small_disk)
    assert done.returncode == 0, done.stdout
    same = [runs.bodies(results, CASE, SAMPLES) for results in (finished.results, small_disk / "results")]
    assert runs.different(*same) == []


@pytest.fixture
def twenty(mini, tmp_path):
    """Twenty cases of a few reads each; a file of one of them is truncated."""
    folder = runs.subset(mini, tmp_path / "data", [CASE])
    (row,) = read_table(folder / "samples.tsv")
    for mate in (1, 2):
        lines = gzip.decompress((mini / row[f"fastq_{mate}"]).read_bytes()).splitlines(True)
        packed = gzip.compress(b"".join(lines[: 4 * READS]))
        for name in TWENTY:
            whole = name != BROKEN or mate == 1
            (folder / f"s{name}_R{mate}.fastq.gz").write_bytes(packed if whole else packed[:-1000])
    names = [{"case": f"c{name}", "sample": f"s{name}"} for name in TWENTY]
    files = [{f"fastq_{mate}": f"s{name}_R{mate}.fastq.gz" for mate in (1, 2)} for name in TWENTY]
    runs.write_sheet(folder / "samples.tsv", [row | one | two for one, two in zip(names, files, strict=True)])
    return folder


def test_one_bad_sample_of_twenty_stops_no_other(twenty):
    said = runs.run(twenty, "--until", "align_reads")
    assert said.returncode == 1
    reason = f"s{BROKEN}_R2.fastq.gz' is truncated"
    early, *_, late = [line for line in said.stdout.splitlines() if reason in line]
    assert early.startswith("warning: ") and early.endswith("its case will fail")
    assert late.startswith("  | error: ")
    assert said.stdout.splitlines()[-1].endswith(f"failed: sample s{BROKEN}")
    aligned = sorted(path.stem for path in (twenty / "results" / "alignment").glob("*.cram"))
    assert aligned == [f"s{name}" for name in TWENTY if name != BROKEN]


def test_one_bad_sample_alone_is_refused_before_anything_runs(twenty):
    rows = [row for row in read_table(twenty / "samples.tsv") if row["sample"] == f"s{BROKEN}"]
    runs.write_sheet(twenty / "samples.tsv", rows)
    said = runs.run(twenty)
    assert said.returncode != 0
    assert "line 2: fastq_2" in said.stdout and "is truncated" in said.stdout
    assert not (twenty / "results" / "logs").exists()


@needs_slurm
def test_too_little_memory_is_tried_with_more_twice_and_then_told(starved):
    assert starved.child.wait(timeout=300) != 0
    said = (starved.folder / "start-1.log").read_text()
    assert said.count("trying again: align_reads shallow-tumor") == 2
    sentence = "rule align_reads of sample shallow-tumor ran out of memory: it had 36 MB and used "
    (told,) = [line.strip() for line in said.splitlines() if sentence in line]
    assert "(in earlier attempts 12, 24). Ask for more: --set-resources align_reads:mem_mb=" in told
    assert said.splitlines()[-1].endswith("failed: sample shallow-tumor")
    assert not (starved.results / CRAM).exists()
