"""The pieces of genome whose depth is measured for an assay, and the common variants that identify its samples."""

from gms.base.rule_log import rule_job
from gms.genome.intervals import read_contigs
from gms.qc.regions import assay_segments, bed_lines
from gms.qc.sites import assay_sites, site_lines

with rule_job(snakemake):
    inputs, output = snakemake.input, snakemake.output
    # A part that is not given is an empty list of files.
    given = {name: inputs.get(name) or None for name in ("targets", "genes", "gene_list", "population")}
    pieces = assay_segments(inputs.fai, given["targets"], given["genes"], given["gene_list"])
    with open(output.bed, "w") as bed:
        bed.writelines(bed_lines(pieces))
    sites = assay_sites(given["population"], read_contigs(inputs.fai), given["targets"])
    with open(output.sites, "w") as table:
        table.writelines(site_lines(sites))
