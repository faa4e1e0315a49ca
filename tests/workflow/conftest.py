"""A run of every assay that can be planned, shared by the tests of this folder."""

import pytest
import yaml

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


@pytest.fixture(scope="session")
def configfile(tmp_path_factory):
    """A config and a sheet with a case of each assay; neither FASTQ files nor a reference exist."""
    folder = tmp_path_factory.mktemp("plan")
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
