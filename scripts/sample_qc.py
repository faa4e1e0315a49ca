"""Allele counts of a sample at the common variants; its metrics, gates and verdict; callability of its genes."""

from gms.job import logged
from gms.qc.alignment import alignment_metrics
from gms.qc.coverage import Gene, read_genes
from gms.qc.files import write_json, write_table
from gms.qc.fingerprint import HEADER, count_sites, read_fingerprint
from gms.qc.metrics import coverage_of, identity_of, sample_record, sex_of
from gms.qc.sites import read_sites

with logged(snakemake.log[0]):
    inputs, params, output = snakemake.input, snakemake.params, snakemake.output
    write_table(output.fingerprint, HEADER, count_sites(inputs.cram, inputs.fasta, read_sites(inputs.sites)))
    targeted, sex = params.targeted, params.sample["sex"]
    prefix = inputs.summary.removesuffix(".mosdepth.summary.txt")
    with open(inputs.stats.replace(".stats.", ".on_target.")) as number, open(inputs.stats) as stats:
        alignment = alignment_metrics(stats, int(number.read()) if targeted else None)
    metrics = {
        **alignment,
        **coverage_of(prefix, inputs.contigs, targeted),
        **identity_of(read_fingerprint(output.fingerprint)),
        **sex_of(prefix, inputs.contigs, sex, targeted),
    }
    write_json(output.qc, sample_record(params.sample, metrics, params.gates))
    sex = metrics["sex_inferred"] if sex == "unknown" else sex
    write_table(output.genes, Gene._fields, read_genes(f"{prefix}.regions.bed.gz", f"{prefix}.thresholds.bed.gz", sex))
