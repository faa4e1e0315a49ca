import json
import tarfile
from pathlib import Path

import pytest

from gms.base.errors import GmsError, Problems
from gms.base.schemas import load_schema
from gms.operations.setup import bundle_debian, bundle_references, bundle_software, install, locks, offline
from gms.operations.setup.bundle_file import Entry

SIX = next(version for name, version in locks.requirements(locks.PRODUCTION) if name == "six")
ADDED = {"numpy": "1.0", "six": SIX}
STANZA = "Package: zlib1g\nVersion: 1:1.2.13.dfsg-1\nArchitecture: amd64\nFilename: pool/z.deb\nSHA256: 00"


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """A workflow with an .offline folder of its own that came from a bundle and has two wheels."""
    folder = tmp_path / ".offline"
    monkeypatch.setattr(offline, "MANIFEST", folder / "bundle.json")
    monkeypatch.setattr(offline, "DEBIAN", folder / "debian")
    monkeypatch.setattr(offline, "WHEELS", folder / "wheels" / offline.TAG)
    monkeypatch.setattr(bundle_software, "PROJECT", tmp_path)
    offline.WHEELS.mkdir(parents=True)
    offline.DEBIAN.mkdir()
    offline.MANIFEST.write_text(json.dumps({"software": offline.TAG, "python": "3.11.0"}))
    for name in ("ga4gh_vrs-2.3.3-py3-none-any.whl", "PyYAML-6.0.3-cp311-cp311-manylinux_2_28_x86_64.whl"):
        (offline.WHEELS / name).write_text(name)
    return folder


def test_pip_takes_the_wheels_that_are_beside_the_workflow(kept):
    text = "dependencies:\n  - pip:\n      - ga4gh.vrs==2.3.3\n      - PyYAML==6.0.3\n"
    assert offline.pip_options(text) == ["--no-index", "--find-links", str(offline.WHEELS)]
    assert offline.pip_options(text + "      - numpy==1.0\n") == []
    assert offline.pip_options(text.replace("6.0.3", "6.0.4")) == []
    offline.MANIFEST.unlink()  # a machine that makes bundles has a network
    assert offline.pip_options(text) == []


def test_wheels_of_another_python_are_a_sentence(kept):
    offline.MANIFEST.write_text('{"software": "cp39-linux-x86_64", "python": "3.9.2"}')
    with pytest.raises(GmsError, match=r"for cp39-linux-x86_64 with Python 3.9.2 or a later 3.9, .*\(python3.9 gms"):
        offline.pip_options("")


def test_the_oldest_python_that_the_packages_allow(tmp_path, monkeypatch):
    monkeypatch.setattr(bundle_software, "ENVIRONMENT", tmp_path)
    monkeypatch.setattr(bundle_software.sys, "version_info", (3, 11, 7))
    for name, wish in {"a": ">=3.8", "b": ">=3.11.5,<4", "c": ">3.9.20,!=3.11.6", "d": ">=3.11.2"}.items():
        folder = tmp_path / "lib" / "python3.11" / "site-packages" / f"{name}-1.dist-info"
        folder.mkdir(parents=True)
        (folder / "METADATA").write_text(f"Name: {name}\nVersion: 1\nRequires-Python: {wish}\n")
        assert bundle_software.oldest_python() == ("3.11.5" if name != "a" else "3.11.0")


def test_apt_takes_the_packages_that_are_beside_the_workflow_if_all_are(kept):
    assert offline.apt_options(["bwa"]) == []
    (offline.DEBIAN / "Packages").write_text("Package: bwa\nVersion: 1\n\nPackage: tabix\n")
    assert f"Dir::State::lists={offline.DEBIAN}/lists" in offline.apt_options(["bwa", "tabix"])
    assert (offline.DEBIAN / "lists" / "partial").is_dir()  # apt makes it only in its own place
    assert (offline.DEBIAN / "sources.list").read_text() == f"deb [trusted=yes] file://{offline.DEBIAN} ./\n"
    assert offline.apt_options(["bwa", "chromium"]) == []
    offline.MANIFEST.unlink()
    assert offline.apt_options(["bwa"]) == []


