import json
import subprocess
import sys

import pytest

from gms.base import software
from gms.base.errors import GmsError
from gms.operations.setup import install, locks, make_locks, tests_only

LOCKS = (locks.PRODUCTION, locks.TESTS, locks.IRIS, locks.READS)


@pytest.mark.parametrize(
    "lock, specification", [(locks.PRODUCTION, software.SPECIFICATION), (locks.TESTS, software.TEST_SPECIFICATION)]
)
def test_every_pin_is_locked(lock, specification):
    locks.check(lock, software.wanted(specification.read_text()))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_package_has_hashes_and_no_lock_names_a_host(lock):
    text = lock.read_text()
    assert "://" not in text and "--index" not in text
    assert all("--hash=sha256:" in entry for entry in locks.requirements(lock).values())
    listed = [line for line in text.splitlines() if not line.startswith((" ", "#"))]
    assert len(listed) == len(locks.requirements(lock))


def test_tests_use_the_versions_of_production():
    production = dict(locks.requirements(locks.PRODUCTION))
    names = {name for name, _ in production}
    assert [pin for pin in locks.requirements(locks.TESTS) if pin[0] in names and pin not in production] == []


def test_an_entry_without_its_condition():
    """colorama is locked for Windows in one lock and for all in the other."""
    entry = "colorama==0.4.6 ; sys_platform == 'win32' \\\n    --hash=sha256:00\n"
    assert locks.unconditional(entry).split() == ["colorama==0.4.6", "\\", "--hash=sha256:00"]
    assert locks.unconditional("a==1 \\\n    --hash=sha256:00\n") == "a==1 \\\n    --hash=sha256:00\n"


def test_a_pin_without_lock_is_a_sentence(tmp_path):
    (tmp_path / "production.txt").write_text("pysam==0.24.1 \\\n    --hash=sha256:00\n")
    wanted = [software.Wanted("pysam", "0.24.2", "PyPI")]
    with pytest.raises(locks.StaleLock, match=r"does not have pysam==0.24.2, .* run ./gms lock"):
        locks.check(tmp_path / "production.txt", wanted)
    locks.check(tmp_path / "production.txt", [software.Wanted("bwa", "0.7.17", "tool")])


def test_what_builds_other_packages_is_installed_first(tmp_path):
    first, rest = locks.install_commands(tmp_path / "python", locks.PRODUCTION, tmp_path)
    assert first[-1] == str(tmp_path / "builder.txt") and rest[-1] == str(locks.PRODUCTION)
    assert (tmp_path / "builder.txt").read_text().startswith("setuptools==")
    assert "--require-hashes" in first and "--require-hashes" in rest


def test_pip_refuses_a_package_whose_content_is_another(tmp_path):
    """A real pip, on a wheel that is not the one of the lock."""
    (tmp_path / "thing-1.0-py3-none-any.whl").write_bytes(b"PK\x05\x06" + bytes(18))
    (tmp_path / "lock.txt").write_text(f"thing==1.0 \\\n    --hash=sha256:{'0' * 64}\n")
    commands = locks.install_commands(sys.executable, tmp_path / "lock.txt", tmp_path)
    run = subprocess.run(
        [*commands[0], "--no-index", "--find-links", tmp_path, "--target", tmp_path / "t"],
        capture_output=True,
        text=True,
    )
    assert run.returncode and "DO NOT MATCH THE HASHES" in run.stderr and len(commands) == 1


