"""Gene models of the reference, one line per transcript."""

from pathlib import Path

from gms.annotation.gene_models import write_gene_models
from gms.base.rule_log import logged

with logged(snakemake.log[0]) as log:
    count = write_gene_models(Path(snakemake.input.genes), Path(snakemake.output.transcripts))
