# Insertions and mobile elements from clipped reads, of all samples of a case together. Its contract is that of variants/insertions.
from gms.variants.insertions.elements import ELEMENTS


rule call_clippedreads:
    input:
        crams=crams,
        fasta=fasta,
        elements=optional_input(RUN.reference.mobile_elements or ELEMENTS),
    output:
        vcf="variants/structural/clippedreads/{case}.vcf.gz",
        index="variants/structural/clippedreads/{case}.vcf.gz.tbi",
    log:
        "logs/call_clippedreads/{case}.log",
    benchmark:
        "benchmarks/call_clippedreads/{case}.jsonl"
    resources:
        # Clipped reads of one million bases at a time, 0.3 s and 50 MB at 30x; not measured on whole genomes.
        mem_mb=needs.memory(base=100, genome=0.15),
        runtime=needs.minutes(reads=1),
    params:
        content=content_of(RUN.reference.mobile_elements or ELEMENTS),
        code=code_digest("call_clippedreads.py"),
    script:
        "../../../scripts/call_clippedreads.py"
