"""A sample's lanes, trimmed where the assay asks, aligned to the virus and without primers."""

from pathlib import Path

from gms.alignment.align_reads import LaneReads, Stream
from gms.base.rule_log import rule_job
from gms.viral.chain.align import align_virus

with rule_job(snakemake):
    params, output = snakemake.params, snakemake.output
    genome = Path(snakemake.input.genome)
    stream = Stream(
        sample=snakemake.wildcards.sample,
        lanes=[LaneReads(*lane) for lane in params.lanes],
        index=str(genome),
        aligner="bwa",
        trim=params.trim,
        threads=snakemake.threads,
        tmpdir=snakemake.resources.tmpdir,
    )
    primers = genome.with_name(f"{params.scheme}.bed")
    align_virus(stream, primers, Path(output.clipped), Path(output.bam), Path(snakemake.log[0]))
