# FASTQ to a sorted CRAM in one stream: duplicates marked, or molecules joined by their UMIs.
from gms.alignment.align_reads import (
    align_params,
    has_alignments,
    lane_params,
    molecule_params,
)

# One file stands for an index: all of its files come from one job.
ALIGNER_INDEX = {
    "bwa": rules.bwa_index.output[0],
    "bwa-mem2": rules.bwa_mem2_index.output[0],
    "star": rules.star_index.output[0],
}


rule align_reads:
    input:
        fastqs=of_sample(
            lambda sample: [
                str(path)
                for lane in sample.lanes
                for path in lane.files
                if optional_input(path)
            ]
        ),
        cram_fasta=of_sample(
            lambda sample: optional_input(
                RUN.reference.cram if has_alignments(sample) else None
            )
        ),
        fasta=fasta,
        index=of_assay(lambda assay: ALIGNER_INDEX[assay.aligner]),
    output:
        cram="alignment/{sample}.cram",
        crai="alignment/{sample}.cram.crai",
        reads="alignment/{sample}.reads.json",
    log:
        "logs/align_reads/{sample}.log",
    benchmark:
        "benchmarks/align_reads/{sample}.jsonl"
    threads: needs.threads(reads=250)
    resources:
        # The index; a batch of reads (-K) and what is being sorted fill up with the reads; fastp takes 1.1 GB at once;
        # sorting pairs by their molecule 0.4 GB, the consensus of a batch of them about as much. STAR holds its index,
        # 10 bytes for each base by its manual, and reads are sorted twice.
        mem_mb=needs.memory(
            base=of_assay(
                lambda assay: (1_100 if assay.trim else 0)
                + (900 if assay.min_reads else 0)
                + (2_000 + 9 * needs.genome if assay.aligner == "star" else 0)
            ),
            genome=1.8,
            reads=25,
            most=1_500,
            thread=300,
        ),
        # 12 on 10 Mb, where the index stays in the processor's cache; in a whole genome it does not. Molecules are
        # aligned a second time.
        runtime=needs.minutes(
            reads=of_assay(lambda assay: 120 if assay.min_reads else 60)
        ),
    params:
        content=of_sample(
            lambda sample: content_of(
                *(path for lane in sample.lanes for path in lane.files)
            )
        ),
        code=code_digest("align_reads.py"),
        lanes=of_sample(lane_params),
        how=of_assay(align_params),
        molecules=of_sample(lambda sample: molecule_params(sample, RUN.assays)),
    script:
        "../../scripts/align_reads.py"
