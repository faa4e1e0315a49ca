"""One caller's alleles of a case, in the contract that all callers share."""

from collections import Counter
from pathlib import Path

from gms.base.rule_log import rule_job
from gms.genome.scatter_intervals import SHARD_SIZE
from gms.genome.vcf import record_count, write_vcf
from gms.variants.small.calls import call_variants, require_all

with rule_job(snakemake):
    caller, tally = snakemake.rule.removeprefix("call_"), Counter()
    lines = call_variants(
        command=snakemake.params.command,
        fasta=Path(snakemake.input.fasta),
        targets=Path(snakemake.input.targets) if snakemake.input.get("targets") else None,
        samples=snakemake.params.samples,
        min_fraction=snakemake.params.min_fraction,
        jobs=snakemake.threads,
        shard_size=SHARD_SIZE,
        caller=caller,
        tally=tally,
    )
    write_vcf(lines, Path(snakemake.output.vcf))
    print(require_all(tally, record_count(Path(snakemake.output.vcf)), caller))
