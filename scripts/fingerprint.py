"""Allele counts of a sample at the common variants, per lane."""

from gms.job import logged
from gms.qc.files import write_table
from gms.qc.fingerprint import HEADER, count_sites
from gms.qc.sites import read_sites

with logged(snakemake.log[0]):
    rows = count_sites(snakemake.input.cram, snakemake.input.fasta, read_sites(snakemake.input.sites))
    write_table(snakemake.output[0], HEADER, rows)
