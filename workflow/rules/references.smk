# The reference as the tools need it: one FASTA with its indices, and its gene models.
from gms.alignment.star import index_files

BWA_INDEX = (".amb", ".ann", ".bwt", ".pac", ".sa")
BWA_MEM2_INDEX = (".0123", ".amb", ".ann", ".bwt.2bit.64", ".pac")


rule reference_fasta:
    input:
        optional_input(RUN.reference.fasta),
    output:
        fasta=fasta,
        fai=f"{fasta}.fai",
    log:
        "logs/reference_fasta/genome.log",
    benchmark:
        "benchmarks/reference_fasta/genome.jsonl"
    resources:
        mem_mb=per_attempt(FLOOR_MB),
        runtime=needs.minutes(genome=10),
    params:
        content=fasta_content,
    shell:
        "(case {input:q} in *.gz | *.bgz) bgzip -dc {input:q} > {output.fasta};;"
        " *) ln -sf {input:q} {output.fasta};; esac;"
        " samtools faidx {output.fasta}) &> {log}"


# As GATK reads it, next to the FASTA.
rule sequence_dictionary:
    input:
        fasta,
    output:
        "reference/genome.dict",
    log:
        "logs/sequence_dictionary/genome.log",
    benchmark:
        "benchmarks/sequence_dictionary/genome.jsonl"
    resources:
        mem_mb=needs.memory(contig=1.2, base=300),
        runtime=needs.minutes(genome=10),
    shell:
        "samtools dict --output {output} {input} 2> {log}"


# An index next to the reference is linked, not made again.
rule bwa_index:
    input:
        fasta,
    output:
        multiext("reference/bwa/genome.fa", *BWA_INDEX),
    log:
        "logs/bwa_index/genome.log",
    benchmark:
        "benchmarks/bwa_index/genome.jsonl"
    resources:
        # 6 on 10 Mb; a whole genome is known to take an hour and more.
        mem_mb=needs.memory(base=100, genome=2),
        runtime=needs.minutes(genome=40),
    params:
        source=RUN.reference.fasta,
        prefix=subpath(output[0], strip_suffix=BWA_INDEX[0]),
        suffixes=BWA_INDEX,
    shell:
        "([ ! -e {params.source:q}.alt ] || ln -sf {params.source:q}.alt {params.prefix}.alt;"
        " for s in {params.suffixes}; do [ -e {params.source:q}$s ] || made=no; done;"
        " if [ -z ${{made:-}} ]; then for s in {params.suffixes}; do ln -sf {params.source:q}$s {params.prefix}$s; done;"
        " else bwa index -p {params.prefix} {input}; fi) &> {log}"


rule bwa_mem2_index:
    input:
        fasta,
    output:
        multiext("reference/bwa-mem2/genome.fa", *BWA_MEM2_INDEX),
    log:
        "logs/bwa_mem2_index/genome.log",
    benchmark:
        "benchmarks/bwa_mem2_index/genome.jsonl"
    resources:
        # 28 bytes for each base, by the manual of bwa-mem2.
        mem_mb=needs.memory(genome=28),
        runtime=needs.minutes(genome=40),
    params:
        prefix=subpath(output[0], strip_suffix=BWA_MEM2_INDEX[0]),
        source=RUN.reference.fasta,
    shell:
        "([ ! -e {params.source:q}.alt ] || ln -sf {params.source:q}.alt {params.prefix}.alt;"
        " bwa-mem2 index -p {params.prefix} {input}) &> {log}"


# For RNA, with the junctions of the gene models.
rule star_index:
    input:
        fasta=fasta,
        genes=optional_input(RUN.reference.genes),
    output:
        index_files("reference/star"),
    log:
        "logs/star_index/genome.log",
    benchmark:
        "benchmarks/star_index/genome.jsonl"
    threads: 8
    resources:
        # 32 GB for a human genome, by STAR's manual; half an hour and more on many threads.
        mem_mb=needs.memory(base=1_000, genome=11),
        runtime=needs.minutes(genome=150),
    params:
        content=genes_content,
        code=code_digest("star_index.py"),
    script:
        "../../scripts/star_index.py"


# Every transcript's coding bases: where alleles on the same molecules share a reading frame.
rule coding_regions:
    input:
        genes=optional_input(RUN.reference.genes),
    output:
        "reference/coding.bed",
    log:
        "logs/coding_regions/genome.log",
    benchmark:
        "benchmarks/coding_regions/genome.jsonl"
    resources:
        # 6 s and 134 MB for a made-up GFF3 of Ensembl's size (docs/resources.md).
        mem_mb=per_attempt(FLOOR_MB),
        runtime=per_attempt(FLOOR_MINUTES),
    params:
        content=genes_content,
        code=code_digest("coding_regions.py"),
    script:
        "../../scripts/coding_regions.py"


# Refuses features that belong to no gene: their variants would be called intergenic.
rule transcripts:
    input:
        genes=optional_input(RUN.reference.genes),
    output:
        transcripts="reference/transcripts.tsv",
    log:
        "logs/transcripts/genome.log",
    benchmark:
        "benchmarks/transcripts/genome.jsonl"
    resources:
        # 22 s and 1.3 GB for a made-up GFF3 of Ensembl's size (docs/resources.md).
        mem_mb=needs.memory(genome=0.6),
        runtime=per_attempt(FLOOR_MINUTES),
    params:
        code=code_digest("transcripts.py"),
        content=genes_content,
    script:
        "../../scripts/transcripts.py"
