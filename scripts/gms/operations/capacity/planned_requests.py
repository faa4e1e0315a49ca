"""What the rules would ask for, of inputs of any size: a plan over files that are empty space."""

import re
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import yaml

from gms.base.errors import GmsError
from gms.base.project import PROJECT, quick_start

RULE = re.compile(r"^ *(?:local)?rule (\w+):$", re.MULTILINE)  # jobs of a group are indented
THREADS = "16"


class NoPlan(GmsError):
    """The plan could not be made."""


def requests(
    genome: float, reads: float, assay: str = "wgs_rare", roles: Sequence[str] = ("proband",), threads: str = THREADS
) -> dict[str, tuple[int, int]]:
    """Rule: the most MB and minutes asked for a case with a genome of `genome` MB and `reads` MB of FASTQ per sample,
    on `threads` cores. Raises NoPlan."""
    with tempfile.TemporaryDirectory() as folder:
        configfile = write_case(Path(folder), genome, reads, assay, roles)
        command = ["snakemake", "--snakefile", "workflow/Snakefile", "--dry-run"]
        command += ["--profile", "profiles/base", "--profile", "profiles/local", "--cores", threads]
        command += ["--configfile", str(configfile)]
        output = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        done = subprocess.run(quick_start(command), cwd=PROJECT, **output)
    if done.returncode:
        raise NoPlan(f"no plan could be made:\n{done.stdout[-1500:]}")
    return read_requests(done.stdout)


def write_case(folder: Path, genome: float, reads: float, assay: str, roles: Sequence[str]) -> Path:
    """Sheet, config and files without content; returns the config."""
    rows = ["case\tsample\trole\tassay\tfastq_1\tfastq_2"]
    sizes = {"genome.fa": genome}
    for role in roles:
        files = [f"{role}_R{mate}.fastq.gz" for mate in (1, 2)]
        sizes |= dict.fromkeys(files, reads / 2)
        rows.append("\t".join(["C1", f"S-{role}", role, assay, *files]))
    for name, size in sizes.items():
        with open(folder / name, "wb") as file:
            file.truncate(int(size * 1e6))
    (folder / "samples.tsv").write_text("\n".join(rows) + "\n")
    config = {"samples": "samples.tsv", "results": "results", "reference": {"name": "G", "fasta": "genome.fa"}}
    config["assays"] = {assay: {"targets": "panel.bed"}} if assay.startswith("panel") else {}
    (folder / "run.yaml").write_text(yaml.safe_dump(config))
    return folder / "run.yaml"


def read_requests(output: str) -> dict[str, tuple[int, int]]:
    """Rule: the most MB and minutes of its jobs, from a dry-run's output."""
    found: dict[str, tuple[int, int]] = {}
    _, *parts = RULE.split(output)
    for rule, text in zip(parts[::2], parts[1::2], strict=True):
        asked = [re.search(rf"\b{name}=(\d+)", text) for name in ("mem_mb", "runtime")]
        if all(asked):
            amounts = tuple(int(match[1]) for match in asked)
            found[rule] = max(amounts, found.get(rule, (0, 0)))
    return found
