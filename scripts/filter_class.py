"""Annotated records of a class of variants -> every record with its reasons, and the reported subset."""

from pathlib import Path

from gms.base.rule_log import rule_job
from gms.filtering.apply import filter_vcf
from gms.filtering.policy import load_policy
from gms.genome.vcf import check_records

with rule_job(snakemake):
    counts = filter_vcf(
        annotated=Path(snakemake.input.vcf),
        policy=load_policy(Path(snakemake.input.policy), snakemake.wildcards.variants),
        filtered=Path(snakemake.output.vcf),
        reported=Path(snakemake.output.reported),
        roles=snakemake.params.roles,
        genes=snakemake.input.get("genes") or None,
    )
    print(f"{counts['records']} records, {counts['reported']} reported")
    check_records(Path(snakemake.input.vcf), Path(snakemake.output.vcf))
