"""One record per allele of a case, whichever caller proposed it, with the evidence of every sample."""

from pathlib import Path

from gms.bgzip import write_vcf
from gms.job import logged
from gms.merge import Job, merge_calls

with logged(snakemake.log[0]):  # noqa: F821
    job = Job(
        calls=dict(zip(snakemake.params.callers, snakemake.input.calls, strict=True)),  # noqa: F821
        alignments=list(snakemake.input.crams),  # noqa: F821
        fasta=snakemake.input.fasta,  # noqa: F821
        roles=snakemake.params.roles,  # noqa: F821
        somatic=snakemake.params.somatic,  # noqa: F821
    )
    targets = Path(snakemake.input.targets) if snakemake.input.get("targets") else None  # noqa: F821
    size, threads = snakemake.resources.piece_size, snakemake.threads  # noqa: F821
    lines = merge_calls(job, snakemake.params.samples, targets, size, threads)  # noqa: F821
    write_vcf(lines, Path(snakemake.output.vcf))  # noqa: F821
