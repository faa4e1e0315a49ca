"""A run of every assay that can be planned, and its plan under a profile."""

import subprocess
from pathlib import Path

import yaml

import forked_snakemake
from gms.commands import run
from gms.operations.run import launch

ASSAYS = ["panel_ctdna", "panel_myeloid", "panel_rna", "panel_solid", "wgs_cancer", "wgs_rare"]
VIRUSES = ["sarscov2"]
MONITORING = "residual_disease"
# A profile of each way to run jobs: on one machine, by Slurm and by Grid Engine, in containers or not.
WAYS = ["local", "stockholm", "bianca", "gothenburg", "ngpc"]
ROLES = {
    "wgs_rare": ["proband", "mother", "father"],
    "wgs_cancer": ["tumor", "normal"],
    "panel_solid": ["tumor"],
    "panel_myeloid": ["tumor"],
    "panel_ctdna": ["tumor"],
    "panel_rna": ["tumor"],
    "sarscov2": ["isolate"],
    "residual_disease": ["plasma"],
}
UMI = {"panel_ctdna": "3M2S+T,3M2S+T"}
SEX = {"mother": "female", "father": "male"}


def write_run(folder: Path) -> Path:
    """A config and a sheet with a case of each assay; neither FASTQ files nor a reference exist. Returns the config."""
    rows = ["case\tsample\trole\tassay\tfastq_1\tfastq_2\tsex\tvcf\tumi"]
    for assay, roles in ROLES.items():
        case = assay.replace("_", "-")
        for role in roles:
            sample = f"{case}-{role}"
            fields = [case, sample, role, assay, f"{sample}_R1.fastq.gz", f"{sample}_R2.fastq.gz"]
            fields += [SEX.get(role, ""), "", UMI.get(assay, "")]
            rows.append("\t".join(fields))
    rows.append("from-vcf\tfrom-vcf-proband\tproband\twgs_rare\t\t\t\tcalls.vcf.gz")
    (folder / "samples.tsv").write_text("\n".join(rows) + "\n")
    config = {"samples": "samples.tsv", "results": "results", "reference": {"name": "GRCh38", "fasta": "genome.fa"}}
    config["assays"] = {assay: {"targets": "panel.bed"} for assay in ROLES if assay.startswith("panel_")}
    config["residual_disease"] = "monitoring.yaml"
    points = [{"sample": "residual-disease-plasma", "drawn": "2026-01-01"}]
    patients = [{"id": "residual-disease", "variants": "loci.tsv", "time_points": points}]
    (folder / "monitoring.yaml").write_text(yaml.safe_dump({"patients": patients}))
    (folder / "run.yaml").write_text(yaml.safe_dump(config))
    return folder / "run.yaml"


def full_plan(name: str, configfile: Path) -> subprocess.CompletedProcess:
    """What ./gms run says of all jobs and their commands without running them."""
    words = ["--profile", name, "--configfile", str(configfile), "--dry-run", "--forceall", "--printshellcmds"]
    options, rest = run.run_parser().parse_known_args(words)
    return forked_snakemake.planned(launch.question_command(options, rest))


def require_every_assay(name: str, configfile: Path) -> None:
    """Fail unless a profile plans every assay."""
    done = full_plan(name, configfile)
    planned = done.stdout
    assert done.returncode == 0, planned
    for assay in ASSAYS:
        assert f"report/{assay.replace('_', '-')}.html" in planned
    for virus in VIRUSES:
        assert f"consensus/{virus}-isolate.fasta" in planned
    assert "residual_disease/residual-disease.html" in planned and "alignment/residual-disease-plasma.cram" in planned
