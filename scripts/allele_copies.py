"""Copies of each allele in the tumour's cells, purity and ploidy, and the scars of homologous recombination."""

from pathlib import Path

from gms.base.json_tables import read_json, write_json, write_table
from gms.base.rule_log import rule_job
from gms.biomarkers.homologous_recombination import hrd_document
from gms.genome.intervals import read_contigs
from gms.tumor_genome.purity import COLUMNS, tumor_genome
from gms.tumor_genome.sites import read_sites

with rule_job(snakemake):
    inputs, output, roles = snakemake.input, snakemake.output, snakemake.params.roles
    quality, copies = read_json(inputs.quality), read_json(inputs.copies)
    sites = read_sites(Path(inputs.vcf), quality["sample"], roles.get("normal"))
    purity, rows = tumor_genome(copies, sites, quality["verdict"])
    write_json(output.purity, purity)
    cells = (("." if row[name] is None else row[name] for name in COLUMNS) for row in rows)
    write_table(output.alleles, COLUMNS, cells)
    write_json(output.hrd, hrd_document(purity, rows, sites.snps, read_contigs(f"{inputs.fasta}.fai")))
