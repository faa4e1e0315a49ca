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
        # Fragments of a few hundred alleles at some thousand reads; 7 s a sample at 2,000 x.
        mem_mb=needs.memory(base=400),
        runtime=per_attempt(30),
    params:
        code=code_digest("call_mitocounts.py"),
        samples=sample_names,
        roles=of_case(lambda case: [sample.role for sample in case.samples]),
    script:
        "../../../scripts/call_mitocounts.py"
