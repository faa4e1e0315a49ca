"""Genome, genes and primer schemes of a virus as the tools need them."""

from pathlib import Path

from gms.base.rule_log import rule_job
from gms.viral.chain.reference import write_reference

with rule_job(snakemake):
    given = snakemake.params.given
    folder = Path(snakemake.output[0]).parent
    schemes = {name: Path(path) for name, path in given["schemes"].items()}
    write_reference(Path(given["genome"]), given["genes"] and Path(given["genes"]), schemes, given["aliases"], folder)
