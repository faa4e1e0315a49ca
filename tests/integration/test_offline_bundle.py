"""From bundle to results on a machine without a network: a network namespace with nothing but loopback."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

import pytest

import runs
from gms.base import software
from gms.base.json_tables import read_table
from gms.commands.demo import plate_summary
from gms.operations.setup import bundle_debian
from gms.operations.setup import offline as beside
from gms.operations.setup.offline import same_name

ALONE = ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
APART = ("rare-duo", "solid-clean", "ctdna-control")  # a genome of two, copies of a panel, molecules
PROBE = """
import errno, socket
print(*(line.split(":")[0].strip() for line in open("/proc/net/dev").readlines()[2:]))
for place in ("192.0.2.1", "2001:db8::1"):
    try:
        socket.create_connection((place, 80), 5)
        print("connected")
    except OSError as error:
        print(errno.errorcode[error.errno])
"""


def alone(*words: object, home: Path) -> subprocess.CompletedProcess:
    """Run a command where there is no network, with an empty home (no caches) and no hints for pip."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON"))}
    kept["PATH"] = os.pathsep.join(kept["PATH"].split(os.pathsep)[1:])  # the tests' own programs are put first
    command = [*ALONE, *map(str, words)]
    variables = {**kept, "HOME": str(home)}
    return subprocess.run(
        command, env=variables, cwd=home, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=1200
    )


def why_not() -> str:
    """Why this test cannot run here; empty where it can."""
    if not (runs.PROJECT / ".git").exists():
        return "a bundle is made in a git clone"
    try:
        probe = subprocess.run([*ALONE, "true"], capture_output=True, text=True)
    except FileNotFoundError:
        return "there is no unshare"
    return f"no network namespace can be made here: {probe.stderr}" if probe.returncode else ""


needs_namespace = pytest.mark.skipif(bool(why_not()), reason=why_not())


@pytest.fixture(scope="module")
def offline(tmp_path_factory):
    """The workflow, bundled and unpacked without a network; what was printed."""
    folder = tmp_path_factory.mktemp("offline")
    (home := folder / "home").mkdir()
    bundle, site = folder / "bundle.tar", folder / "site"
    made = runs.gms("bundle", bundle, "--no-debian")
    if "a bundle is made on a machine with a network" in made.stdout:
        pytest.skip(made.stdout)
    assert made.returncode == 0, made.stdout
    unpacked = alone(runs.PROJECT / "gms", "bundle", "unpack", bundle, site, home=home)
    yield SimpleNamespace(bundle=bundle, site=site, home=home, made=made.stdout, unpacked=unpacked)
    apart = folder.rename(tempfile.mkdtemp(dir=tmp_path_factory.getbasetemp().parent))
    subprocess.Popen(["rm", "-rf", apart])  # 60,000 files of an environment, a minute that no test waits for


@pytest.fixture(scope="module")
def run_alone(offline):
    """Cases of the demo that need every tool together, run by what was unpacked, without a network: their folder, and
    what was printed."""
    gms, folder = offline.site / "gms", offline.site / "demo"
    planned = alone(gms, "demo", "--dry-run", home=offline.home)  # makes the data set
    assert planned.returncode == 0, planned.stdout
    run = (gms, "run", "--profile", "local", "--cores", 2, "--configfile")
    done = alone(*run, folder / "run.yaml", *(f"report/{case}.html" for case in APART), home=offline.home)
    plate = alone(*run, folder / "plate.yaml", home=offline.home)
    return SimpleNamespace(folder=folder, done=done, plate=plate)


@needs_namespace
def test_there_is_no_network(offline):
    probe = alone(sys.executable, "-c", PROBE, home=offline.home)
    assert probe.stdout.split() == ["lo", "ENETUNREACH", "ENETUNREACH"]


@needs_namespace
def test_the_bundle_is_whole_and_says_what_is_in_it(offline):
    assert "Python packages" in offline.made and "Debian packages" in offline.made
    checked = runs.gms("bundle", "verify", offline.bundle)
    assert checked.returncode == 0 and ": complete, " in checked.stdout, checked.stdout


