"""Microsatellite instability of a case."""

from pathlib import Path

from gms.base.json_tables import write_json
from gms.base.rule_log import rule_job
from gms.biomarkers.basis import read_basis
from gms.biomarkers.microsatellites import microsatellite_document

with rule_job(snakemake):
    inputs = snakemake.input
    quality, basis = read_basis(inputs.case, inputs.samples, snakemake.params.purity, inputs.purity)
    crams = [Path(cram) for cram in inputs.crams]
    found = microsatellite_document(quality["sample"], crams, Path(inputs.fasta), Path(inputs.baseline), basis)
    write_json(snakemake.output[0], found)
