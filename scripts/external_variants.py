"""Small variants of a case that starts from VCF files: the merged VCF without evidence of reads, and what was taken."""

from pathlib import Path

from gms.base.json_tables import write_json
from gms.base.rule_log import rule_job
from gms.genome.vcf import write_vcf
from gms.variants.external.source import source_of
from gms.variants.external.take import Taken

with rule_job(snakemake), open(snakemake.log[0], "a") as log:
    sources = [source_of(Path(path), sample, named) for path, sample, named in snakemake.params.sources]
    taken = Taken(sources, Path(snakemake.input.fasta), snakemake.resources.tmpdir, log)
    write_vcf(taken.lines(), Path(snakemake.output.vcf))
    write_json(snakemake.output.facts, {"case": snakemake.wildcards.case, "sources": taken.facts()})
