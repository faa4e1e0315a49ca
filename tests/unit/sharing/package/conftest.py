import shutil

import pytest

import packages


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """A package that no test changes, with its plain files beside it."""
    return packages.make_package(tmp_path_factory.mktemp("made"), approved=True)


@pytest.fixture
def package(made, tmp_path):
    """A package of the test's own."""
    return shutil.copytree(made, tmp_path / made.name)
