# Small variants by bcftools. A caller prints VCF for a shard of the genome; what it prints becomes the callers' contract.
from gms.variants.small.commands import bcftools


rule call_bcftools:
    input:
        crams=crams,
        fasta=fasta,
        targets=targets,
    output:
        vcf="variants/bcftools/{case}.vcf.gz",
        index="variants/bcftools/{case}.vcf.gz.tbi",
    log:
        "logs/call_bcftools/{case}.log",
    benchmark:
        "benchmarks/call_bcftools/{case}.jsonl"
    threads: needs.threads(reads=100, genome=5)
    resources:
        # Each process holds the sequence of a chromosome.
        mem_mb=needs.memory(thread=80, contig=1.2),
        runtime=needs.minutes(reads=15),
    params:
        content=targets_content,
        code=code_digest("call_variants.py"),
        samples=sample_names,
        min_fraction=of_assay(lambda assay: assay.min_allele_fraction),
        command=of_case(
            lambda case: bcftools(
                fasta, case_crams(case), RUN.assays[case.assay].min_allele_fraction
            )
        ),
    script:
        "../../../scripts/call_variants.py"
