"""Alleles and large deletions of the mitochondrial genome of a case, and how well it could be looked at."""

from pathlib import Path

from gms.base.json_tables import read_json, write_json
from gms.base.rule_log import rule_job
from gms.genome.vcf import write_vcf
from gms.variants.mitochondrial.calls import call_mitochondrion
from gms.variants.mitochondrial.sensitivity import Sample

with rule_job(snakemake):
    inputs, params = snakemake.input, snakemake.params
    depths = [read_json(path)["metrics"].get("coverage_median") for path in inputs.quality]
    samples = [Sample(*facts) for facts in zip(params.samples, params.roles, depths, strict=True)]
    lines, facts = call_mitochondrion(Path(inputs.fasta), [Path(path) for path in inputs.crams], samples)
    write_vcf(lines, Path(snakemake.output.vcf))
    write_json(snakemake.output.facts, {"case": snakemake.wildcards.case, **facts})
