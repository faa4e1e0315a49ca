"""One caller's alleles of a case, in the contract that all callers share."""

from pathlib import Path

from gms.bgzip import write_vcf
from gms.callers import call_variants
from gms.job import logged

with logged(snakemake.log[0]):  # noqa: F821
    lines = call_variants(
        command=snakemake.params.command,  # noqa: F821
        fasta=Path(snakemake.input.fasta),  # noqa: F821
        targets=Path(snakemake.input.targets) if snakemake.input.get("targets") else None,  # noqa: F821
        samples=snakemake.params.samples,  # noqa: F821
        min_fraction=snakemake.params.min_fraction,  # noqa: F821
        jobs=snakemake.threads,  # noqa: F821
        piece_size=snakemake.resources.piece_size,  # noqa: F821
    )
    write_vcf(lines, Path(snakemake.output.vcf))  # noqa: F821