@needs_namespace
def test_it_is_set_up_from_the_bundle(offline):
    assert offline.unpacked.returncode == 0, offline.unpacked.stdout
    assert "Python packages from .offline" in offline.unpacked.stdout
    freeze = [[str(place / ".env/bin/python"), "-m", "pip", "freeze"] for place in (runs.PROJECT, offline.site)]
    here, there = (subprocess.run(command, capture_output=True, text=True, check=True).stdout for command in freeze)
    assert set(there.splitlines()) <= set(here.splitlines())  # here are those of the tests too
    wanted = {
        same_name(item.name) for item in software.wanted(software.SPECIFICATION.read_text()) if item.source == "PyPI"
    }
    assert wanted - {"setuptools"} <= {same_name(line.partition("==")[0]) for line in there.splitlines()}


@needs_namespace
def test_runs_end_as_planned(run_alone):
    assert run_alone.done.returncode == 0, run_alone.done.stdout
    lines, as_planned = plate_summary(run_alone.folder)
    assert run_alone.plate.returncode == 0 and as_planned, lines


@needs_namespace
@pytest.mark.parametrize("case", APART)
def test_it_gives_the_same_answer_as_with_a_network(run_alone, finished, case):
    samples = [row["sample"] for row in read_table(finished.folder / "samples.tsv") if row["case"] == case]
    there = runs.bodies(run_alone.folder / "results", case, samples)
    assert runs.different(runs.bodies(finished.results, case, samples), there) == []


@needs_namespace
def test_results_tell_the_version_that_was_bundled(offline, run_alone):
    version = re.search(r": version (.+?) for ", offline.made)[1]
    assert f'"version": "{version}"' in (run_alone.folder / "results" / "run.json").read_text()


@pytest.mark.skipif(not shutil.which("apt-get") or not shutil.which("dpkg-deb"), reason="no Debian")
def test_apt_fetches_packages_from_the_bundle_alone(tmp_path, monkeypatch):
    """Two packages made here, one of which needs the other, with an epoch and all signs that a version may have."""
    monkeypatch.setattr(beside, "MANIFEST", tmp_path / "manifest")
    monkeypatch.setattr(beside, "DEBIAN", tmp_path / "de bian")
    beside.MANIFEST.touch()
    beside.DEBIAN.mkdir()
    stanzas = [
        debian_package(tmp_path, "gms-trial", "Depends: gms-trial-data (= 2:1.0~rc+b-1)"),
        debian_package(tmp_path, "gms-trial-data", "Section: misc"),
    ]
    (beside.DEBIAN / "Packages").write_text("\n".join(stanzas))
    (tmp_path / "status").touch()
    (tmp_path / "archives" / "partial").mkdir(parents=True)
    apart = [f"Dir::State::status={tmp_path}/status", f"Dir::Cache::archives={tmp_path}/archives", "Debug::NoLocking=1"]
    apt = ["apt-get", "--yes", *(word for each in apart for word in ("-o", each)), *beside.apt_options(["gms-trial"])]
    for words in (["update"], ["--download-only", "install", "gms-trial"]):
        run = subprocess.run([*apt, *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert run.returncode == 0, run.stdout
        assert "http" not in run.stdout
    assert "0 upgraded, 2 newly installed" in run.stdout


def debian_package(folder: Path, name: str, line: str) -> str:
    """Make a package without files beside the index, called as in a bundle; returns its entry of the index."""
    control = f"Package: {name}\nVersion: 2:1.0~rc+b-1\nArchitecture: all\nMaintainer: x\nDescription: x\n{line}\n"
    (folder / name / "DEBIAN").mkdir(parents=True)
    (folder / name / "DEBIAN" / "control").write_text(control)
    file = folder / f"{name}.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "--build", folder / name, file], check=True, capture_output=True)
    sums = f"Size: {file.stat().st_size}\nSHA256: {hashlib.sha256(file.read_bytes()).hexdigest()}"
    package = bundle_debian.read_stanza(f"{control}Filename: pool/{name}.deb\n{sums}")
    file.rename(beside.DEBIAN / package.file)
    return package.stanza