def test_a_lock_that_cannot_be_made_stays_as_it_is(tmp_path, monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", "file:///nowhere")
    monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
    lock = tmp_path / "production.txt"
    lock.write_text("as it was\n")
    with pytest.raises(make_locks.CannotLock, match="locks/production.txt could not be made"):
        make_locks.python_lock(lock, ["nothing-like-this==1.0"], "environment.yml", upgrade=True)
    assert lock.read_text() == "as it was\n"


def test_without_conda_its_lock_is_said_to_be_missing(tmp_path, monkeypatch):
    monkeypatch.setattr(make_locks.shutil, "which", lambda name: None)
    monkeypatch.setattr(locks, "CONDA", tmp_path / "conda-linux-64.txt")
    assert make_locks.conda_lock().endswith("not made, because there is no micromamba, mamba or conda here")
    locks.CONDA.touch()
    assert ": left as it is, because there is no micromamba" in make_locks.conda_lock()


def test_the_conda_lock_is_what_conda_solved(tmp_path, monkeypatch):
    """No channel is asked: `call` leaves what conda leaves of a package."""
    address = "https://conda.anaconda.org/bioconda/linux-64/bwa-0.7.17-h1.tar.bz2"
    called = []

    def solve(command, variables=None):
        called.append(command)
        folder = make_locks.Path(command[3], "conda-meta")
        folder.mkdir(parents=True)
        (folder / "bwa.json").write_text(json.dumps({"url": address, "sha256": "ab"}))

    monkeypatch.setattr(make_locks, "call", solve)
    monkeypatch.setattr(make_locks.shutil, "which", lambda name: name if name == "mamba" else None)
    monkeypatch.setattr(locks, "CONDA", tmp_path / "conda-linux-64.txt")
    assert make_locks.conda_lock() == "locks/conda-linux-64.txt: 1 packages"
    assert called[0][:3] == ["mamba", "create", "--prefix"] and "samtools=1.16.1" in called[0]
    assert locks.CONDA.read_text().splitlines()[1:] == ["@EXPLICIT", f"{address}#sha256:ab"]
    monkeypatch.setattr(locks.platform, "machine", lambda: "x86_64")
    assert locks.conda_packages("  - bwa=0.7.17\n") == ["--file", str(locks.CONDA)]
    with pytest.raises(locks.StaleLock, match="does not have bwa=0.7.18"):
        locks.conda_packages("  - bwa=0.7.18\n")
    monkeypatch.setattr(locks.platform, "machine", lambda: "aarch64")
    assert locks.conda_packages("  - python=3.11\n  - bwa=0.7.18\n")[-3:] == ["python=3.11", "pip", "bwa=0.7.18"]


@pytest.fixture
def clones(tmp_path, monkeypatch):
    """This clone, whose environment is a link to that of another one; the path of the latter's."""
    owned = tmp_path / "other" / ".env"
    (owned / "bin").mkdir(parents=True)
    for name in ("python", "snakemake"):
        (owned / "bin" / name).touch()
    (tmp_path / "this").mkdir()
    (tmp_path / "this" / ".env").symlink_to(owned)
    for module in (install, tests_only):
        monkeypatch.setattr(module, "ENVIRONMENT", tmp_path / "this" / ".env")
    monkeypatch.setattr(install, "STAMP", tmp_path / "this" / ".env" / ".complete")
    monkeypatch.setattr(tests_only, "STAMP", tmp_path / "this" / ".env" / ".tests")
    monkeypatch.setattr(install, "call", lambda *words: pytest.fail(f"called {words}"))
    return owned


def test_clones_with_the_same_lists_share_an_environment(clones, monkeypatch):
    text = "dependencies:\n"
    with monkeypatch.context() as owner:
        owner.setattr(install, "ENVIRONMENT", clones)
        written = install.stamp(text)
    (clones / ".complete").write_text(written)
    assert install.is_complete(text)
    assert not install.is_complete(text + "  - bwa=0.7.17\n")


def test_a_shared_environment_is_changed_by_its_own_clone_only(clones):
    for change in (lambda: install.build(software.SPECIFICATION.read_text()), tests_only.ensure_packages):
        with pytest.raises(GmsError, match=f"is a link to {clones}, .* Bring {clones.parent} to"):
            change()
    assert sorted(path.name for path in clones.iterdir()) == ["bin"]


def test_reads_are_installed_without_what_their_package_needs(tmp_path, monkeypatch):
    calls = []
    monkeypatch.setattr(tests_only, "ENVIRONMENT", tmp_path)
    monkeypatch.setattr(install, "call", lambda command: calls.append(command))
    name, version = software.tests_only_reads(software.TEST_SPECIFICATION.read_text()).split("==")
    tests_only.ensure_reads(name, version)
    ((*_, no_deps, target, place, _, lock),) = calls
    assert (no_deps, target, place, lock) == ("--no-deps", "--target", str(tmp_path / name), str(locks.READS))
    assert len(locks.requirements(locks.READS)) == 1
    (tmp_path / name / f"{name}-{version}.dist-info").mkdir(parents=True)
    tests_only.ensure_reads(name, version)
    assert len(calls) == 1


def test_what_is_started_is_said_first():
    said = tests_only.announcement(["chromium", "munge", "slurm-wlm"])
    assert "chromium munge slurm-wlm\n" in said and "at every boot: munge, slurmctld, slurmd\n" in said
    listed = software.tests_only_debian_packages(software.TEST_SPECIFICATION.read_text())
    assert set(tests_only.SERVICES) <= set(listed)
