"""Structural variants of all callers of a case: one record per event, its reads counted in every sample."""

from pathlib import Path

from gms.base.json_tables import write_json
from gms.base.rule_log import rule_job
from gms.fusions.depths import expected_fusions
from gms.genome.vcf import write_vcf
from gms.qc.coverage import measured_by, measured_chromosomes
from gms.variants.insertions.calls import CALLER
from gms.variants.insertions.cases import Case, with_insertions
from gms.variants.structural.cases import Sample, call_events

with rule_job(snakemake):
    inputs, params = snakemake.input, snakemake.params
    names, stated = zip(*params.samples, strict=True)
    samples = list(map(Sample, names, measured_by(measured_chromosomes, stated, inputs.quality)))
    calls = dict(zip(params.callers, map(Path, inputs.calls), strict=True))
    insertions, crams = calls.get(CALLER), [Path(path) for path in inputs.crams]
    lines, facts = call_events(Path(inputs.fasta), calls, crams, samples, params.somatic)
    if insertions:
        lines, facts = with_insertions(lines, facts, insertions, Case(Path(inputs.fasta), crams, samples))
    if inputs.targets and inputs.transcripts:
        facts["fusions"] = expected_fusions(*map(Path, (inputs.transcripts[0], inputs.targets, crams[0], inputs.fasta)))
    write_vcf(lines, Path(snakemake.output.vcf))
    write_json(snakemake.output.facts, {"case": snakemake.wildcards.case, "panel": params.somatic, **facts})
