"""Microsatellite instability of a case."""

from pathlib import Path

from gms.base.json_tables import read_json, write_json
from gms.base.rule_log import rule_job
from gms.biomarkers.microsatellites import microsatellite_document

with rule_job(snakemake):
    inputs = snakemake.input
    found = microsatellite_document(
        [Path(cram) for cram in inputs.crams],
        Path(inputs.fasta),
        Path(inputs.baseline),
        read_json(inputs.quality),
        snakemake.params.purity,
    )
    write_json(snakemake.output[0], found)
