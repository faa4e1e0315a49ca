# A virus from FASTQ to consensus: amplicon reads aligned, primers clipped, alleles and consensus by one rule of depth.
from gms.viral.chain.params import lane_files, reference_params, sample_params
from gms.alignment.align_reads import lane_params


# Its indices, genes and primer schemes are next to the genome.
rule viral_reference:
    input:
        of_virus_named(
            lambda assay: [
                str(path)
                for path in (assay.genome, assay.genes, *assay.schemes.values())
                if optional_input(path)
            ]
        ),
    output:
        "reference/viral/{virus}/genome.fa",
    log:
        "logs/viral_reference/{virus}.log",
    benchmark:
        "benchmarks/viral_reference/{virus}.jsonl"
    wildcard_constraints:
        virus="[A-Za-z0-9_-]+",
    resources:
        mem_mb=per_attempt(FLOOR_MB),
        runtime=per_attempt(FLOOR_MINUTES),
    params:
        given=of_virus_named(reference_params),
        content=of_virus_named(
            lambda assay: content_of(
                assay.genome, assay.genes, *assay.schemes.values()
            )
        ),
        code=code_digest("viral_reference.py"),
    script:
        "../../../scripts/viral_reference.py"


rule viral_alignment:
    input:
        fastqs=of_viral(lane_files),
        genome=virus_genome,
    output:
        bam="alignment/viral/{sample}.bam",
        index="alignment/viral/{sample}.bam.bai",
        clipped="alignment/viral/{sample}.clipped.txt",
    log:
        "logs/viral_alignment/{sample}.log",
    benchmark:
        "benchmarks/viral_alignment/{sample}.jsonl"
    resources:
        # fastp and what is being sorted.
        mem_mb=per_attempt(2_000),
        runtime=per_attempt(30),
    params:
        content=of_viral(lambda sample: content_of(*map(Path, lane_files(sample)))),
        code=code_digest("viral_alignment.py"),
        lanes=of_viral(lane_params),
        scheme=of_viral(lambda sample: sample.scheme),
        trim=of_virus(lambda assay: assay.trim),
    script:
        "../../../scripts/viral_alignment.py"


rule viral_consensus:
    input:
        bam="alignment/viral/{sample}.bam",
        clipped="alignment/viral/{sample}.clipped.txt",
        genome=virus_genome,
    output:
        vcf="variants/viral/{sample}.vcf.gz",
        tbi="variants/viral/{sample}.vcf.gz.tbi",
        fasta="consensus/{sample}.fasta",
        qc="qc/viral/{sample}.json",
    log:
        "logs/viral_consensus/{sample}.log",
    benchmark:
        "benchmarks/viral_consensus/{sample}.jsonl"
    resources:
        mem_mb=per_attempt(1_000),
        runtime=per_attempt(30),
    params:
        code=code_digest("viral_consensus.py"),
        sample=of_viral(sample_params),
        rules=of_virus(lambda assay: assay.rules),
        schemes=of_virus(lambda assay: list(assay.schemes)),
    script:
        "../../../scripts/viral_consensus.py"
