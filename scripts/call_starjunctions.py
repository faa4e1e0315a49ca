"""Fusions and listed splice events in the RNA of a case."""

from pathlib import Path

from gms.annotation.transcripts import Transcripts
from gms.base.json_tables import write_json
from gms.base.rule_log import rule_job
from gms.fusions.rna_case import call_rna
from gms.genome.intervals import read_targets
from gms.genome.vcf import write_vcf

with rule_job(snakemake):
    inputs = snakemake.input
    transcripts = Transcripts.read(str(inputs.transcripts))
    targets = read_targets(inputs.targets) if inputs.targets else None  # of a whole transcriptome
    lines, facts = call_rna(Path(inputs.fasta), Path(inputs.crams[0]), transcripts, snakemake.params.sample, targets)
    write_vcf(lines, Path(snakemake.output.vcf))
    write_json(snakemake.output.facts, {"case": snakemake.wildcards.case, **facts})
