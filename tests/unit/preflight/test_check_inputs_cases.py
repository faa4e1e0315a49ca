"""Every folder in tests/cases/check_inputs: its files as a user would have them, and the message in expected.txt.

A case has what differs from `_default`. Endings say how the test packs a file: `.fastq` becomes `.fastq.gz`,
`X.cut` `X.gz` cut short, `X.gzip` and `X.bgzip` `X.gz`, `X.tabix` an indexed `X.gz`. An empty expected.txt: accepted.
"""

import gzip
import shutil
from pathlib import Path

import pysam
import pytest
import yaml

from gms.base import software
from gms.base.errors import GmsError
from gms.inputs.load_run import load_run
from gms.preflight import check_run
from gms.preflight.aligner_index import star_problems
from gms.preflight.check_run import check_inputs

CASES = Path(__file__).parents[2] / "cases" / "check_inputs"
PROJECT = CASES / "_project"
NUMBERS = ("1212121212", "121212-1212", "191212121212", "19121212+1212", "701063-2391")


def lay_out(case: Path, folder: Path) -> None:
    """Put the files of a case, over the default ones, into a folder."""
    for source in (CASES / "_default", case):
        for path in source.iterdir():
            pack(path, folder)


def pack(path: Path, folder: Path) -> None:
    target = folder / f"{path.stem}.gz"
    if path.suffix == ".fastq":
        (folder / f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
    elif path.suffix == ".gzip":
        target.write_bytes(gzip.compress(path.read_bytes()))
    elif path.suffix == ".cut":
        target.write_bytes(gzip.compress(path.read_bytes())[:-200])
    elif path.suffix in (".bgzip", ".tabix"):
        pysam.tabix_compress(str(path), str(target), force=True)
        if path.suffix == ".tabix":
            pysam.tabix_index(str(target), preset="vcf")
    else:
        shutil.copy(path, folder)


def message(folder: Path, in_containers: bool = False) -> str:
    """What a user in the folder reads."""
    configfile = Path("run.yaml")
    try:
        check_inputs(load_run(yaml.safe_load(configfile.read_text()), configfile, PROJECT), in_containers)
    except GmsError as error:
        return f"{error}\n".replace(str(folder), "<here>")
    return ""


@pytest.mark.parametrize("case", [path.name for path in sorted(CASES.iterdir()) if path.name[0] != "_"])
def test_message(case, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    lay_out(CASES / case, tmp_path)
    said = message(tmp_path)
    assert said == (CASES / case / "expected.txt").read_text()
    assert not any(number in said for number in NUMBERS)


@pytest.mark.parametrize("place", [None, "/opt/bwa-mem2"])
def test_an_aligner_that_is_not_installed(place, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(check_run.shutil, "which", lambda name: place)
    lay_out(CASES / "reference_without_index", tmp_path)
    with Path("run.yaml").open("a") as config:
        config.write("assays: {wgs_rare: {aligner: bwa-mem2}}\n")
    said = "" if place else "assay wgs_rare asks for bwa-mem2, which is not on PATH; install it, or write  assays: "
    assert bool(said) == bool(message(tmp_path)) and said in message(tmp_path)


@pytest.mark.parametrize(
    "version, has_genes, accepted, said",
    [
        ("2.7.10b", True, {}, []),
        (None, True, {}, ["is not installed;  ./gms setup --with star  installs it"]),
        ("2.7.11a", True, {}, ["tested with 2.7.10b"]),
        ("2.7.11a", True, {"star": "2.7.11a"}, []),
        (None, False, {}, ["is not installed", "needs gene models"]),
    ],
)
def test_what_keeps_rna_from_being_aligned(monkeypatch, version, has_genes, accepted, said):
    monkeypatch.setattr(software, "installed_version", lambda command, arguments: version)
    found = list(star_problems(has_genes, accepted))
    assert len(found) == len(said) and all(text in one for text, one in zip(said, found, strict=True))


@pytest.mark.parametrize("accepted, said", [("", True), ("other_tool_versions: {samtools: '1.19.2'}\n", False)])
def test_a_tool_of_another_version_is_refused_unless_accepted(tmp_path, monkeypatch, accepted, said):
    monkeypatch.chdir(tmp_path)
    lay_out(CASES / "_default", tmp_path)
    item = software.Found(software.Wanted("samtools", "1.16.1", "tool"), "1.19.2", "/opt/bin")
    monkeypatch.setattr(software, "differing", lambda environment, with_gatk: [item])
    with Path("run.yaml").open("a") as config:
        config.write(accepted)
    text = message(tmp_path)
    assert ("samtools has version 1.19.2, but this workflow is tested with 1.16.1" in text) == said
    assert said or text == ""


@pytest.mark.parametrize(
    "callers, version, in_containers, said",
    [
        ("[bcftools, haplotypecaller]", None, False, "is not installed or does not start; ./gms setup --with gatk  in"),
        ("[bcftools, haplotypecaller]", "4.6.2.0", False, ""),
        ("[bcftools, haplotypecaller]", "4.6.2.0", True, "is not in the container image; run without containers"),
        (
            "[bcftools, haplotypecaller]",
            "4.5.0.0",
            False,
            "gatk4 has version 4.5.0.0, but this workflow is tested with",
        ),
        ("[bcftools]", None, False, ""),
    ],
)
def test_gatk_is_refused_before_a_run_where_it_is_not(tmp_path, monkeypatch, callers, version, in_containers, said):
    monkeypatch.chdir(tmp_path)
    lay_out(CASES / "reference_without_index", tmp_path)
    monkeypatch.setattr(
        software, "find", lambda item, *_: software.Found(item, version if item.name == "gatk4" else item.version, "")
    )
    with Path("run.yaml").open("a") as config:
        config.write(f"assays: {{wgs_rare: {{callers: {callers}}}}}\n")
    text = message(tmp_path, in_containers)
    assert said in text if said else text == "", text
    assert not said.startswith("is ") or "assay wgs_rare asks for haplotypecaller of GATK" in text
