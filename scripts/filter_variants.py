"""Rule filter_variants: annotated records -> every record with its reasons, and the reported subset."""

from pathlib import Path

from gms.base.rule_log import rule_job
from gms.filtering.apply import filter_job
from gms.filtering.other_class import large_files, large_halves

with rule_job(snakemake):
    inputs, params = snakemake.input, snakemake.params
    genes = Path(inputs.genes) if inputs.genes else None
    elsewhere = large_halves(large_files(inputs, params), params.roles, genes)
    filter_job(inputs, snakemake.output, params.roles, consented=params.consented, elsewhere=elsewhere)
