"""Copy number of a case by the depth of its reads, with what small and structural variants say of each event."""

from pathlib import Path

from gms.base.json_tables import write_json
from gms.base.rule_log import rule_job
from gms.genome.vcf import write_vcf
from gms.qc.coverage import measured_by, measured_sex
from gms.variants.copy_number.calls import Sample, Sources, call_copy_numbers

with rule_job(snakemake):
    inputs, params = snakemake.input, snakemake.params
    names, stated = zip(*params.samples, strict=True)
    samples = list(map(Sample, names, measured_by(measured_sex, stated, inputs.quality)))
    structural = Path(inputs.structural) if inputs.structural else None
    controls = Path(inputs.controls) if inputs.controls else None
    crams = [Path(path) for path in inputs.crams]
    sources = Sources(Path(inputs.fasta), crams, Path(inputs.small), structural, controls)
    lines, facts = call_copy_numbers(sources, samples, snakemake.threads)
    write_vcf(lines, Path(snakemake.output.vcf))
    write_json(snakemake.output.facts, {"case": snakemake.wildcards.case, **facts})
