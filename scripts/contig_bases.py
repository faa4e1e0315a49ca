"""Length and known (not N) bases of every contig, so that N does not count as not covered."""

import pysam

from gms.base.json_tables import write_table
from gms.base.rule_log import rule_job

with rule_job(snakemake), pysam.FastaFile(snakemake.input.fasta) as fasta:
    sequences = ((contig, fasta.fetch(contig).upper()) for contig in fasta.references)
    rows = ((contig, len(sequence), len(sequence) - sequence.count("N")) for contig, sequence in sequences)
    write_table(snakemake.output[0], ("contig", "length", "known"), rows)
