# Structural variants by delly, all samples of a case together. Its contract is that of variants/structural.


rule call_delly:
    input:
        crams=crams,
        fasta=fasta,
    output:
        vcf="variants/structural/delly/{case}.vcf.gz",
        index="variants/structural/delly/{case}.vcf.gz.tbi",
    log:
        "logs/call_delly/{case}.log",
    benchmark:
        "benchmarks/call_delly/{case}.jsonl"
    # It reads one sample in each thread.
    threads: needs.threads(reads=100, most=of_case(lambda case: len(case.samples)))
    resources:
        # 10 Mb at 30x take 116 MB; not measured on whole genomes, which get 2 GB more.
        mem_mb=needs.memory(base=100, genome=0.65),
        runtime=needs.minutes(reads=3),
    params:
        code=code_digest("call_delly.py"),
    script:
        "../../../scripts/call_delly.py"
