"""The pieces of genome whose depth is measured for an assay, the depths that count, the listed positions outside
the targets, and the common variants by which its samples are identified."""

from pathlib import Path

from gms.base.json_tables import write_json
from gms.base.rule_log import rule_job
from gms.filtering.detection import filters_mask, non_coding_genes, reporting_floor
from gms.filtering.policy import load_policy
from gms.genome.intervals import read_contigs
from gms.qc.regions import Sources, assay_segments, bed_lines, listed_positions, outside
from gms.qc.sites import assay_sites, site_lines

with rule_job(snakemake):
    inputs, output, depth = snakemake.input, snakemake.output, snakemake.params.depth
    policy = load_policy(Path(inputs.policy)) if inputs.policy else None  # an assay that monitors has none
    # A part that is not given is an empty list of files.
    files = Sources(**{name: inputs.get(name) or None for name in Sources._fields})
    if not policy or not filters_mask(policy):
        files = files._replace(mask=None)
    pieces = assay_segments(inputs.fai, files, non_coding_genes(policy) if policy else frozenset())
    with open(output.bed, "w") as bed:
        bed.writelines(bed_lines(pieces))
    floor = min(depth, reporting_floor(policy)) if policy else depth
    unmeasured = outside(listed_positions(files), pieces) if files.targets else []
    limits = {"callable": depth, "floor": floor, "masked": bool(files.mask), "outside_targets": unmeasured}
    write_json(output.limits, limits)
    sites = assay_sites(inputs.get("population") or None, read_contigs(inputs.fai), files.targets)
    with open(output.sites, "w") as table:
        table.writelines(site_lines(sites))
