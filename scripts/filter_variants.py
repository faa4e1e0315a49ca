"""Rule filter_variants: annotated records -> every record with its reasons, and the reported subset."""

from pathlib import Path

from gms.base.rule_log import rule_job
from gms.filtering.apply import filter_job
from gms.filtering.other_class import structural_halves
from gms.filtering.pairs import NOWHERE

with rule_job(snakemake):
    inputs, params = snakemake.input, snakemake.params
    elsewhere = NOWHERE
    if inputs.structural:
        genes = Path(inputs.genes) if inputs.genes else None
        elsewhere = structural_halves(Path(inputs.structural), Path(inputs.structural_policy), params.roles, genes)
    filter_job(inputs, snakemake.output, params.roles, consented=params.consented, elsewhere=elsewhere)
