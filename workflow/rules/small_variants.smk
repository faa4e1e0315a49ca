# All callers' alleles of a case, one record each, with the same evidence for every one of them.
rule merge_variants:
    input:
        calls=lambda wildcards: [
            f"variants/{caller}/{wildcards.case}.vcf.gz"
            for caller in assay_of(wildcards).callers
        ],
        crams=crams,
        fasta=fasta,
        targets=given_targets,
    output:
        vcf="variants/merged/{case}.vcf.gz",
        index="variants/merged/{case}.vcf.gz.tbi",
    log:
        "logs/merge_variants/{case}.log",
    benchmark:
        "benchmarks/merge_variants/{case}.jsonl"
    threads: 16
    resources:
        mem_mb=per_attempt(8_000),
        runtime=per_attempt(360),
    params:
        code=code_digest("merge_variants.py"),
        callers=lambda wildcards: assay_of(wildcards).callers,
        samples=sample_names,
        roles=lambda wildcards: [sample.role for sample in case_of(wildcards).samples],
        somatic=lambda wildcards: assay_of(wildcards).kind == "somatic",
    script:
        "../../scripts/merge_variants.py"
