"""Rule filter_variants: annotated records -> every record with its reasons, and the reported subset."""

from pathlib import Path

from gms.filters import filter_vcf
from gms.job import logged
from gms.policy import load_policy

with logged(snakemake.log[0]):  # noqa: F821
    counts = filter_vcf(
        annotated=Path(snakemake.input.vcf),  # noqa: F821
        policy=load_policy(Path(snakemake.input.policy)),  # noqa: F821
        filtered=Path(snakemake.output.vcf),  # noqa: F821
        reported=Path(snakemake.output.reported),  # noqa: F821
        roles=snakemake.params.roles,  # noqa: F821
        genes=snakemake.params.genes,  # noqa: F821
    )
    print(f"{counts['records']} records, {counts['reported']} reported")
