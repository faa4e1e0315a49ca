"""Repeats of the catalogue in a case, and what the reads show of each of them."""

from pathlib import Path

from gms.base.json_tables import read_json, write_json
from gms.base.rule_log import rule_job
from gms.genome.vcf import write_vcf
from gms.variants.repeats.calls import Sample, call_repeats

with rule_job(snakemake):
    inputs = snakemake.input
    measured = [read_json(path)["metrics"].get("sex_inferred") for path in inputs.quality]
    sexes = [
        found if found in ("female", "male") else sex
        for found, (_, sex) in zip(measured, snakemake.params.samples, strict=True)
    ]
    samples = [Sample(name, sex) for (name, _), sex in zip(snakemake.params.samples, sexes, strict=True)]
    lines, facts = call_repeats(
        Path(inputs.fasta), Path(inputs.catalogue), [Path(path) for path in inputs.crams], samples
    )
    write_vcf(lines, Path(snakemake.output.vcf))
    write_json(snakemake.output.facts, {"case": snakemake.wildcards.case, **facts})
