"""Coding bases of all transcripts of the gene models, merged, and codons that a short intron splits, as BED."""

from gms.base.rule_log import rule_job
from gms.genome.gff3 import coding_lines, read_models
from gms.variants.small.haplotypes import MAX_REACH

with rule_job(snakemake), open(snakemake.output[0], "w") as bed:
    bed.writelines(coding_lines(read_models(snakemake.input.genes, MAX_REACH)))
