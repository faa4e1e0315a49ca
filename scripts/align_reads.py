"""A sample's lanes, trimmed where the assay asks, as one sorted, duplicate-marked CRAM."""

from pathlib import Path

from gms.job import logged
from gms.reads import LaneReads, Stream, align_reads

with logged(snakemake.log[0]):  # noqa: F821
    stream = Stream(
        sample=snakemake.wildcards.sample,  # noqa: F821
        lanes=[LaneReads(*lane) for lane in snakemake.params.lanes],  # noqa: F821
        index=snakemake.params.index,  # noqa: F821
        aligner=snakemake.params.aligner,  # noqa: F821
        trim=snakemake.params.trim,  # noqa: F821
        threads=snakemake.threads,  # noqa: F821
        tmpdir=snakemake.resources.tmpdir,  # noqa: F821
    )
    align_reads(stream, snakemake.input.fasta, snakemake.output.cram, Path(snakemake.log[0]))  # noqa: F821
