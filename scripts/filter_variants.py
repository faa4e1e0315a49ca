"""Rule filter_variants: annotated records -> every record with its reasons, and the reported subset."""

from gms.base.rule_log import rule_job
from gms.filtering.apply import filter_job

with rule_job(snakemake):
    filter_job(snakemake.input, snakemake.output, snakemake.params.roles, consented=snakemake.params.consented)