def test_only_wheels_that_are_not_kept_are_fetched(kept, monkeypatch):
    called = []

    def build(command, variables):
        called.append(command)
        for name, version in ADDED.items():
            (offline.WHEELS / f"{name}-{version}-py3-none-any.whl").touch()

    monkeypatch.setattr(bundle_software.install, "call", build)
    monkeypatch.setattr(bundle_software.install, "say", lambda text: None)
    monkeypatch.setattr(bundle_software.software, "packages", lambda _: {"pip": "1", "ga4gh.vrs": "2.3.3", **ADDED})
    names = [Path(name).name for name in bundle_software.python_packages(0)]
    assert names == ["ga4gh_vrs-2.3.3-py3-none-any.whl", "numpy-1.0-py3-none-any.whl", f"six-{SIX}-py3-none-any.whl"]
    assert "--require-hashes" in called[0] and called[0][-2] == "-r"
    assert called[1][-3:] == ["--wheel-dir", str(offline.WHEELS), "numpy==1.0"]  # which is not in the locks
    bundle_software.python_packages(0)
    assert len(called) == 2


def test_no_network_is_a_sentence(kept, monkeypatch):
    def fail(command, variables):
        raise install.SetupError(command, "Could not find a version")

    monkeypatch.setattr(bundle_software.install, "call", fail)
    monkeypatch.setattr(bundle_software.software, "packages", lambda _: {"numpy": "1.0"})
    with pytest.raises(GmsError, match="a bundle is made on a machine with a network"):
        bundle_software.python_packages(0)


def test_without_conda_pack_a_conda_environment_is_a_sentence(monkeypatch):
    monkeypatch.setattr(bundle_software.shutil, "which", lambda name: None)
    with pytest.raises(GmsError, match="conda install -c conda-forge conda-pack"):
        bundle_software.conda_environment()


def test_what_only_the_tests_need_is_not_packed(kept, monkeypatch):
    called = []
    monkeypatch.setattr(bundle_software.shutil, "which", lambda name: name)
    monkeypatch.setattr(bundle_software.install, "call", called.append)
    monkeypatch.setattr(offline, "CONDA", bundle_software.PROJECT / "conda.tar.gz")
    bundle_software.conda_environment()
    (command,) = called
    assert [after for word, after in zip(command, command[1:], strict=False) if word == "--exclude"] == [
        "ngpiris/*",
        "smaca/*",
    ]


def test_a_packed_conda_environment_comes_instead_of_anything_else(kept, monkeypatch, tmp_path):
    called = []
    (tmp_path / "made" / "bin").mkdir(parents=True)
    (tmp_path / "made" / "bin" / "python").write_text("python")
    monkeypatch.setattr(offline, "CONDA", kept / "conda.tar.gz")
    monkeypatch.setattr(offline, "ENVIRONMENT", tmp_path / ".env")
    with tarfile.open(offline.CONDA, "w:gz") as tar:
        tar.add(tmp_path / "made", ".")
    assert offline.has_conda_environment()
    offline.unpack_conda_environment(called.append)
    assert (tmp_path / ".env" / "bin" / "python").read_text() == "python"
    assert called == [[str(tmp_path / ".env/bin/python"), str(tmp_path / ".env/bin/conda-unpack")]]


def test_the_index_names_files_beside_it(kept):
    package = bundle_debian.read_stanza(STANZA)
    assert package.pin == "zlib1g=1:1.2.13.dfsg-1"
    assert package.path == offline.DEBIAN / "zlib1g_1%3a1.2.13.dfsg-1_amd64.deb"  # as apt-get download names it
    assert package.file == "zlib1g_1.2.13.dfsg-1_amd64.deb"
    assert "\nFilename: ./zlib1g_1.2.13.dfsg-1_amd64.deb\n" in package.stanza


def test_where_apt_cannot_fetch_the_packages_are_listed_with_the_reason(kept, monkeypatch):
    def run(command, folder=None):
        if command[0] == "dpkg-query":
            return "bwa 0.7.17-7\nother 1\n"
        if "--simulate" in command and is_apt_there:
            return (
                "Inst libc6 (2.36 Debian:12/stable [amd64])\nInst bwa (0.7 Debian:12/stable [amd64])\nConf bwa (0.7)\n"
            )
        raise GmsError("no network")

    monkeypatch.setattr(bundle_debian, "output", run)
    text = "dependencies:\n  - bwa=0.7.17\n"
    is_apt_there = True
    entries, words = bundle_debian.packages(text, with_files=True)
    assert entries == {bundle_debian.LIST: Entry(b"bwa\t0.7\nlibc6\t2.36\n")}
    assert words == "2, only listed: apt could not fetch them: no network"
    assert bundle_debian.packages(text, with_files=False) == (entries, "2, only listed")
    is_apt_there = False
    entries, words = bundle_debian.packages(text, with_files=True)
    assert entries == {bundle_debian.LIST: Entry(b"bwa\t0.7.17-7\npython3-venv\t\n")}
    assert words.startswith("2, only listed, because apt cannot resolve")


