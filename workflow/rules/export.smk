# Reported variants, QC and consent to a decision, and to a package for each target (scripts/gms/exports/<target>.py).
from gms.exports import consent_files, export_facts


rule export:
    input:
        vcf="reported/{case}.vcf.gz",
        index="reported/{case}.vcf.gz.tbi",
        qc=lambda wildcards: [
            f"qc/{sample.name}.qc.json" for sample in case_of(wildcards).samples
        ],
        genes=lambda wildcards: [
            f"qc/{sample.name}.genes.tsv" for sample in case_of(wildcards).samples
        ],
        relations="qc/{case}.case.json",
        run="run.json",
        consents=consent_files(RUN.sharing),
    output:
        "export/{target}/{case}.json",
    log:
        "logs/export/{target}/{case}.log",
    benchmark:
        "benchmarks/export/{target}/{case}.jsonl"
    wildcard_constraints:
        target="[A-Za-z0-9-]+",
    group:
        "case_steps"
    resources:
        mem_mb=per_attempt(1_000),
        runtime=per_attempt(30),
    params:
        code=lambda wildcards: code_digest(
            "export.py", f"gms/exports/{wildcards.target}.py"
        ),
        case=lambda wildcards: export_facts(case_of(wildcards)),
        sharing=RUN.sharing,
    script:
        "../../scripts/export.py"
