"""Data sets with known truth: what lies in a folder, and the workflow run on it.

A set has reference.fa, FASTQ files (reads_R1/R2; tumour_* and normal_*; child_*, father_*, mother_*), a truth, a BED.
"""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from gms.base.errors import GmsError
from gms.base.project import PROJECT

DATA = PROJECT.parent / "shared" / "data"
WORK = PROJECT / "results" / "benchmark"
PREFIXES = ("germline-", "mtdna-", "somatic-tn-")
SIMULATED = "SIMULATED.txt"  # says how its reads were made
CASE = "C1"


class DataSet(NamedTuple):
    """One set; `members` are role and stem of the FASTQ files, `kind` is germline, trio or pair."""

    name: str
    folder: Path
    kind: str
    members: dict[str, str]

    @property
    def truth(self) -> Path:
        """The truth VCF."""
        return first(self.folder, "truth.somatic.vcf.gz", "truth.vcf.gz", "truth.vcf")

    @property
    def bed(self) -> Path | None:
        """Where calls are compared."""
        return first(self.folder, "confident.bed", "callable.bed")

    @property
    def assay(self) -> str:
        """The assay it is run with."""
        return "wgs_cancer" if self.kind == "pair" else "wgs_rare"

    @property
    def origin(self) -> str:
        """real, mixed in silico, or simulated."""
        return "simulated" if (self.folder / SIMULATED).exists() else "mixed" if "-mix" in self.name else "real"


class NoDataSet(GmsError):
    """A folder that does not hold what is needed to compare with a truth."""


class RunFailed(GmsError):
    """The workflow ended with an error."""


def first(folder: Path, *names: str) -> Path | None:
    """The first of these files that is there."""
    return next((folder / name for name in names if (folder / name).exists()), None)


def find_sets(data: Path) -> list[DataSet]:
    """The germline, trio and tumour/normal sets of a folder. Raises NoDataSet."""
    folders = sorted(path for path in data.glob("*") if path.name.startswith(PREFIXES)) if data.is_dir() else []
    if not folders:
        names = ", ".join(f"{prefix}*" for prefix in PREFIXES)
        raise NoDataSet(f"{data} holds no data sets ({names}); the data lies outside the repository: give --data DIR")
    return [read_set(folder) for folder in folders]


def read_set(folder: Path) -> DataSet:
    """The set in a folder. Raises NoDataSet, naming what is missing."""
    folder = folder.resolve()
    stems = {path.name.removesuffix("_R1.fastq.gz") for path in folder.glob("*_R1.fastq.gz")}
    if {"tumour", "normal"} <= stems:
        kind, members = "pair", {"tumor": "tumour", "normal": "normal"}
    elif family := {role: stem for role in ("child", "mother", "father") for stem in stems if stem.startswith(role)}:
        kind, members = "trio", {"proband" if role == "child" else role: stem for role, stem in family.items()}
    else:
        kind, members = "germline", {"proband": "reads"}
    found = DataSet(folder.name, folder, kind, members)
    wanted = ["reference.fa", *(f"{stem}_R{mate}.fastq.gz" for stem in members.values() for mate in (1, 2))]
    missing = [name for name in wanted if not (folder / name).exists()]
    missing += [] if found.truth else ["truth.vcf.gz"]
    if missing:
        raise NoDataSet(f"{folder} is not a data set with truth: {', '.join(missing)} is missing")
    return found


def prepare(dataset: DataSet, work: Path, with_gatk: bool = False) -> Path:
    """Write sheet and config of a set into `work`; returns the config file. The reference is linked, so that its
    indices are made in the results folder. `with_gatk`: its caller of small variants is asked as well."""
    work.mkdir(parents=True, exist_ok=True)
    rows = ["case\tsample\trole\tassay\tfastq_1\tfastq_2"]
    for role, stem in dataset.members.items():
        reads = "\t".join(f"{dataset.folder}/{stem}_R{mate}.fastq.gz" for mate in (1, 2))
        rows.append(f"{CASE}\t{CASE}-{role}\t{role}\t{dataset.assay}\t{reads}")
    write_if_changed(work / "samples.tsv", "\n".join(rows) + "\n")
    reference = work / "reference.fa"
    reference.unlink(missing_ok=True)
    reference.symlink_to(dataset.folder / "reference.fa")
    config = f"samples: samples.tsv\nresults: results\nreference:\n  name: {dataset.name}\n  fasta: reference.fa\n"
    if with_gatk:
        caller = "mutect2" if dataset.kind == "pair" else "haplotypecaller"
        config += f"assays: {{{dataset.assay}: {{callers: [bcftools, freebayes, {caller}]}}}}\n"
    write_if_changed(work / "run.yaml", config)
    return work / "run.yaml"


def write_if_changed(path: Path, text: str) -> None:
    """Keep the file's time where nothing changed, so that nothing is run again for it."""
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def run_workflow(configfile: Path, cores: int, options: Iterable[str] = ()) -> Path:
    """Run the workflow with the local profile; returns the results folder. Raises RunFailed."""
    command = [sys.executable, str(PROJECT / "gms"), "run", "--profile", "local", "--configfile", str(configfile)]
    command += ["--cores", str(cores), *options]
    log = configfile.with_name("run.log")
    with open(log, "w") as out:
        code = subprocess.run(command, cwd=PROJECT, stdout=out, stderr=subprocess.STDOUT).returncode
    if code:
        raise RunFailed(f"the run of {configfile} failed; the end of {log}:\n{log.read_text()[-1500:]}")
    return configfile.parent / "results"
