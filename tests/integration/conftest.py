"""The miniature data set and a finished run of it, made once for all tests of this folder, in one of its processes."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

import event_oracle
import judge
import runs
import s3_server
from clusters import centres as centre_runs
from made_once import made_once

# Their own runs are compared with the finished one, in which they change nothing: by either process.
ONLY_COMPARED = ("test_broken_inputs.py", "test_offline_bundle.py", "test_real_faults.py", "test_resume.py")
ONLY_COMPARED += ("test_same_answer.py",)
# One process begins with the first of these groups, the other with the second; then they take the others in turn.
LONGEST = ("finished", "test_offline_bundle.py", "mixed", "test_public_data.py", "test_same_answer.py")
LONGEST += ("test_resume.py", "test_real_faults.py")


@dataclass(frozen=True)
class Finished:
    """A run that came to its end: its folders, and what the user saw."""

    folder: Path
    results: Path
    output: str


@dataclass(frozen=True)
class Judged:
    """A run of public data: its results, and what their judge says."""

    results: Path
    judged: tuple[dict, str]


@pytest.fixture(scope="session")
def mixed(tmp_path_factory):
    """A tumour mixed from real reads of two persons, and its normal."""
    folder = tmp_path_factory.mktemp("mixed")
    answer = judge.judged(judge.MIX, folder)
    return Judged(folder / "results", answer)


@pytest.fixture(scope="session")
def mini(tmp_path_factory):
    """The folder of the miniature data set."""

    def make() -> str:
        folder = tmp_path_factory.mktemp("miniature")
        variables = {**os.environ, "PYTHONPATH": str(runs.PROJECT / "scripts")}
        subprocess.run([sys.executable, "-m", "gms.validation.demo_data", str(folder)], env=variables, check=True)
        return str(folder)

    return Path(made_once(tmp_path_factory, "miniature", make))


@pytest.fixture(scope="session")
def finished(mini, tmp_path_factory):
    """All its cases, run on two cores."""

    def make() -> str:
        done = runs.run(mini)
        assert done.returncode == 0, done.stdout
        return done.stdout

    return Finished(mini, mini / "results", made_once(tmp_path_factory, "finished", make))


@pytest.fixture(scope="module")
def s3(tmp_path_factory):
    """A real S3 server with its bucket."""
    with s3_server.running(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture(scope="session")
def centres(finished, tmp_path_factory):
    """Runs under the profiles of centres, on real clusters where they can be started."""
    with centre_runs.all_at_once(finished.folder, finished.results, tmp_path_factory.mktemp("centres")) as started:
        yield started


@pytest.hookimpl(tryfirst=True)  # pytest-xdist reads the marks in the same hook
def pytest_collection_modifyitems(items):
    """Tests stay together by file, as they share its fixtures, and those of one run in one process. The longest begin
    first; those of the centres come last: their runs go on beside the others, mostly waiting for schedulers."""
    groups = {item: group_of(item) for item in items}
    items.sort(key=lambda item: "centres" in item.fixturenames)
    items.sort(key=lambda item: LONGEST.index(groups[item]) if groups[item] in LONGEST else len(LONGEST))
    for item in items:
        item.add_marker(pytest.mark.xdist_group(groups[item]))


def group_of(item):
    """Tests of which group a test stays with."""
    runs_of = ("finished", "mixed") if item.path.name not in ONLY_COMPARED else ()
    return next((name for name in runs_of if name in item.fixturenames), item.path.name)


@pytest.fixture(autouse=True)
def centres_begin_at_once(request):
    """Start the centres' runs as soon as there is a finished run, if any test asks for them, in its process."""
    asked = any("centres" in item.fixturenames for item in request.session.items)
    if asked and "finished" in request.fixturenames and group_of(request.node) == "finished":
        request.getfixturevalue("centres")


@pytest.fixture(scope="session", autouse=True)
def events_and_logs_agree(tmp_path_factory):
    """In the end: the events of every run of these tests say what Snakemake's log of it says."""
    yield
    assert event_oracle.check_all(tmp_path_factory.getbasetemp()) == []
