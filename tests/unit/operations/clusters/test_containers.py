import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from gms.base.project import PROJECT
from gms.inputs.load_run import read_run
from gms.operations.clusters import containers
from gms.operations.clusters.profile import Profile, read_profile
from gms.operations.setup import image

PLAIN = Profile("local", Path("local"), {"config": ["gmc=local"]})
IN_IMAGE = Profile("miarka", Path("miarka"), {"software-deployment-method": "apptainer", "config": ["gmc=uppsala"]})


@pytest.mark.parametrize(
    "profile, given, expected",
    [
        (PLAIN, [], False),
        (PLAIN, ["--sdm", "apptainer"], True),
        (PLAIN, ["--software-deployment-method=conda", "apptainer"], True),
        (PLAIN, ["--use-singularity"], True),
        (IN_IMAGE, [], True),
        (IN_IMAGE, ["--sdm", "env-modules"], False),
    ],
)
def test_whether_jobs_run_in_containers(profile, given, expected):
    assert containers.uses_containers(profile, given) == expected


@pytest.mark.parametrize("path", sorted(PROJECT.glob("profiles/*/profile.yaml")), ids=lambda path: path.parent.name)
def test_the_set_up_reads_profiles_as_the_run_does(path):
    """Before anything is installed there is no YAML."""
    expected = containers.uses_containers(read_profile(path.parent), [])
    assert image.jobs_bring_tools(["--profile", path.parent.name, "--configfile", "x"]) == expected
    assert image.jobs_bring_tools([f"--profile={path.parent}"]) == expected
    assert expected == (path.parent.name in ("ngpc", "miarka", "bianca"))


def test_a_list_of_methods_is_read_too(tmp_path):
    (tmp_path / "profile.yaml").write_text("software-deployment-method:\n  - conda\n  - apptainer\ncores: 1\n")
    assert image.jobs_bring_tools(["-p", str(tmp_path)])
    assert not image.jobs_bring_tools(["-p", str(tmp_path), "--sdm", "env-modules"])
    assert not image.jobs_bring_tools([])


@pytest.fixture
def run(tmp_path):
    """A run whose FASTQ files are links to another disk, and whose reference is elsewhere."""
    for name in ("run", "disk", "refs"):
        (tmp_path / name).mkdir()
    for number in "12":
        (tmp_path / "disk" / f"a_{number}.fastq.gz").touch()
        (tmp_path / "run" / f"a_{number}.fastq.gz").symlink_to(tmp_path / "disk" / f"a_{number}.fastq.gz")
    columns = ("case", "sample", "role", "assay", "fastq_1", "fastq_2")
    row = ("c", "s", "proband", "wgs_rare", "a_1.fastq.gz", "a_2.fastq.gz")
    (tmp_path / "run" / "samples.tsv").write_text("\t".join(columns) + "\n" + "\t".join(row) + "\n")
    config = f"samples: samples.tsv\nreference: {{name: GRCh38, fasta: {tmp_path}/refs/genome.fa}}\n"
    (tmp_path / "run" / "run.yaml").write_text(config)
    return read_run(tmp_path / "run" / "run.yaml")


def test_jobs_see_all_folders_of_a_run(run, tmp_path):
    (tmp_path / "gms.sif").touch()
    profile = Profile("x", Path("x"), IN_IMAGE.keys | {"config": ["gmc=local", f"container={tmp_path}/gms.sif"]})
    (option,) = containers.container_options(profile, [], run)
    assert option.startswith("--apptainer-args=--bind ")
    bound = option.split()[-1].split(",")
    assert {str(tmp_path / name) for name in ("run", "disk", "refs")} <= set(bound) and str(PROJECT) in bound
    assert str(run.results) not in bound  # it is in the folder of the config
    own = Profile("x", Path("x"), profile.keys | {"apptainer-args": "--bind /scratch"})
    assert containers.container_options(own, [], run)[0].startswith("--apptainer-args=--bind /scratch --bind /")
    assert containers.container_options(profile, ["--apptainer-args=--nv"], run) == []
    assert containers.container_options(PLAIN, [], run) == []


def test_an_absent_image_is_a_sentence(run, tmp_path):
    with pytest.raises(containers.NoImage, match=r"gms.sif does not exist: make it with  ./gms bundle gms.sif"):
        containers.container_options(IN_IMAGE, [], run)
    with pytest.raises(containers.NoImage, match=f"its image {tmp_path}/run/other.sif does"):
        containers.container_options(IN_IMAGE, ["--config", "container=other.sif"], run)
    assert containers.container_options(IN_IMAGE, ["--config", "container=docker://x/gms:1"], run)


def test_the_doctor_looks_for_apptainer_and_the_image(tmp_path, monkeypatch):
    monkeypatch.setattr(containers.shutil, "which", lambda name: None)
    assert [remark.kind for remark in containers.remarks(IN_IMAGE)] == ["wrong", "wrong"]
    (tmp_path / "gms.sif").touch()
    named = Profile("x", Path("x"), IN_IMAGE.keys | {"config": [f"container={tmp_path}/gms.sif"]})
    monkeypatch.setattr(containers.shutil, "which", lambda name: name)
    assert [remark.kind for remark in containers.remarks(named)] == ["ok", "ok"]
    assert containers.remarks(PLAIN) == []


def test_the_image_is_built_from_the_commit(tmp_path, monkeypatch):
    called = []

    def build(command, cwd):
        called.append(command)
        assert Path(cwd, image.DEFINITION).is_file() and Path(cwd, "gms", "locks", "production.txt").is_file()
        Path(command[3]).write_text("image")
        return 0

    monkeypatch.setattr(image.shutil, "which", lambda name: name if name == "singularity" else None)
    monkeypatch.setattr(image, "subprocess", SimpleNamespace(call=build))
    paths = ("containers/gms.def", "locks/production.txt")
    archive = subprocess.run(["tar", "-c", *paths], cwd=PROJECT, capture_output=True, check=True).stdout
    lines = image.build(tmp_path / "gms.sif", archive)
    assert called == [["singularity", "build", "--force", str(tmp_path / "gms.sif"), "gms/containers/gms.def"]]
    assert f"container={tmp_path}/gms.sif" in lines[-1]
    monkeypatch.setattr(image, "subprocess", SimpleNamespace(call=lambda *_, **__: 255))
    with pytest.raises(image.BuildFailed, match="ended with 255"):
        image.build(tmp_path / "gms.sif", archive)
    monkeypatch.setattr(image.shutil, "which", lambda name: None)
    with pytest.raises(image.NoApptainer, match="run the same command on a machine that has it"):
        image.build(tmp_path / "gms.sif", archive)


def test_the_definition_installs_by_the_set_up_of_every_machine():
    text = (PROJECT / "containers" / "gms.def").read_text()
    assert "    /opt/gms/gms setup\n" in text and "export PATH=/opt/gms/.env/bin:$PATH" in text
    assert "pip install" not in text  # no second list
