"""Every profile plans every assay: those that tests/workflow/test_profiles.py does not plan."""

import pytest

import assay_plans
from gms.operations.run import launch


@pytest.fixture(scope="module")
def configfile(tmp_path_factory):
    """A config and a sheet with a case of each assay; neither FASTQ files nor a reference exist."""
    return assay_plans.write_run(tmp_path_factory.mktemp("plan"))


@pytest.mark.parametrize("name", sorted({*launch.profiles()} - {*assay_plans.WAYS}))
def test_every_assay_is_planned_under_every_other_profile(name, configfile):
    assay_plans.require_every_assay(name, configfile)
