"""One caller's alleles of a case, in the contract that all callers share."""

from pathlib import Path

from gms.base.rule_log import rule_job
from gms.genome.scatter_intervals import SHARD_SIZE
from gms.genome.vcf import write_vcf
from gms.variants.small.calls import call_variants

with rule_job(snakemake):
    lines = call_variants(
        command=snakemake.params.command,
        fasta=Path(snakemake.input.fasta),
        targets=Path(snakemake.input.targets) if snakemake.input.get("targets") else None,
        samples=snakemake.params.samples,
        min_fraction=snakemake.params.min_fraction,
        jobs=snakemake.threads,
        shard_size=SHARD_SIZE,
        caller=snakemake.rule.removeprefix("call_"),
    )
    write_vcf(lines, Path(snakemake.output.vcf))
