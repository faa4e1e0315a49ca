"""A run of every assay that can be planned, shared by the tests of this folder."""

import pytest

import assay_plans


@pytest.fixture(scope="session")
def configfile(tmp_path_factory):
    """A config and a sheet with a case of each assay; neither FASTQ files nor a reference exist."""
    return assay_plans.write_run(tmp_path_factory.mktemp("plan"))
