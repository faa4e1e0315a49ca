"""Assays and policies in folders outside the clone."""

import shutil
from dataclasses import fields

import pytest
import yaml

from gms.base.errors import Problems
from gms.base.project import PROJECT
from gms.inputs.assay_files import REFERENCE_PARTS
from gms.inputs.load_run import load_run
from gms.inputs.run_model import Reference


def test_every_part_of_a_reference_has_words():
    assert [*REFERENCE_PARTS] == [one.name for one in fields(Reference) if one.name not in ("name", "fasta", "cram")]


@pytest.fixture
def site(tmp_path):
    """A folder of assays with an assay and a policy of its own, and a sheet and a config that use them."""
    filters = tmp_path / "site" / "filters"
    filters.mkdir(parents=True)
    shutil.copy(PROJECT / "config" / "filters" / "panel_solid.yaml", filters / "panel_lung.yaml")
    assay = yaml.safe_load((PROJECT / "config" / "assays" / "panel_solid.yaml").read_text())
    assay |= {"callers": ["bcftools", "freebayes"], "policy": "panel_lung", "targets": "lung.bed"}
    (tmp_path / "site" / "panel_lung.yaml").write_text(yaml.safe_dump(assay))
    header, row = "case sample role assay fastq_1 fastq_2", "C1 T1 tumor panel_lung a_1.fastq.gz a_2.fastq.gz"
    (tmp_path / "samples.tsv").write_text("\n".join(line.replace(" ", "\t") for line in (header, row)) + "\n")
    return tmp_path


def loaded(folder, **changes):
    config = {"samples": "samples.tsv", "gmc": "kalmar", "reference": {"name": "tiny", "fasta": "tiny.fa"}}
    config |= {"assay_folders": ["site"]} | changes
    (folder / "run.yaml").write_text(yaml.safe_dump(config))
    return load_run(config, folder / "run.yaml", PROJECT)


def test_an_assay_and_its_policy_are_found_outside_the_clone(site):
    run = loaded(site)
    assay = run.assays["panel_lung"]
    assert assay.targets == site / "site" / "lung.bed" and assay.file == site / "site" / "panel_lung.yaml"
    assert assay.policy_files == {"small": site / "site" / "filters" / "panel_lung.yaml"}
    assert run.gmc == "kalmar"


def test_paths_of_the_config_start_at_the_config(site):
    assay = loaded(site, assays={"panel_lung": {"targets": "own.bed"}}).assays["panel_lung"]
    assert assay.targets == site / "own.bed"


def test_a_policy_of_the_clone_may_be_used(site):
    assay = loaded(site, assays={"panel_lung": {"policy": "panel_solid"}}).assays["panel_lung"]
    assert assay.policy_files == {"small": PROJECT / "config" / "filters" / "panel_solid.yaml"}


@pytest.mark.parametrize("changes, text", [
    ({"assay_folders": []}, "unknown assay 'panel_lung'"),
    ({"assay_folders": ["absent"]}, "'.*absent' is not a folder; paths are relative to this file"),
    ({"assay_folders": ["site/filters/.."]}, ""),
    ({"assay_folders": "site"}, "assay_folders"),
    ({"assay_folders": [3]}, "assay_folders"),
    ({"assays": {"panel_lung": {"policy": "lung"}}}, "unknown policy 'lung' .*panel_lung"),
    ({"gmc": "Kalmar läns"}, "short name of a centre"),
])  # fmt: skip
def test_what_is_wrong_is_said(site, changes, text):
    if not text:
        assert loaded(site, **changes).assays["panel_lung"]
        return
    with pytest.raises(Problems, match=text):
        loaded(site, **changes)


def test_a_name_that_the_clone_has_is_refused(site):
    shutil.copy(site / "site" / "panel_lung.yaml", site / "site" / "panel_solid.yaml")
    with pytest.raises(Problems, match="assay 'panel_solid' is in 'config/assays' already; give yours a name of its"):
        loaded(site)


def test_a_folder_without_assays_is_refused(site):
    (site / "empty").mkdir()
    with pytest.raises(Problems, match="has no assay; an assay is a file NAME.yaml in it, its policy filters/NAME"):
        loaded(site, assay_folders=["site", "empty"])
