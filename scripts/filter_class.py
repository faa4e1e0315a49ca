"""Annotated records of a class of variants -> every record with its reasons, and the reported subset."""

from pathlib import Path
from tempfile import TemporaryDirectory

from gms.base.rule_log import rule_job
from gms.filtering.apply import filter_job
from gms.filtering.other_class import large_files, large_halves, partners_of_small
from gms.filtering.pairs import NOWHERE
from gms.tumor_genome.measured_copies import at_measured_purity

with rule_job(snakemake):
    inputs, params, variants = snakemake.input, snakemake.params, snakemake.wildcards.variants
    roles, elsewhere = params.roles, NOWHERE
    if inputs.small:
        genes = Path(inputs.genes) if inputs.genes else None
        elsewhere = large_halves(large_files(inputs, params), roles, genes, but=variants)
        elsewhere = elsewhere._replace(partners=partners_of_small(Path(inputs.small)).partners)
    with TemporaryDirectory(dir=snakemake.resources.tmpdir) as work:
        purity = Path(inputs.purity) if inputs.purity else None
        annotated = at_measured_purity(Path(inputs.vcf), purity, Path(work))
        filter_job(inputs, snakemake.output, roles, variants, params.consented, elsewhere, annotated)
