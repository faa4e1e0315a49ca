"""A sample's lanes, trimmed where the assay asks, as one sorted CRAM: duplicates marked, or one consensus pair for each
molecule by its UMIs."""

from pathlib import Path

from gms.alignment.align_reads import STAR, LaneReads, Stream, align_reads
from gms.alignment.star import align_rna
from gms.alignment.taken_reads import names_another
from gms.base.json_tables import write_json
from gms.base.rule_log import rule_job
from gms.genome.fastq import head_digest

with rule_job(snakemake):
    stream = Stream(
        sample=snakemake.wildcards.sample,
        lanes=[LaneReads(*lane) for lane in snakemake.params.lanes],
        **snakemake.params.how,
        threads=snakemake.threads,
        tmpdir=snakemake.resources.tmpdir,
        cram_fasta=str(snakemake.input.cram_fasta or snakemake.input.fasta),
    )
    files = snakemake.input.fasta, snakemake.output.cram, Path(snakemake.log[0])
    if snakemake.params.molecules:
        # With numpy, which takes longer to load than the rest.
        from gms.alignment.consensus import MinReads
        from gms.alignment.molecules import align_molecules

        umi, min_reads = snakemake.params.molecules
        counts = align_molecules(stream, umi, MinReads(*min_reads), *files)
    else:
        counts = (align_rna if stream.aligner == STAR else align_reads)(stream, *files)
    heads = (head_digest(Path(lane.fastq_1)) for lane in stream.lanes if lane.fastq_1)
    if any(lane.bam and names_another(Path(lane.bam), stream.sample) for lane in stream.lanes):
        counts["named_otherwise"] = True
    write_json(snakemake.output.reads, counts | {"first_reads": sorted(filter(None, heads))})
