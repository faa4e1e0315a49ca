"""Alleles, consensus and checks of one viral sample."""

from pathlib import Path

from gms.base.json_tables import write_json
from gms.base.rule_log import rule_job
from gms.viral.checks.sample import ViralSample, examine

with rule_job(snakemake):
    inputs, params, output = snakemake.input, snakemake.params, snakemake.output
    sample = ViralSample(
        facts=params.sample,
        rules=params.rules,
        schemes=params.schemes,
        bam=Path(inputs.bam),
        clipped=Path(inputs.clipped),
        folder=Path(inputs.genome).parent,
    )
    write_json(output.qc, examine(sample, Path(output.vcf), Path(output.fasta)))
