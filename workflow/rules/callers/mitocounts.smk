# The mitochondrial genome: own counts at every base, and split reads. Its contract is that of variants/mitochondrial.


rule call_mitocounts:
    input:
        crams=crams,
        quality=quality,
        fasta=fasta,
    output:
        vcf="variants/mitochondrial/mitocounts/{case}.vcf.gz",
        index="variants/mitochondrial/mitocounts/{case}.vcf.gz.tbi",
        facts="variants/mitochondrial/{case}.json",
    log:
        "logs/call_mitocounts/{case}.log",
    benchmark:
        "benchmarks/call_mitocounts/{case}.jsonl"
    resources:
        # A trio at 2,000 x took 81 MB and 9 s, a sample at 6,000 x 99 MB and 8 s.
        mem_mb=per_attempt(FLOOR_MB),
        runtime=per_attempt(FLOOR_MINUTES),
    params:
        code=code_digest("call_mitocounts.py"),
        samples=sample_names,
        roles=of_case(lambda case: [sample.role for sample in case.samples]),
    script:
        "../../../scripts/call_mitocounts.py"
