"""One record per allele of a case, whichever caller proposed it, with the evidence of every sample."""

from pathlib import Path

from gms.base.rule_log import rule_job
from gms.genome.gff3 import read_coding
from gms.genome.kept_alleles import Agreement, require_all_alleles
from gms.genome.scatter_intervals import SHARD_SIZE
from gms.genome.vcf import write_vcf
from gms.variants.small.merge_callers import Job, merge_calls

with rule_job(snakemake):
    job = Job(
        calls=dict(zip(snakemake.params.callers, snakemake.input.calls, strict=True)),
        alignments=list(snakemake.input.crams),
        fasta=snakemake.input.fasta,
        roles=snakemake.params.roles,
        somatic=snakemake.params.somatic,
        amplicon=snakemake.params.amplicon,
        coding=read_coding(snakemake.input.coding) if snakemake.input.get("coding") else {},
    )
    targets = Path(snakemake.input.targets) if snakemake.input.get("targets") else None
    lines = merge_calls(job, snakemake.params.samples, targets, SHARD_SIZE, snakemake.threads)
    agreement = Agreement(job.calls)
    write_vcf(agreement.counting(lines), Path(snakemake.output.vcf))
    agreement.require()
    count = require_all_alleles(list(map(Path, snakemake.input.calls)), Path(snakemake.output.vcf))
    print(f"{count} alleles of {' and '.join(snakemake.params.callers)}, all of them merged")
