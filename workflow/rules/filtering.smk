# Annotated variants to filtered ones, each with all its reasons, and the reported subset.
rule filter_variants:
    input:
        vcf="annotated/{case}.vcf.gz",
        policy=policy,
        genes=gene_list,
        large=large,
        large_policies=large_policies,
    output:
        vcf="filtered/{case}.vcf.gz",
        index="filtered/{case}.vcf.gz.tbi",
        reported="reported/{case}.vcf.gz",
        reported_index="reported/{case}.vcf.gz.tbi",
    log:
        "logs/filter_variants/{case}.log",
    benchmark:
        "benchmarks/filter_variants/{case}.jsonl"
    group:
        "case_steps_{case}"
    resources:
        mem_mb=per_attempt(FLOOR_MB),
        runtime=needs.minutes(genome=10),
    params:
        content=of_assay(lambda assay: content_of(policy_file(assay), assay.genes)),
        list_content=of_case(lambda case: content_of(case.gene_list)),
        code=code_digest("filter_variants.py"),
        roles=roles,
        large_classes=large_classes,
        consented=of_case(tells_germline),
    script:
        "../../scripts/filter_variants.py"
