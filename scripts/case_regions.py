"""Homozygous regions and uniparental disomy of the index of a case."""

from pathlib import Path

from gms.base.json_tables import write_json
from gms.base.rule_log import rule_job
from gms.genome.vcf import contig_length, header_of, open_vcf
from gms.homozygosity.document import regions_document
from gms.homozygosity.sites import read_sites

with rule_job(snakemake):
    vcf, members = Path(snakemake.input.vcf), snakemake.params.members
    with open_vcf(vcf) as lines:
        sites = read_sites(lines, list(members.values()))
    lengths = {contig: length for line in header_of(vcf) for contig, length in contig_length(line).items()}
    write_json(snakemake.output[0], regions_document(snakemake.wildcards.case, members, sites, lengths))
