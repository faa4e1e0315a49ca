"""Insertions of a case from its clipped reads: proposals as the callers' VCF of the class."""

from pathlib import Path

from gms.base.rule_log import rule_job
from gms.genome.intervals import read_contigs
from gms.genome.vcf import write_vcf
from gms.variants.insertions.calls import contract_lines
from gms.variants.insertions.search import search

with rule_job(snakemake):
    fasta, elements = Path(snakemake.input.fasta), Path(snakemake.input.elements)
    found = search(fasta, [Path(path) for path in snakemake.input.crams], elements)
    write_vcf(contract_lines(found, read_contigs(Path(f"{fasta}.fai"))), Path(snakemake.output.vcf))
