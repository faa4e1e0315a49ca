# All callers' alleles of a case, one record each, with the same evidence for every one of them.
rule merge_variants:
    input:
        calls=of_case(
            lambda case: [
                f"variants/{caller}/{case.name}.vcf.gz"
                for caller in RUN.assays[case.assay].callers["small"]
            ]
        ),
        crams=crams,
        fasta=fasta,
        targets=targets,
        coding="reference/coding.bed" if RUN.reference.genes else [],
    output:
        vcf="variants/merged/{case}.vcf.gz",
        index="variants/merged/{case}.vcf.gz.tbi",
    log:
        "logs/merge_variants/{case}.log",
    benchmark:
        "benchmarks/merge_variants/{case}.jsonl"
    threads: needs.threads(reads=100, genome=5)
    resources:
        mem_mb=needs.memory(thread=110, contig=1),
        runtime=needs.minutes(reads=10),
    params:
        content=targets_content,
        code=code_digest("merge_variants.py"),
        callers=of_assay(lambda assay: assay.callers.get("small", ())),
        samples=sample_names,
        roles=of_case(lambda case: [sample.role for sample in case.samples]),
        somatic=of_assay(lambda assay: assay.kind == "somatic"),
        amplicon=of_assay(lambda assay: assay.amplicon),
    script:
        "../../scripts/merge_variants.py"
