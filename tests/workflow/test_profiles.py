"""Every profile parses, repeats no key of base, and sets its centre; one of each way to run jobs plans every assay."""

import json
import re
import subprocess
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO

import pytest
import yaml

from assay_plans import ASSAYS, MONITORING, VIRUSES, WAYS, full_plan, require_every_assay
from gms.base.project import PROJECT
from gms.commands import run
from gms.operations.run import launch

PROFILES = launch.profiles()
CENTRES = {"stockholm", "uppsala", "gothenburg", "lund", "linkoping", "umea", "orebro"}
OF_CENTRE = {"miarka": "uppsala", "bianca": "uppsala"}  # a second cluster of a centre


def profile(name: str) -> dict:
    return yaml.safe_load((PROJECT / "profiles" / name / "profile.yaml").read_text())


def test_every_centre_has_a_profile():
    assert {"local", "ci", "ngpc"} | CENTRES | OF_CENTRE.keys() == set(PROFILES)


@pytest.mark.parametrize("name", PROFILES)
def test_no_key_of_base_is_repeated(name):
    # Snakemake replaces whole top-level keys: what base says there would be lost without a word.
    assert profile("base").keys().isdisjoint(profile(name))


@pytest.mark.parametrize("name", PROFILES)
def test_gmc_is_set_to_the_centre(name):
    schema = json.loads((PROJECT / "workflow" / "schemas" / "config.schema.json").read_text())
    gmc = "local" if name == "ci" else OF_CENTRE.get(name, name)
    assert profile(name)["config"] == [f"gmc={gmc}"]
    assert re.search(schema["properties"]["gmc"]["pattern"], gmc)


@pytest.mark.parametrize("name", PROFILES)
def test_profiles_are_short(name):
    assert len((PROJECT / "profiles" / name / "profile.yaml").read_text().splitlines()) <= 40


def test_every_assay_is_in_the_matrix():
    assert {path.stem for path in (PROJECT / "config" / "assays").glob("*.yaml")} == {*ASSAYS, *VIRUSES, MONITORING}


def way(name: str) -> tuple[str | None, bool]:
    """How a profile runs jobs: its executor, and whether in a container."""
    return profile(name).get("executor"), "software-deployment-method" in profile(name)


def test_one_profile_of_each_way_to_run_jobs_is_planned():
    assert sorted(map(str, map(way, WAYS))) == sorted(set(map(str, map(way, PROFILES))))


@pytest.mark.parametrize("name", WAYS)
def test_every_assay_is_planned_in_every_way(name, configfile):
    require_every_assay(name, configfile)


def test_the_group_of_each_case_has_its_own_name():
    """The Grid Engine executor writes the script of a group under its name: another one's would take its place."""
    texts = [path.read_text() for path in (PROJECT / "workflow" / "rules").rglob("*.smk")]
    groups = [group for text in texts for group in re.findall(r"^    group:\n +(.+)", text, re.MULTILINE)]
    assert len(groups) == 12
    assert all("{case}" in group or "{sample.case}" in group for group in groups), groups


def test_an_export_without_a_study_is_decided_too(configfile, tmp_path):
    """Its decision is a refusal that says why (tests/unit/sharing/export); silence would not."""
    config = yaml.safe_load(configfile.read_text()) | {"export": {"folder": {}}}
    (tmp_path / "run.yaml").write_text(yaml.safe_dump(config))
    (tmp_path / "samples.tsv").write_text((configfile.parent / "samples.tsv").read_text())
    done = full_plan("local", tmp_path / "run.yaml")
    assert re.search(rf"^export +{len(ASSAYS) + 1}$", done.stdout, re.MULTILINE), done.stdout


@pytest.fixture(scope="module")
def planned(configfile):
    """What ./gms plan says of the run: standard output and standard error."""
    with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
        assert run.plan(["--profile", "local", "--configfile", str(configfile)]) == 0
    return out.getvalue(), err.getvalue()


def test_planning_needs_neither_data_nor_reference(configfile, planned):
    out, err = planned
    assert err.endswith(f"--configfile {configfile} --profile profiles/base --profile profiles/local --dry-run\n")
    assert out.startswith("A run would start:\n")


def test_the_plain_command_can_be_pasted_in_any_folder(planned, tmp_path):
    command = planned[1].splitlines()[0]
    pasted = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True)
    assert pasted.returncode == 0 and "Job stats:" in pasted.stdout + pasted.stderr, pasted.stderr
