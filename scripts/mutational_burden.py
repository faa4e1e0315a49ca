"""Tumour mutational burden of a case."""

from pathlib import Path

from gms.base.json_tables import read_json, write_json
from gms.base.rule_log import rule_job
from gms.biomarkers.basis import basis_of
from gms.biomarkers.mutational_burden import burden_document
from gms.filtering.policy import load_policy

with rule_job(snakemake):
    inputs = snakemake.input
    policy, samples = load_policy(Path(inputs.policy)), [read_json(path) for path in inputs.samples]
    roles, quality = snakemake.params.roles, samples[0]
    measured = read_json(inputs.purity) if inputs.purity else None
    basis = basis_of(read_json(inputs.case), samples, snakemake.params.purity, measured)
    found = burden_document(Path(inputs.vcf), policy, roles, quality, read_json(inputs.limits), basis)
    write_json(snakemake.output[0], found)
