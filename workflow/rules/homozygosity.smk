# Annotated variants of a genome to homozygous regions and uniparental disomy of the index.
rule case_regions:
    input:
        vcf="annotated/{case}.vcf.gz",
    output:
        "regions/{case}.json",
    log:
        "logs/case_regions/{case}.log",
    benchmark:
        "benchmarks/case_regions/{case}.jsonl"
    group:
        "case_steps_{case}"
    resources:
        # Genotypes as arrays, and those of a chromosome as text: 131 MB and 18 s for 1.8 million records of a trio.
        mem_mb=needs.memory(base=100, genome=0.08),
        runtime=needs.minutes(genome=5),
    params:
        code=code_digest("case_regions.py"),
        members=of_case(
            lambda case: {sample.role: sample.name for sample in case.with_parents}
        ),
    script:
        "../../scripts/case_regions.py"
