"""base/results.py describes the files that the rules make: compared with a dry-run of every assay, export included."""

import re
from collections import defaultdict
from functools import cache

import pytest
import yaml

import forked_snakemake
from gms.base import results
from gms.base.project import PROJECT
from gms.documentation.results_tree import listing

RULE = re.compile(r"^ *(?:local)?rule (\w+):$", re.MULTILINE)  # jobs of a group are indented
FIELD = re.compile(r"^ +(input|output): (.*)$", re.MULTILINE)
NAME = r"[A-Za-z0-9_-]+"
STORE = {"endpoint": "https://s3.example.org", "bucket": "gms", "joint": True}


@pytest.fixture(scope="module")
def jobs(configfile):
    """(rule, paths read, paths made) of each job of a run of everything."""
    config = yaml.safe_load(configfile.read_text())
    config["reference"]["genes"] = "genes.gff3.gz"
    config["assays"]["panel_solid"] = config["assays"].get("panel_solid", {}) | {
        "msi": "msi.tsv",
        "copy_number": "copies.tsv",
    }
    callers = ["bcftools", "freebayes", "haplotypecaller"]
    config["assays"]["wgs_rare"] = {"aligner": "bwa-mem2", "callers": callers}
    config["assays"]["sarscov2"] = {"pangolin": "run", "nextclade": "run", "laboratory": "laboratory.tsv"}
    config |= {"sharing": "sharing.yaml", "export": {"s3": STORE}}
    config["results"] = "everything"
    config["trials"] = {"definitions": [str(PROJECT / "resources" / "trials")]}
    path = configfile.with_name("everything.yaml")
    path.write_text(yaml.safe_dump(config))
    approval = path.with_name("everything") / results.named("approval").at(case="wgs-rare")
    approval.parent.mkdir(parents=True, exist_ok=True)
    approval.write_text("{}")
    command = ["snakemake", "--snakefile", "workflow/Snakefile", "--dry-run", "--forceall"]
    command += ["--profile", "profiles/base", "--profile", "profiles/ci", "--configfile", str(path)]
    run = forked_snakemake.planned(command)
    assert run.returncode == 0, run.stdout
    _, *parts = RULE.split(run.stdout)
    return [(rule, *_paths(text)) for rule, text in zip(parts[::2], parts[1::2], strict=True)]


def _paths(text: str) -> tuple[list[str], list[str]]:
    fields = dict(FIELD.findall(text.split("\n\n")[0]))
    return tuple(fields[key].split(", ") if key in fields else [] for key in ("input", "output"))


@cache
def _matches(file: results.ResultFile, path: str) -> bool:
    pattern = re.sub(r"\\\{\w+\\\}", NAME, re.escape(file.path))
    if file.path.endswith("/"):
        return re.match(pattern, path) is not None
    return re.fullmatch(f"{pattern}({'|'.join(map(re.escape, ('', *file.index)))})", path) is not None


@cache
def _rows(path: str, rule: str | None = None) -> set[str]:
    """Names of the table's rows that a path is of; of several the most literal: report/multiqc.html is of no case."""
    found = [file for file in results.FILES if _matches(file, path) and rule in (None, _rule(file, path))]
    literal = min((file.path.count("{") for file in found), default=0)
    return {file.name for file in found if file.path.count("{") == literal}


def _rule(file: results.ResultFile, path: str) -> str:
    return file.rule.format(caller=path.split("/")[-2]) if "{caller}" in file.rule else file.rule


def test_every_output_of_a_rule_is_in_the_table(jobs):
    assert [(rule, path) for rule, _, made in jobs for path in made if not _rows(path, rule)] == []


def test_every_file_of_the_table_is_made_by_its_rule(jobs):
    made = {name for rule, _, paths in jobs for path in paths for name in _rows(path, rule)}
    assert {file.name for file in results.FILES if file.rule and file.is_planned} - made == set()


def test_indices_are_made_with_their_files(jobs):
    made = {path for _, _, paths in jobs for path in paths}
    for file in results.FILES:
        paths = [path for path in made if re.fullmatch(re.sub(r"\\\{\w+\\\}", NAME, re.escape(file.path)), path)]
        assert all(f"{path}{ending}" in made for path in paths for ending in file.index), file.name


def test_files_are_made_from_what_the_table_says(jobs):
    read = defaultdict(set)
    for rule, paths, made in jobs:
        kind = next((file.rule for path in made for file in results.FILES if file.name in _rows(path, rule)), rule)
        read[kind] |= {name for path in paths for name in _rows(path)}
    said = defaultdict(set)
    for file in results.FILES:
        said[file.rule] |= {name for name in file.made_from if results.named(name).rule != file.rule}
    assert {rule: read[rule] for rule in said if rule} == {rule: names for rule, names in said.items() if rule}


def test_targets_of_the_table_are_those_of_the_snakefile():
    text = (PROJECT / "workflow" / "Snakefile").read_text()
    asked = {name for path in re.findall(r'"([^"]+)"', text.split("rule all:")[1]) for name in _rows(_example(path))}
    assert asked == {file.name for file in results.FILES if file.is_target}


def _example(pattern: str) -> str:
    return re.sub(r"\{\w+\}", "x", pattern)


def test_files_are_in_the_order_of_a_run():
    known = set()
    for file in results.FILES:
        assert set(file.made_from) <= known, file.name
        known.add(file.name)
    rules = list(dict.fromkeys(file.rule for file in results.FILES if file.rule))
    for rule in rules:  # ./gms status adds up the time of chains of rules
        assert set(results.needs(rule)) <= set(rules[: rules.index(rule)]), rule


def test_the_readme_lists_the_tree():
    text = (PROJECT / "README.md").read_text()
    block = text.split("## Where the results are")[1].split("```")[1].strip()
    assert block == "\n".join(listing())
