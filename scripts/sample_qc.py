"""Metrics, gates and verdict of a sample; depth and callability of its genes."""

from gms.job import logged
from gms.qc.alignment import alignment_metrics
from gms.qc.coverage import Gene, read_genes
from gms.qc.files import write_json, write_table
from gms.qc.fingerprint import read_fingerprint
from gms.qc.metrics import coverage_of, identity_of, sample_record, sex_of

with logged(snakemake.log[0]):
    targeted = snakemake.params.targeted
    prefix = snakemake.input.summary.removesuffix(".mosdepth.summary.txt")
    with open(snakemake.input.on_target) as number, open(snakemake.input.stats) as stats:
        alignment = alignment_metrics(stats, int(number.read()) if targeted else None)
    metrics = {
        **alignment,
        **coverage_of(prefix, snakemake.input.contigs, targeted),
        **identity_of(read_fingerprint(snakemake.input.fingerprint)),
        **sex_of(prefix, snakemake.params.sample["sex"], targeted),
    }
    write_json(snakemake.output.qc, sample_record(snakemake.params.sample, metrics, snakemake.params.gates))
    genes = read_genes(snakemake.input.regions, snakemake.input.thresholds)
    write_table(snakemake.output.genes, Gene._fields, genes)
