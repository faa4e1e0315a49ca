"""Tumour mutational burden of a case."""

from pathlib import Path

from gms.base.json_tables import read_json, write_json
from gms.base.rule_log import rule_job
from gms.biomarkers.basis import read_basis
from gms.biomarkers.mutational_burden import burden_document
from gms.filtering.policy import load_policy

with rule_job(snakemake):
    inputs = snakemake.input
    policy, roles = load_policy(Path(inputs.policy)), snakemake.params.roles
    quality, basis = read_basis(inputs.case, inputs.samples, snakemake.params.purity, inputs.purity)
    found = burden_document(Path(inputs.vcf), policy, roles, quality, read_json(inputs.limits), basis)
    write_json(snakemake.output[0], found)
