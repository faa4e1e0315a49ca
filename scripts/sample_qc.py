"""A sample's coverage and alignment tables; its allele counts at the common variants; its metrics, gates and verdict;
callability of its genes and of listed positions."""

from pathlib import Path

from gms.base.digests import recorded_checksum
from gms.base.json_tables import read_json, write_json, write_table
from gms.base.rule_log import rule_job
from gms.qc.callability import (
    Depths,
    Gene,
    Position,
    coding_bases,
    gene_table,
    position_table,
    read_copies,
    read_pieces,
)
from gms.qc.fingerprint import HEADER, count_sites, read_fingerprint
from gms.qc.measure import Reads, alignment_metrics, measure, require_all_reads, require_all_regions
from gms.qc.records import coverage_of, identity_of, sample_record, sex_of
from gms.qc.sites import read_sites

with rule_job(snakemake):
    inputs, params, output = snakemake.input, snakemake.params, snakemake.output
    targeted, sex = params.how["targeted"], params.sample["sex"]
    prefix, stats = params.coverage, Path(params.alignment)
    depths = Depths(**read_json(inputs.limits))
    reads = Reads(inputs.cram, inputs.fasta, inputs.bed, targeted, depths.floor, depths.callable)
    on_target = measure(reads, Path(prefix), stats, snakemake.threads, Path(snakemake.log[0]))
    require_all_regions(inputs.bed, prefix)
    write_table(output.fingerprint, HEADER, count_sites(inputs.cram, inputs.fasta, read_sites(inputs.sites)))
    with open(stats) as lines:
        alignment = alignment_metrics(lines, on_target)
    require_all_reads(alignment["reads"], read_json(inputs.reads)["reads"])
    pieces = list(read_pieces(f"{prefix}.regions.bed.gz", f"{prefix}.thresholds.bed.gz"))
    metrics = {
        **alignment,
        **coverage_of(prefix, inputs.contigs, targeted),
        **identity_of(read_fingerprint(output.fingerprint)),
        **sex_of(prefix, inputs.contigs, sex, targeted),
        "coding_bases_callable": coding_bases(pieces),
    }
    record = sample_record(params.sample, metrics, params.gates)
    # What was measured is of this file, as verified when the job began: the export refuses others.
    write_json(output.qc, record | {"cram_sha256": recorded_checksum(inputs.cram)})
    sex = metrics["sex_inferred"] if sex == "unknown" else sex
    write_table(output.genes, Gene._fields, gene_table(pieces, sex, read_copies()))
    write_table(output.positions, Position._fields, position_table(pieces, depths))
