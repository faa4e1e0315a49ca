import re
import subprocess

import pytest

from gms.base.project import PROJECT, version_number, workflow_version


def test_the_version_is_semantic():
    assert re.fullmatch(r"\d+\.\d+\.\d+", version_number())


def test_version_outside_a_repository_is_without_commit(tmp_path):
    assert workflow_version(tmp_path) == version_number()


def test_version_of_what_came_from_a_bundle_is_that_of_the_bundle(tmp_path):
    (tmp_path / ".offline").mkdir()
    (tmp_path / ".offline" / "bundle.json").write_text('{"workflow": "1.3.0 (abc)"}')
    assert workflow_version(tmp_path) == "1.3.0 (abc)"


@pytest.fixture
def clone(tmp_path):
    """A git repository of one commit, with a tag, which is not the version."""
    git = ["git", "-C", str(tmp_path), "-c", "user.name=n", "-c", "user.email=n@example.org"]
    (tmp_path / "file").write_text("a")
    for words in (["init", "-q"], ["add", "file"], ["commit", "-qm", "x"], ["tag", "v0"]):
        subprocess.run([*git, *words], check=True)
    return tmp_path


def test_version_of_a_clone_has_its_commit(clone):
    assert re.fullmatch(rf"{version_number()} \([0-9a-f]{{7,}}\)", workflow_version(clone))
    (clone / "file").write_text("b")
    assert workflow_version(clone).endswith("-dirty)")


@pytest.mark.parametrize(
    "name, pattern",
    [("CHANGELOG.md", r"^## (\d+\.\d+\.\d+)"), ("CITATION.cff", r"^version: \"?([0-9.]+)")],
)
def test_every_place_has_the_same_version(name, pattern):
    assert re.search(pattern, (PROJECT / name).read_text(), re.MULTILINE)[1] == version_number()
