"""GATK as ./gms setup --with gatk installs it; Maven is a program that copies files."""

import shutil
import subprocess

import pytest

from gms.base import software
from gms.base.digests import sha256
from gms.base.errors import GmsError
from gms.operations.setup import gatk, install

JAVA = """#!/bin/sh
echo "The Genome Analysis Toolkit (GATK) v{version} $*"
"""


@pytest.fixture
def place(tmp_path, monkeypatch):
    """An environment of its own, with a Maven that fetches what is in `central`, and a Java that says a version."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "central").mkdir()
    (tmp_path / "central" / "gatk-4.6.2.0.jar").write_text("GATK")
    maven = "#!/bin/sh\nfor w; do case $w in -DoutputDirectory=*) cp -r '%s' \"${w#*=}\";; esac; done\n"
    for name, text in (("mvn", maven % (tmp_path / "central")), ("java", JAVA.format(version="4.6.2.0"))):
        (tmp_path / "bin" / name).write_text(text)
        (tmp_path / "bin" / name).chmod(0o755)
    lock = tmp_path / "gatk.txt"
    lock.write_text(f"# Made by\n{sha256(tmp_path / 'central' / 'gatk-4.6.2.0.jar')}  gatk-4.6.2.0.jar\n")
    changed = {"LOCK": lock, "ENVIRONMENT": tmp_path, "PLACE": tmp_path / "gatk", "PROGRAM": tmp_path / "bin" / "gatk"}
    for name, value in changed.items():
        monkeypatch.setattr(gatk, name, value)
    monkeypatch.setattr(install, "ENVIRONMENT", tmp_path)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    software.installed_version.cache_clear()
    yield tmp_path
    software.installed_version.cache_clear()


def test_it_is_installed_once_and_then_needs_nothing(place, capfd):
    gatk.ensure()
    assert "GATK 4.6.2.0" in capfd.readouterr().err
    run = subprocess.run(
        [gatk.PROGRAM, "--java-options", "-Xmx1g -Xms1g", "Tool", "a b"], capture_output=True, text=True
    )
    assert f"-Xmx1g -Xms1g -cp {gatk.PLACE}/* org.broadinstitute.hellbender.Main Tool a b" in run.stdout
    shutil.rmtree(place / "central")
    gatk.ensure()
    assert capfd.readouterr().err == ""


def test_a_file_that_is_not_the_locked_one_is_not_installed(place):
    (place / "central" / "gatk-4.6.2.0.jar").write_text("another")
    (place / "central" / "more.jar").write_text("")
    with pytest.raises(gatk.GatkDiffers, match="locks/gatk.txt: gatk-4.6.2.0.jar, more.jar. They were not installed"):
        gatk.ensure()
    assert not gatk.PROGRAM.exists() and not list(place.glob("gatk*/*.jar"))


def test_a_failing_maven_is_a_sentence(place):
    (place / "bin" / "mvn").write_text("#!/bin/sh\necho no route to host\nexit 1\n")
    with pytest.raises(gatk.NoGatk, match="(?s)no route to host.*Maven's settings.*run without it"):
        gatk.ensure()


@pytest.mark.parametrize("java, said", [(JAVA.format(version="4.5.0.0"), "says 4.5.0.0"), ("#!/bin/sh\n", "fails")])
def test_a_gatk_that_does_not_start_is_not_left_behind(place, java, said):
    (place / "bin" / "java").write_text(java)
    with pytest.raises(gatk.NoGatk, match=f"gatk --version {said}; it needs Java 17"):
        gatk.ensure()
    assert not gatk.is_installed() and not gatk.PROGRAM.exists()


def test_a_shared_environment_is_left_alone(place, monkeypatch):
    link = place / "link"
    link.symlink_to(place)
    monkeypatch.setattr(install, "ENVIRONMENT", link)
    with pytest.raises(GmsError, match="is a link to .* run ./gms setup --with gatk there"):
        gatk.ensure()


def test_the_lock_has_the_pinned_version_and_names_no_host():
    listed = gatk.locked()
    assert f"gatk-{software.gatk().version}.jar" in listed and len(listed) > 300
    assert all(len(digest) == 64 for digest in listed.values()) and "://" not in gatk.LOCK.read_text()
