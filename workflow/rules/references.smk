# The reference as the tools need it: one FASTA with its indices, and the gene models as a consequence database.
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
        "(case {input} in *.gz | *.bgz) bgzip -dc {input} > {output.fasta};;"
        " *) ln -sf {input} {output.fasta};; esac;"
        " samtools faidx {output.fasta}) &> {log}"


# An index that lies beside the reference is linked, not made again.
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
        "(for s in {params.suffixes}; do [ -e {params.source}$s ] || made=no; done;"
        " if [ -z ${{made:-}} ]; then for s in {params.suffixes}; do ln -sf {params.source}$s {params.prefix}$s; done;"
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
    shell:
        "bwa-mem2 index -p {params.prefix} {input} &> {log}"


# snpEff names transcripts by their plain ids; Ensembl's GFF3 puts the feature type before them.
rule consequence_database:
    input:
        fasta=fasta,
        genes=optional_input(RUN.reference.genes),
        config=PROJECT / "resources" / "snpeff.config",
    output:
        database=directory("reference/snpeff"),
    log:
        "logs/consequence_database/genome.log",
    benchmark:
        "benchmarks/consequence_database/genome.jsonl"
    resources:
        # Not measured on a whole genome: all genes with all their sequence, at once.
        mem_mb=needs.memory(genome=5),
        runtime=needs.minutes(genome=40),
    params:
        content=genes_content,
    shell:
        "(mkdir -p {output.database}/genome;"
        " cp {input.config} {output.database}/snpEff.config;"
        " ln -s ../../genome.fa {output.database}/genome/sequences.fa;"
        " gzip -dcf {input.genes} | sed -E 's/=(gene|transcript|CDS):/=/g' > {output.database}/genome/genes.gff;"
        " snpEff -Xmx$(({resources.mem_mb} * 4 / 5))m build -c {output.database}/snpEff.config -gff3 -noLog"
        " -noCheckCds -noCheckProtein genome;"
        " rm {output.database}/genome/genes.gff {output.database}/genome/sequences.fa) &> {log}"
