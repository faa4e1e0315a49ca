# FASTQ to a sorted, duplicate-marked CRAM in one stream.
from gms.reads import align_facts, lane_facts

# One file stands for an index: all of its files come from one job.
ALIGNER_INDEX = {
    "bwa": rules.bwa_index.output[0],
    "bwa-mem2": rules.bwa_mem2_index.output[0],
}


rule align_reads:
    input:
        fastqs=of_sample(
            lambda sample: [
                str(path)
                for lane in sample.lanes
                for path in (lane.fastq_1, lane.fastq_2)
                if given(path)
            ]
        ),
        fasta=fasta,
        index=of_assay(lambda assay: ALIGNER_INDEX[assay.aligner]),
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
        lanes=of_sample(lane_facts),
        how=of_assay(align_facts),
    script:
        "../../scripts/align_reads.py"
