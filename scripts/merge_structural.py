"""Structural variants of all callers of a case: one record per event, its reads counted in every sample."""

from pathlib import Path

from gms.base.json_tables import read_json, write_json
from gms.base.rule_log import rule_job
from gms.genome.vcf import write_vcf
from gms.variants.structural.cases import Sample, call_events

with rule_job(snakemake):
    inputs, params = snakemake.input, snakemake.params
    measured = [read_json(path)["metrics"].get("sex_inferred") for path in inputs.quality]
    sexes = [
        found if found in ("female", "male") else sex for found, (_, sex) in zip(measured, params.samples, strict=True)
    ]
    samples = [Sample(name, sex) for (name, _), sex in zip(params.samples, sexes, strict=True)]
    calls = dict(zip(params.callers, map(Path, inputs.calls), strict=True))
    lines, facts = call_events(Path(inputs.fasta), calls, [Path(path) for path in inputs.crams], samples)
    write_vcf(lines, Path(snakemake.output.vcf))
    write_json(snakemake.output.facts, {"case": snakemake.wildcards.case, **facts})
