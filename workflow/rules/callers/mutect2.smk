# Small variants of a tumour by GATK's Mutect2, where an assay asks for it (./gms setup --with gatk): its candidates before its filters.
from gms.variants.small.commands import mutect2


rule call_mutect2:
    input:
        crams=crams,
        fasta=fasta,
        dictionary="reference/genome.dict",
        targets=targets,
    output:
        vcf="variants/mutect2/{case}.vcf.gz",
        index="variants/mutect2/{case}.vcf.gz.tbi",
    log:
        "logs/call_mutect2/{case}.log",
    benchmark:
        "benchmarks/call_mutect2/{case}.jsonl"
    threads: needs.threads(reads=100, genome=5)
    resources:
        # 2 GB of heap for each process, and Java itself.
        mem_mb=needs.memory(thread=2_500),
        # Not measured on a whole genome.
        runtime=needs.minutes(reads=300),
    params:
        content=targets_content,
        code=code_digest("call_variants.py"),
        samples=sample_names,
        min_fraction=of_assay(lambda assay: assay.min_allele_fraction),
        command=of_case(
            lambda case: mutect2(
                fasta,
                case_crams(case),
                [s.name for s in case.samples[1:] if s.role == "normal"],
                all_reads=RUN.assays[case.assay].targets is not None,
            )
        ),
    script:
        "../../../scripts/call_variants.py"
