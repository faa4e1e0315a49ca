"""The callers' command lines. Each prints VCF of all samples for the intervals in `{bed}`, which is filled in later.

Both would copy its path into the header, where a line end in the name of a temporary folder ends a line.
"""

from collections.abc import Sequence

POOLED_DEPTH = 1_000_000  # no down-sampling at panel depth
DIPLOID_DEPTH = 2_000


def freebayes(fasta: str, crams: Sequence[str], min_fraction: float | None) -> str:
    """Germline: diploid, jointly. Otherwise every allele seen at half of `min_fraction`, whatever the ploidy."""
    command = f"freebayes -f {fasta} -t /dev/fd/8 --use-best-n-alleles 6"
    if min_fraction is not None:
        command += (
            " --pooled-continuous --min-alternate-count 2 --min-mapping-quality 20 --min-base-quality 15"
            f" --min-alternate-fraction {min_fraction / 2:g}"
        )
    return " ".join([command, *crams, "8< {bed}"])


def bcftools(fasta: str, crams: Sequence[str], min_fraction: float | None) -> str:
    """Germline: multiallelic calling, jointly. Otherwise the pile-up's own alleles from half of `min_fraction`."""
    depth = DIPLOID_DEPTH if min_fraction is None else POOLED_DEPTH
    pileup = (
        f"bcftools mpileup --no-version --fasta-ref {fasta} --regions-file {{bed}} --min-MQ 20 --min-BQ 15"
        f" --max-depth {depth} --max-idepth {depth} --annotate FORMAT/AD,FORMAT/DP --output-type u {' '.join(crams)}"
    )
    if min_fraction is None:
        return f"{pileup} | bcftools call --no-version --multiallelic-caller --variants-only"
    pileup += f" --gap-frac {min_fraction / 2:g} --min-ireads 2"
    seen = f"MAX(FORMAT/AD[0:1-])>=2 && MAX(FORMAT/AD[0:1-])>={min_fraction / 2:g}*FORMAT/DP[0]"
    return f"{pileup} | bcftools view --no-version --include '{seen}'"
