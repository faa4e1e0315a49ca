"""STAR's index of the genome with the junctions of its gene models."""

from pathlib import Path
from tempfile import TemporaryDirectory

from gms.alignment.star import make_index
from gms.base.rule_log import logged

with (
    logged(snakemake.log[0]),
    TemporaryDirectory(dir=snakemake.resources.tmpdir) as work,
    open(snakemake.log[0], "a") as log,
):
    folder, genes = Path(snakemake.output[0]).parent, Path(snakemake.input.genes)
    limit = snakemake.resources.mem_mb
    make_index(snakemake.input.fasta, genes, folder, Path(work), snakemake.threads, limit, log)
