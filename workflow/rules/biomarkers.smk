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


rule mutational_burden:
    input:
        vcf="annotated/{case}.vcf.gz",
        quality=of_case(lambda case: f"qc/{case.index.name}.qc.json"),
        policy=of_assay(lambda assay: assay.tmb),
    output:
        "biomarkers/{case}.tmb.json",
    log:
        "logs/mutational_burden/{case}.log",
    benchmark:
        "benchmarks/mutational_burden/{case}.jsonl"
    group:
        "case_steps_{case}"
    resources:
        mem_mb=per_attempt(FLOOR_MB),
        runtime=per_attempt(FLOOR_MINUTES),
    params:
        content=of_assay(lambda assay: content_of(assay.tmb)),
        roles=roles,
        code=code_digest("mutational_burden.py"),
    script:
        "../../scripts/mutational_burden.py"
