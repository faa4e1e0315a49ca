# Structural variants by TIDDIT, of each sample. Its contract is that of variants/structural.


rule call_tiddit:
    input:
        crams=crams,
        fasta=fasta,
    output:
        vcf="variants/structural/tiddit/{case}.vcf.gz",
        index="variants/structural/tiddit/{case}.vcf.gz.tbi",
    log:
        "logs/call_tiddit/{case}.log",
    benchmark:
        "benchmarks/call_tiddit/{case}.jsonl"
    resources:
        # 10 Mb at 30x take 158 MB; not measured on whole genomes, which get 2 GB more.
        mem_mb=needs.memory(base=100, genome=0.65),
        runtime=needs.minutes(reads=3),
    params:
        code=code_digest("call_tiddit.py"),
    script:
        "../../../scripts/call_tiddit.py"
