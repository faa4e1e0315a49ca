"""The workflow without ./gms: plain snakemake, as a module of another workflow, and as snakedeploy deploys it."""

import shutil
import subprocess
from pathlib import Path

import pytest

from forked_snakemake import planned
from gms.base.project import PROJECT
from gms.commands import run

PLAN = ["snakemake", "--cores", "1", "-n", "--config", "gmc=local"]
MODULE = """
configfile: "config/config.yaml"

module gms:
    snakefile: {snakefile}
    config: config

use rule * from gms
"""


def deployment(folder: Path, configfile: Path, snakefile: str) -> Path:
    """The layout of snakedeploy: workflow/Snakefile with a `module:`, and config/ next to it."""
    shutil.copytree(configfile.parent, folder / "config", ignore=shutil.ignore_patterns("results"))
    (folder / "config" / configfile.name).rename(folder / "config" / "config.yaml")
    (folder / "workflow").mkdir()
    (folder / "workflow" / "Snakefile").write_text(MODULE.format(snakefile=snakefile))
    return folder


@pytest.fixture(scope="module")
def hosted(tmp_path_factory):
    """Environment in which github.com/gms/gms is a local repository of this working tree, with the tag v1."""
    repository = tmp_path_factory.mktemp("hosted") / "gms"
    for name in ("workflow", "scripts", "config", "resources"):
        shutil.copytree(PROJECT / name, repository / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("environment.yml", "pyproject.toml"):
        shutil.copy(PROJECT / name, repository)
    git = ["git", "-C", str(repository), "-c", "user.name=n", "-c", "user.email=n@example.org"]
    for words in (["init", "-q"], ["add", "-f", "."], ["commit", "-qm", "x"], ["tag", "v1"]):
        subprocess.run([*git, *words], check=True)
    place = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": f"url.file://{repository}.insteadOf"}
    place |= {"GIT_CONFIG_VALUE_0": "https://github.com/gms/gms", "XDG_CACHE_HOME": str(repository.parent / "cache")}
    return place


def test_without_a_config_one_line_says_what_is_missing():
    done = planned(["snakemake", "--cores", "1", "-n"])
    assert done.returncode == 1
    assert [line for line in done.stdout.splitlines() if "error" in line.lower()] == done.stdout.splitlines()[-1:]
    assert "--configfile run.yaml" in done.stdout and "Traceback" not in done.stdout


def test_the_workflow_is_a_module_of_another(configfile, tmp_path):
    folder = deployment(tmp_path / "site", configfile, f'"{PROJECT}/workflow/Snakefile"')
    done = planned(PLAN, folder)
    assert done.returncode == 0 and "case_report" in done.stdout, done.stdout


def test_a_module_may_rename_and_change_rules(configfile, tmp_path):
    folder = deployment(tmp_path / "site", configfile, f'"{PROJECT}/workflow/Snakefile"')
    snakefile = folder / "workflow" / "Snakefile"
    text = snakefile.read_text().replace("from gms", "from gms as gms_*")
    snakefile.write_text(f"{text}\nuse rule align_reads from gms as gms_align_reads with:\n    threads: 3\n")
    done = planned(PLAN, folder)
    assert done.returncode == 0 and "gms_case_report" in done.stdout, done.stdout


def test_a_deployment_of_a_release_is_planned(configfile, tmp_path, hosted):
    folder = deployment(tmp_path / "site", configfile, 'github("gms/gms", path="workflow/Snakefile", tag="v1")')
    done = planned(PLAN, folder, **hosted)
    assert done.returncode == 0 and "case_report" in done.stdout, done.stdout


def test_scripts_of_a_deployment_find_their_modules(configfile, tmp_path, hosted):
    """contig_bases is the rule that needs least: an index of a reference."""
    folder = deployment(tmp_path / "site", configfile, 'github("gms/gms", path="workflow/Snakefile", tag="v1")')
    reference = folder / "config" / "results" / "reference"
    reference.mkdir(parents=True)
    (reference / "genome.fa").write_text(">chr1\nACGT\n")
    (reference / "genome.fa.fai").write_text("chr1\t4\t6\t4\t5\n")
    target = ["--allowed-rules", "contig_bases", "--", "qc/regions/contigs.tsv"]
    done = planned(["snakemake", "--cores", "1", "--config", "gmc=local", *target], folder, **hosted)
    assert done.returncode == 0 and (folder / "config" / "results" / target[-1]).exists(), done.stdout


def test_a_graph_is_all_that_standard_output_holds(configfile, capfd):
    """./gms run ... --rulegraph | dot"""
    assert run.main(["--profile", "local", "--configfile", str(configfile), "--rulegraph"]) == 0
    out, err = capfd.readouterr()
    assert out.startswith("digraph") and out.rstrip().endswith("}")
    assert "snakemake --snakefile" in err.splitlines()[0]
