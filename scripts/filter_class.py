"""Annotated records of a class of variants -> every record with its reasons, and the reported subset."""

from pathlib import Path

from gms.base.rule_log import rule_job
from gms.filtering.apply import filter_job
from gms.filtering.other_class import partners_of_small
from gms.filtering.pairs import NOWHERE

with rule_job(snakemake):
    inputs, roles = snakemake.input, snakemake.params.roles
    elsewhere = partners_of_small(Path(inputs.small)) if inputs.small else NOWHERE
    filter_job(inputs, snakemake.output, roles, snakemake.wildcards.variants, elsewhere=elsewhere)
