"""The callers' command lines. Each prints VCF of all samples for the intervals in `{bed}`, which is filled in later.

They would copy its path into the header, where a line end in the name of a temporary folder ends a line.
"""

from collections.abc import Sequence
from shlex import quote

POOLED_DEPTH = 1_000_000  # no down-sampling at panel depth
DIPLOID_DEPTH = 2_000
# Single-base alleles that the normal shows clearly are called as well, though the tumour lacks them: those that only
# it acquired show that the tubes were swapped (gms.qc.pairs has the same limits).
OTHER_READS, OTHER_FRACTION = 5, 0.05
# freebayes asks of its own accord for a twentieth of the reads, where most candidates are errors: at 30 reads, a tenth
# leaves a fifth of the records in half of the time and all that have a QUAL of 20. A heterozygote shows fewer once in
# two million (binomial).
GERMLINE_FRACTION = 0.1
# One thread and no more memory than its rule asks for.
JAVA = "-Xmx2g -XX:+UseSerialGC"
CALLS = "{bed}.vcf"  # GATK needs a file: it prints more than its calls, and Mutect2 writes another one beside it


def gatk(tool: str, fasta: str, crams: Sequence[str], options: str = "") -> str:
    """A caller of GATK, whose calls are then in CALLS; what it prints goes to the messages."""
    reads = " ".join(f"--input {cram}" for cram in crams)
    return (
        f'gatk --java-options "{JAVA}" {tool} --reference {fasta} {reads}{options} --intervals {{bed}} --output {CALLS}'
        " --create-output-variant-index false --add-output-vcf-command-line false --native-pair-hmm-threads 1"
        ' --verbosity ERROR --QUIET true --tmp-dir "${TMPDIR:-/tmp}" 1>&2'
    )


def haplotypecaller(fasta: str, crams: Sequence[str]) -> str:
    """Germline, diploid, jointly: alleles of a QUAL of 30 (its default) and, as in GATK's hard filters, a QUAL of 2 for
    each read of the samples that carry them; records without QD, as those of very deep places, stay."""
    found = gatk("HaplotypeCaller", fasta, crams)
    return f"{found} && bcftools view --no-version --exclude 'INFO/QD<2' {CALLS}"


def mutect2(fasta: str, crams: Sequence[str], normals: Sequence[str], all_reads: bool) -> str:
    """Somatic: every candidate before Mutect2's own filters, which take alleles close to inherited ones for artefacts
    and whose model of read orientation must not be fitted to a small target; inherited alleles, too, so that a gap in
    its calls is noticed. `normals`: names of samples; `all_reads`: no down-sampling where many reads start."""
    options = "".join(f" --normal-sample {name}" for name in normals) + " --genotype-germline-sites true"
    options += " --max-reads-per-alignment-start 0" if all_reads else ""
    return f"{gatk('Mutect2', fasta, crams, options)} && cat {CALLS}"


def deepvariant(files: Sequence[str]) -> str:
    """Germline: calls made elsewhere, each allele in a record of its own where samples have a file each."""
    if len(files) == 1:
        return f"bcftools view --no-version --regions-file {{bed}} {quote(files[0])}"
    return f"bcftools merge --no-version --merge none --regions-file {{bed}} {' '.join(map(quote, files))}"


def freebayes(fasta: str, crams: Sequence[str], min_fraction: float | None) -> str:
    """Germline: diploid, jointly, alleles that a tenth of a sample's reads show. Otherwise every allele seen at half of
    `min_fraction`, whatever the ploidy."""
    command = f"freebayes -f {fasta} -t /dev/fd/8 --use-best-n-alleles 6"
    if min_fraction is None:
        command += f" --min-alternate-fraction {GERMLINE_FRACTION:g}"
    else:
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
    seen = [_seen(0, 2, min_fraction / 2), *(_seen(i, OTHER_READS, OTHER_FRACTION) for i in range(1, len(crams)))]
    return f"{pileup} | bcftools view --no-version --include '{' || '.join(seen)}'"


def _seen(sample: int, reads: int, fraction: float) -> str:
    """bcftools' expression for an allele with so many reads, and such a fraction of them, in a sample."""
    return f"MAX(FORMAT/AD[{sample}:1-])>={reads} && MAX(FORMAT/AD[{sample}:1-])>={fraction:g}*FORMAT/DP[{sample}]"
