"""The miniature data set and one finished run of it, made once for all tests of this folder."""

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
    folder = tmp_path_factory.mktemp("miniature")
    variables = {**os.environ, "PYTHONPATH": str(runs.PROJECT / "scripts")}
    subprocess.run([sys.executable, "-m", "gms.validation.demo_data", str(folder)], env=variables, check=True)
    return folder


@pytest.fixture(scope="session")
def finished(mini):
    """All its cases, run on two cores."""
    done = runs.run(mini)
    assert done.returncode == 0, done.stdout
    return Finished(mini, mini / "results", done.stdout)


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
    """Tests of one run stay in one process, those of the centres last: their runs go on beside the others, mostly
    waiting for schedulers. Other tests stay together by file, as they share its fixtures."""
    items.sort(key=lambda item: "centres" in item.fixturenames)
    for item in items:
        group = next((name for name in ("finished", "mixed") if name in item.fixturenames), item.path.name)
        item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture(autouse=True)
def centres_begin_at_once(request):
    """Start the centres' runs as soon as there is a finished run, if any test asks for them."""
    asked = any("centres" in item.fixturenames for item in request.session.items)
    if asked and "finished" in request.fixturenames:
        request.getfixturevalue("centres")


@pytest.fixture(scope="session", autouse=True)
def events_and_logs_agree(tmp_path_factory):
    """In the end: the events of every run of these tests say what Snakemake's log of it says."""
    yield
    assert event_oracle.check_all(tmp_path_factory.getbasetemp()) == []
