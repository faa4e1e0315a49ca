# Small variants by freebayes. A caller prints VCF for a shard of the genome; what it prints becomes the callers' contract.
from gms.variants.small.commands import freebayes


rule call_freebayes:
    input:
        crams=crams,
        fasta=fasta,
        targets=targets,
    output:
        vcf="variants/freebayes/{case}.vcf.gz",
        index="variants/freebayes/{case}.vcf.gz.tbi",
    log:
        "logs/call_freebayes/{case}.log",
    benchmark:
        "benchmarks/call_freebayes/{case}.jsonl"
    threads: needs.threads(reads=100, genome=5)
    resources:
        # Each process holds the sequence of a chromosome three times: 740 MB for the longest human one.
        mem_mb=needs.memory(thread=100, contig=3.2),
        # 5 on even coverage; where reads pile up, at centromeres, one shard alone can take hours.
        runtime=needs.minutes(reads=40),
    params:
        content=targets_content,
        code=code_digest("call_variants.py"),
        samples=sample_names,
        min_fraction=of_assay(lambda assay: assay.min_allele_fraction),
        command=of_case(
            lambda case: freebayes(
                fasta, case_crams(case), RUN.assays[case.assay].min_allele_fraction
            )
        ),
    script:
        "../../../scripts/call_variants.py"
