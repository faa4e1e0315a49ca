# What is measured of a genome beyond single variants, one JSON a sample.


rule smn_copies:
    input:
        cram="alignment/{sample}.cram",
        fasta=fasta,
    output:
        "biomarkers/{sample}.smn.json",
    log:
        "logs/smn_copies/{sample}.log",
    benchmark:
        "benchmarks/smn_copies/{sample}.jsonl"
    resources:
        mem_mb=per_attempt(FLOOR_MB),
        runtime=per_attempt(FLOOR_MINUTES),
    params:
        code=code_digest("smn_copies.py"),
    script:
        "../../scripts/smn_copies.py"
