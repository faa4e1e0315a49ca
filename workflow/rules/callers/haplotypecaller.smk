# Small variants of a germline by GATK's HaplotypeCaller, where an assay asks for it (./gms setup --with gatk): as dear as all
# other callers together. It proposes alleles like the others, and a policy may ask whether it found one.
from gms.variants.small.commands import haplotypecaller


rule call_haplotypecaller:
    input:
        crams=crams,
        fasta=fasta,
        dictionary="reference/genome.dict",
        targets=targets,
    output:
        vcf="variants/haplotypecaller/{case}.vcf.gz",
        index="variants/haplotypecaller/{case}.vcf.gz.tbi",
    log:
        "logs/call_haplotypecaller/{case}.log",
    benchmark:
        "benchmarks/call_haplotypecaller/{case}.jsonl"
    threads: needs.threads(reads=100, genome=5)
    resources:
        # 2 GB of heap for each process, and Java itself; 350 to 600 MB in all were used at 30 x and 50 x.
        mem_mb=needs.memory(thread=2_500),
        # 40 to 60 on even coverage.
        runtime=needs.minutes(reads=150),
    params:
        content=targets_content,
        code=code_digest("call_variants.py"),
        samples=sample_names,
        min_fraction=of_assay(lambda assay: assay.min_allele_fraction),
        command=of_case(lambda case: haplotypecaller(fasta, case_crams(case))),
    script:
        "../../../scripts/call_variants.py"
