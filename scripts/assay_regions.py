"""The pieces of genome whose depth is measured for an assay, and the common variants that identify its samples."""

from gms.job import logged
from gms.qc.regions import assay_segments, bed_lines, read_bed, read_contigs
from gms.qc.sites import assay_sites, site_lines

with logged(snakemake.log[0]):  # noqa: F821
    fai, targets = snakemake.input.fai, snakemake.input.get("targets")  # noqa: F821
    pieces = assay_segments(fai, targets, snakemake.input.get("genes"), snakemake.input.get("gene_list"))  # noqa: F821
    with open(snakemake.output.bed, "w") as bed:  # noqa: F821
        bed.writelines(bed_lines(pieces))
    regions = read_bed(targets) if targets else None
    sites = assay_sites(snakemake.input.get("population"), read_contigs(fai), regions)  # noqa: F821
    with open(snakemake.output.sites, "w") as table:  # noqa: F821
        table.writelines(site_lines(sites))