def test_references_are_packed_with_indices_and_nothing_else_of_the_run(tmp_path):
    for name in ("genome.fa", "genome.fa.fai", "genome.fa.bwt", "pop.vcf.gz", "pop.vcf.gz.tbi", "p.bed", "samples.tsv"):
        (tmp_path / name).touch()
    config = tmp_path / "run.yaml"
    config.write_text(
        "samples: samples.tsv\nreference: {name: GRCh38, fasta: genome.fa, population: pop.vcf.gz, genes: null}\n"
        "assays: {panel_solid: {targets: p.bed, min_depth: 3}}\nsharing: sharing.yaml\n"
    )
    entries = bundle_references.references(config)
    assert sorted(entries) == [
        "references/fasta/genome.fa",
        "references/fasta/genome.fa.bwt",
        "references/fasta/genome.fa.fai",
        "references/panel_solid/targets/p.bed",
        "references/population/pop.vcf.gz",
        "references/population/pop.vcf.gz.tbi",
        "references/reference.yaml",
    ]
    assert bundle_references.yaml.safe_load(entries["references/reference.yaml"].content) == {
        "reference": {"name": "GRCh38", "fasta": "fasta/genome.fa", "population": "population/pop.vcf.gz"},
        "assays": {"panel_solid": {"targets": "panel_solid/targets/p.bed"}},
    }


def test_every_part_of_a_reference_is_packed(tmp_path):
    parts = load_schema("config")["properties"]["reference"]["properties"].keys() - {"name"}
    for name in (*parts, "fasta.alt"):
        (tmp_path / name).touch()
    (tmp_path / "run.yaml").write_text(f"reference: {json.dumps({name: name for name in parts})}\n")
    entries = bundle_references.references(tmp_path / "run.yaml")
    packed = [f"references/{name}/{name}" for name in parts]
    assert sorted(entries) == sorted([*packed, "references/fasta/fasta.alt", "references/reference.yaml"])


def test_absent_references_are_told_all_at_once(tmp_path):
    config = tmp_path / "run.yaml"
    config.write_text("reference:\n  name: x\n  fasta: a.fa\n  genes: b.gff\n")
    with pytest.raises(Problems, match="line 3: reference.fasta 'a.fa'.*\n.*line 4: reference.genes 'b.gff'"):
        bundle_references.references(config)
    config.write_text("samples: x\n")
    with pytest.raises(Problems, match="reference.fasta is not set"):
        bundle_references.references(config)


def test_assays_outside_the_clone_are_packed_with_the_files_they_name(tmp_path):
    own = tmp_path / "site" / "assays"
    (own / "filters").mkdir(parents=True)
    (own / "own.yaml").write_text("title: Own\ntargets: beds/p.bed\ngenes: null\nschemes: {a: a.bed}\n")
    (own / "beds").mkdir()
    for name in ("filters/own.yaml", "beds/p.bed", "beds/p.bed.tbi", "a.bed", "keys.pem", "notes.txt"):
        (own / name).touch()
    (tmp_path / "genome.fa").touch()
    config = tmp_path / "run.yaml"
    config.write_text("reference: {fasta: genome.fa}\nassay_folders: [site/assays]\n")
    entries = bundle_references.references(config)
    packed = {name.removeprefix("references/assay_folders/1/") for name in entries if "assay_folders" in name}
    assert packed == {"own.yaml", "filters/own.yaml", "beds/p.bed", "beds/p.bed.tbi", "a.bed"}
    lines = bundle_references.yaml.safe_load(entries["references/reference.yaml"].content)
    assert lines["assay_folders"] == ["assay_folders/1"]


@pytest.mark.parametrize("written", ["../p.bed", "/etc/passwd", "missing.bed"])
def test_an_assay_whose_files_are_elsewhere_is_not_packed(tmp_path, written):
    own = tmp_path / "assays"
    own.mkdir()
    (own / "own.yaml").write_text(f"targets: {written}\n")
    for name in ("genome.fa", "p.bed"):
        (tmp_path / name).touch()
    config = tmp_path / "run.yaml"
    config.write_text("reference: {fasta: genome.fa}\nassay_folders: [assays, nowhere]\n")
    with pytest.raises(Problems, match=f"'{written}' is not a file in .*\n.*\n.*is not a folder of assays"):
        bundle_references.references(config)
