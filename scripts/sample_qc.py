"""A sample's coverage and alignment tables; its allele counts at the common variants; its metrics, gates and verdict;
callability of its genes and of listed positions."""

from pathlib import Path

from gms.base.digests import recorded_checksum
from gms.base.json_tables import read_json, write_json, write_table
from gms.base.rule_log import rule_job
from gms.preflight.places_twice import has_false_duplications
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
from gms.qc.coverage import may_have_y
from gms.qc.fingerprint import HEADER, count_sites, read_fingerprint
from gms.qc.measure import Reads, alignment_metrics, measure, require_all_reads, require_all_regions
from gms.qc.records import (
    are_duplicates_marked,
    coverage_of,
    facts_of,
    identity_of,
    molecules_of,
    of_rna,
    sample_record,
    sex_of,
    unmeasured_record,
)
from gms.qc.sites import read_sites


def measured(inputs, params, output):
    """Measure the reads of the sample."""
    targeted, prefix, stats = params.how["targeted"], params.coverage, Path(params.alignment)
    limits, counts = read_json(inputs.limits), read_json(inputs.reads)
    depths = Depths(limits["callable"], limits["floor"])
    reads = Reads(inputs.cram, inputs.fasta, inputs.bed, targeted, depths.floor, depths.callable)
    on_target = measure(reads, Path(prefix), stats, snakemake.threads, Path(snakemake.log[0]))
    write_table(output.fingerprint, HEADER, count_sites(inputs.cram, inputs.fasta, read_sites(inputs.sites)))
    require_all_regions(inputs.bed, prefix)
    alignment = alignment_metrics(stats.read_text().splitlines(), on_target, are_duplicates_marked(params.how, counts))
    require_all_reads(alignment["reads"], counts["reads"])
    pieces = list(read_pieces(f"{prefix}.regions.bed.gz", f"{prefix}.thresholds.bed.gz"))
    metrics = {
        **alignment,
        **molecules_of(counts.get("molecules")),
        **coverage_of(prefix, inputs.contigs, inputs.fasta, targeted),
        **identity_of(read_fingerprint(output.fingerprint)),
        **sex_of(prefix, inputs.contigs, params.sample["sex"], targeted),
        "coding_bases_callable": coding_bases(pieces),
    }
    genes, metrics = with_genes(pieces, metrics, params)
    # What was measured is of this file, as verified when the job began: the export refuses others.
    origin = {"cram_sha256": recorded_checksum(inputs.cram)}
    write_json(output.qc, sample_record(params.sample, metrics, params.gates) | origin | facts_of(counts))
    write_tables(output, genes, position_table(pieces, depths, limits["outside_targets"]))


def write_tables(output, genes, positions):
    """Callability of genes and of listed positions."""
    write_table(output.genes, Gene._fields, genes)
    write_table(output.positions, Position._fields, positions)


def with_genes(pieces, metrics, params):
    """Callability of the genes, and the metrics that this sample has."""
    has_y = may_have_y(params.sample["sex"], metrics)
    genes = gene_table(pieces, has_y, read_copies(has_false_duplications(f"{snakemake.input.fasta}.fai")))
    return genes, of_rna(metrics, genes) if params.how["rna"] else metrics


def unmeasured(params, output):
    """The same files where the sample starts from a VCF: tables without rows, and a record without measures."""
    write_json(output.qc, unmeasured_record(params.sample, params.gates))
    write_table(output.fingerprint, HEADER, [])
    write_tables(output, [], [])


with rule_job(snakemake):
    if snakemake.input.cram:
        measured(snakemake.input, snakemake.params, snakemake.output)
    else:
        unmeasured(snakemake.params, snakemake.output)
