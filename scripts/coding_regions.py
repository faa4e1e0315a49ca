"""Coding bases of all transcripts of the gene models, merged, as BED."""

from gms.base.rule_log import rule_job
from gms.genome.gff3 import coding_intervals

with rule_job(snakemake), open(snakemake.output[0], "w") as bed:
    for contig, intervals in coding_intervals(snakemake.input.genes).items():
        bed.writelines(f"{contig}\t{start}\t{end}\n" for start, end in intervals)
