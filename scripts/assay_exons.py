"""Coding bases of each exon, and how many of them an assay measures: the proof that wild type needs."""

from gms.base.json_tables import write_table
from gms.base.rule_log import rule_job
from gms.genome.intervals import read_bed
from gms.qc.regions import read_exons
from gms.trials.matching.exon_cover import HEADER, exon_cover

with rule_job(snakemake):
    inputs = snakemake.input
    write_table(snakemake.output[0], HEADER, exon_cover(read_exons(inputs.genes), read_bed(inputs.bed)))
