# Fusions and listed splice events in RNA, from chimeric and spliced alignments. Its contract is that of variants/rna.


rule call_starjunctions:
    input:
        crams=crams,
        fasta=fasta,
        targets=targets,
        transcripts=rules.transcripts.output if RUN.reference.genes else [],
    output:
        vcf="variants/rna/starjunctions/{case}.vcf.gz",
        index="variants/rna/starjunctions/{case}.vcf.gz.tbi",
        facts="variants/rna/{case}.json",
    log:
        "logs/call_starjunctions/{case}.log",
    benchmark:
        "benchmarks/call_starjunctions/{case}.jsonl"
    resources:
        # Not measured on a whole transcriptome: all transcripts, and the fragments that lie far apart.
        mem_mb=needs.memory(base=500, genome=0.5),
        runtime=needs.minutes(reads=10),
    params:
        content=targets_content,
        code=code_digest("call_starjunctions.py"),
        sample=of_case(lambda case: case.index.name),
    script:
        "../../../scripts/call_starjunctions.py"
