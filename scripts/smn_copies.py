"""Copies of SMN1 and SMN2 of a sample."""

from pathlib import Path

from gms.base.json_tables import write_json
from gms.base.rule_log import rule_job
from gms.biomarkers.smn import smn_document

with rule_job(snakemake):
    files = (Path(snakemake.input[name]) for name in ("cram", "fasta", "sites"))
    found = smn_document(snakemake.wildcards.sample, *files)
    write_json(snakemake.output[0], found)
