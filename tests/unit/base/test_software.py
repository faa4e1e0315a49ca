import pytest

from gms.base import software
from gms.base.errors import GmsError
from gms.base.software import Found, Wanted
from gms.commands.installation import doctor
from gms.operations.setup import install

TEXT = """\
dependencies:
  - python=3.11
  - pip
  - htslib=1.16         # bgzip and tabix
  - dwgsim=1.1.14
  - pip:
      - PyYAML==6.0.3
# Debian package: chromium
# Debian packages: munge gridengine-client
# in an environment of its own because of its pins: NGPIris==5.6.2
# for the reads that it holds (GPL-3), not its program: smaca==1.2.3
"""


def test_wanted_is_every_pinned_line_but_python():
    assert software.wanted(TEXT) == [
        Wanted("htslib", "1.16", "tool"),
        Wanted("dwgsim", "1.1.14", "tool"),
        Wanted("PyYAML", "6.0.3", "PyPI"),
    ]


def test_tests_only_packages():
    assert software.tests_only_debian_packages(TEXT) == ["chromium", "munge", "gridengine-client"]
    assert software.tests_only_debian_packages("") == []
    assert software.tests_only_program(TEXT) == "NGPIris==5.6.2"
    assert software.tests_only_program("") is None
    assert software.tests_only_reads(TEXT) == "smaca==1.2.3"


@pytest.mark.parametrize("path", [software.SPECIFICATION, software.TEST_SPECIFICATION], ids=lambda path: path.name)
def test_everything_is_pinned(path):
    items = [line.strip() for line in path.read_text().split("dependencies:")[1].splitlines()]
    items = [line for line in items if line.startswith("- ") and line not in ("- python=3.11", "- pip", "- pip:")]
    assert len(software.wanted(path.read_text())) == len(items)


@pytest.mark.parametrize(
    ("printed", "version"),
    [
        ("Version: 0.7.17-r1188\n", "0.7.17-r1188"),
        ("samtools 1.16.1\nUsing htslib 1.16\n", "1.16.1"),
        ("tabix (htslib) 1.16\n", "1.16"),
        ("version:  v1.3.6\n", "1.3.6"),
        ("could not load: libhts.so\n", None),
    ],
)
def test_version_in_what_tools_print(printed, version):
    assert software.version_in(printed) == version


@pytest.mark.parametrize(
    ("wanted", "version", "state"),
    [
        ("1.16", "1.16", "ok"),
        ("0.7.17", "0.7.17-r1188", "ok"),
        ("5.1", "5.1d", "ok"),
        ("1.16", "1.16.1", "differs"),
        ("1.1", "1.10", "differs"),
        ("1.16", None, "missing"),
    ],
)
def test_state(wanted, version, state):
    assert Found(Wanted("tool", wanted, "tool"), version, "Debian").state == state


def test_bioconda_numbers_dwgsim_differently(monkeypatch):
    monkeypatch.setattr(software, "installed_version", lambda *_: "0.1.14-2")
    assert software.found([Wanted("dwgsim", "1.1.14", "tool")], software.ENVIRONMENT)[0].state == "ok"


@pytest.fixture
def newer_samtools(monkeypatch):
    """samtools 1.19.2 where 1.16.1 is pinned; all else as it should be, and GATK is not asked, which takes seconds."""
    monkeypatch.setattr(software, "installed_version", lambda *_: None)
    item = Found(Wanted("samtools", "1.16.1", "tool"), "1.19.2", "/opt/bin")
    monkeypatch.setattr(
        software, "found", lambda *_: [item, Found(Wanted("bwa", "0.7.17", "tool"), "0.7.17", "Debian")]
    )
    return item


def test_only_the_very_version_is_accepted(newer_samtools):
    differing = software.differing(software.ENVIRONMENT)
    assert software.not_accepted(differing, {}) == [newer_samtools]
    assert software.not_accepted(differing, {"samtools": "1.19"}) == [newer_samtools]
    assert software.not_accepted(differing, {"samtools": "1.19.2"}) == []


def test_doctor_fails_where_a_version_differs(newer_samtools, capsys):
    assert doctor.of_tools() == 1
    printed = capsys.readouterr().out
    assert ["samtools", "1.19.2", "1.16.1", "/opt/bin", "differs"] in [line.split() for line in printed.splitlines()]
    assert "is tested with 1.16.1; install that (./gms setup), or accept" in printed


def test_doctor_says_how_gatk_is_installed_and_does_without(monkeypatch, capsys):
    monkeypatch.setattr(software, "found", lambda *_: [])
    monkeypatch.setattr(software, "installed_version", lambda *_: None)
    assert doctor.of_tools() == 0
    assert "gatk4 is optional. ./gms setup --with gatk installs it." in capsys.readouterr().out


