# FASTQ to a sorted, duplicate-marked CRAM in one stream.
ALIGNER_INDEX = {
    "bwa": rules.bwa_index.output,
    "bwa-mem2": rules.bwa_mem2_index.output,
}


rule align_reads:
    input:
        fastqs=lambda wildcards: [
            str(path)
            for lane in sample_of(wildcards).lanes
            for path in (lane.fastq_1, lane.fastq_2)
            if given(path)
        ],
        fasta=fasta,
        index=lambda wildcards: ALIGNER_INDEX[assay_of(wildcards).aligner],
    output:
        cram="alignment/{sample}.cram",
        crai="alignment/{sample}.cram.crai",
    log:
        "logs/align_reads/{sample}.log",
    benchmark:
        "benchmarks/align_reads/{sample}.jsonl"
    threads: 16
    resources:
        mem_mb=per_genome(5_000, 3),
        runtime=per_attempt(720),
    params:
        code=code_digest("align_reads.py"),
        lanes=lambda wildcards: [
            (lane.name, str(lane.fastq_1), str(lane.fastq_2))
            for lane in sample_of(wildcards).lanes
        ],
        aligner=lambda wildcards: assay_of(wildcards).aligner,
        index=lambda wildcards: f"reference/{assay_of(wildcards).aligner}/genome.fa",
        trim=lambda wildcards: assay_of(wildcards).trim,
    script:
        "../../scripts/align_reads.py"
