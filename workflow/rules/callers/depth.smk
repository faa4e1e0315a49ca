# Copy number by the depth of reads, of all samples of a case. Its contract is that of variants/copy_number.


rule call_depth:
    input:
        crams=crams,
        quality=quality,
        fasta=fasta,
        controls=of_assay(lambda assay: optional_input(assay.copy_number)),
        small="variants/merged/{case}.vcf.gz",
        structural=of_case(
            lambda case: (
                f"variants/structural/merged/{case.name}.vcf.gz"
                if "structural" in RUN.assays[case.assay].callers
                else []
            )
        ),
    output:
        vcf="variants/copy_number/depth/{case}.vcf.gz",
        index="variants/copy_number/depth/{case}.vcf.gz.tbi",
        facts="variants/copy_number/{case}.json",
    log:
        "logs/call_depth/{case}.log",
    benchmark:
        "benchmarks/call_depth/{case}.jsonl"
    # It reads one sample in each thread.
    threads: needs.threads(reads=100, most=of_case(lambda case: len(case.samples)))
    resources:
        # 10 Mb at 30x take 72 MB; not measured on a whole genome: counts of 6 million bins of each sample, and their likelihoods of one.
        mem_mb=needs.memory(base=200, genome=0.8),
        runtime=needs.minutes(reads=2),
    params:
        content=of_assay(lambda assay: content_of(assay.copy_number)),
        code=code_digest("call_depth.py"),
        samples=of_case(lambda case: [(s.name, s.sex) for s in case.samples]),
    script:
        "../../../scripts/call_depth.py"