def test_doctor_table():
    found = [
        Found(Wanted("bwa", "0.7.17", "tool"), "0.7.17-r1188", "Debian"),
        Found(Wanted("x", "1", "PyPI"), None, ""),
    ]
    assert doctor.table(found) == [
        "tool  found         wanted  from",
        "bwa   0.7.17-r1188  0.7.17  Debian  ok",
        "x     -             1               missing",
    ]


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine on which nothing is set up and nothing is really installed; yields the commands that were called."""
    calls = []

    def record(command, variables=None):
        calls.append(command)
        (tmp_path / "bin").mkdir(parents=True, exist_ok=True)

    monkeypatch.setattr(install, "ENVIRONMENT", tmp_path)
    monkeypatch.setattr(install, "STAMP", tmp_path / ".complete")
    monkeypatch.setattr(install.offline, "MANIFEST", tmp_path / "absent")  # not from a bundle
    monkeypatch.setattr(install, "call", record)
    lock = tmp_path / "production.txt"
    lock.write_text("pyyaml==6.0.3 \\\n    --hash=sha256:00\n")
    monkeypatch.setattr(install.locks, "PRODUCTION", lock)
    monkeypatch.setattr(install, "say", lambda text: None)
    monkeypatch.setattr(install, "can_make_environments", lambda python: True)
    return calls


def test_conda_is_preferred(machine, monkeypatch):
    monkeypatch.setattr(install.shutil, "which", lambda name: f"/opt/{name}" if name == "conda" else None)
    install.build(TEXT)
    assert [command[:2] for command in machine] == [["conda", "create"], [f"{install.ENVIRONMENT}/bin/python", "-m"]]
    assert machine[0][-4:] == ["python=3.11", "pip", "htslib=1.16", "dwgsim=1.1.14"]
    assert install.STAMP.read_text() == install.stamp(TEXT)


def test_without_conda_and_with_all_tools_only_python_packages_are_installed(machine, monkeypatch):
    monkeypatch.setattr(install.shutil, "which", lambda name: None)
    monkeypatch.setattr(install, "missing_debian_packages", lambda text, tools: [])
    install.build(TEXT)
    assert [command[1:3] for command in machine] == [["-m", "venv"], ["-m", "pip"]]
    assert machine[-1][-3:] == ["--no-build-isolation", "-r", str(install.locks.PRODUCTION)]


def test_a_finished_environment_is_updated_in_place(machine, monkeypatch):
    monkeypatch.setattr(install.shutil, "which", lambda name: None)
    monkeypatch.setattr(install, "missing_debian_packages", lambda text, tools: [])
    install.build(TEXT)
    (install.ENVIRONMENT / "bin" / "python").touch()
    machine.clear()
    install.build(TEXT + "# changed\n")
    assert [command[1:3] for command in machine] == [["-m", "pip"]]


def test_a_plan_needs_no_tool_and_a_run_afterwards_does(machine, monkeypatch):
    monkeypatch.setattr(install.shutil, "which", lambda name: None)
    monkeypatch.setattr(install.os, "geteuid", lambda: 1000)
    software.installed_version.cache_clear()
    install.build(TEXT, tools=False)
    assert [command[1:3] for command in machine] == [["-m", "venv"], ["-m", "pip"]]
    for name in ("python", "snakemake"):
        (install.ENVIRONMENT / "bin" / name).touch()
    assert install.is_complete(TEXT, tools=False) and not install.is_complete(TEXT)
    with pytest.raises(install.CannotInstall):
        install.build(TEXT)
    software.installed_version.cache_clear()


def test_tools_that_may_not_be_installed_are_named(machine, monkeypatch):
    monkeypatch.setattr(install.os, "geteuid", lambda: 1000)
    with pytest.raises(install.CannotInstall, match="sudo apt-get install mosdepth libhts-dev"):
        install.install_debian(["mosdepth", "libhts-dev"])


def test_a_failed_installation_is_repaired_and_tried_with_new_lists(monkeypatch):
    calls = []

    def fail_once(command, variables=None):
        calls.append(command)
        if len(calls) == 1:
            raise install.SetupError(command, "404")

    monkeypatch.setattr(install, "call", fail_once)
    monkeypatch.setattr(install.os, "geteuid", lambda: 0)
    monkeypatch.setattr(install.shutil, "which", lambda name: name)
    install.install_debian(["bwa"])
    assert [next(word for word in ("install", "--configure", "update") if word in call) for call in calls] == [
        "install",
        "--configure",
        "update",
        "install",
    ]


def test_an_interrupted_set_up_is_not_complete(machine):
    assert not install.is_complete(TEXT)


def test_an_environment_that_was_moved_is_not_complete(machine):
    install.STAMP.write_text(install.stamp(TEXT).replace(f" {install.owner()}", " /elsewhere"))
    assert not install.is_complete(TEXT)


def test_foreign_python_packages_are_shut_out(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "/somebody/elses")
    variables = install.environ()
    assert "PYTHONPATH" not in variables
    assert variables["PATH"].startswith(str(install.ENVIRONMENT / "bin"))


def test_an_incomplete_set_up_in_a_folder_of_others_is_a_sentence(machine, monkeypatch):
    class Theirs:
        def open(self, mode):
            raise PermissionError(mode)

    monkeypatch.setattr(install, "SPECIFICATION", Theirs())
    with pytest.raises(GmsError, match="ask the owner to run ./gms setup"):
        install.open_lock()


def test_a_debian_package_is_recognised_by_its_command(monkeypatch):
    asked = []
    monkeypatch.setattr(software.shutil, "which", lambda name, path: asked.append((name, path)) or "/usr/sbin/munged")
    assert software.has_debian_package("munge") and software.has_debian_package("chromium")
    assert [name for name, _ in asked] == ["munged", "chromium"]
    assert all(path.endswith(":/usr/sbin") for _, path in asked)
