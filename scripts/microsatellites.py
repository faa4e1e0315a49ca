"""Microsatellite instability of a case."""

from pathlib import Path

from gms.base.json_tables import read_json, write_json
from gms.base.rule_log import rule_job
from gms.biomarkers.basis import basis_of
from gms.biomarkers.microsatellites import microsatellite_document

with rule_job(snakemake):
    inputs = snakemake.input
    samples = [read_json(path) for path in inputs.samples]
    measured = read_json(inputs.purity) if inputs.purity else None
    basis = basis_of(read_json(inputs.case), samples, snakemake.params.purity, measured)
    crams = [Path(cram) for cram in inputs.crams]
    found = microsatellite_document(samples[0]["sample"], crams, Path(inputs.fasta), Path(inputs.baseline), basis)
    write_json(snakemake.output[0], found)
