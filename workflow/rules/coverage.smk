# CRAM to depth, callability, sex, contamination, identity and relations; metrics meet the assay's gates.
from gms.qc.facts import case_roles, gate_facts, sample_facts


rule contig_bases:
    input:
        fasta=fasta,
    output:
        "qc/regions/contigs.tsv",
    log:
        "logs/contig_bases/contigs.log",
    benchmark:
        "benchmarks/contig_bases/contigs.jsonl"
    resources:
        mem_mb=per_attempt(2_000),
        runtime=per_attempt(30),
    params:
        code=code_digest("contig_bases.py"),
    script:
        "../../scripts/contig_bases.py"


rule assay_regions:
    input:
        fai=f"{fasta}.fai",
        genes=given(RUN.reference.genes),
        population=given(RUN.reference.population),
        targets=lambda wildcards: given(RUN.assays[wildcards.assay].targets),
        gene_list=lambda wildcards: given(RUN.assays[wildcards.assay].genes),
    output:
        bed="qc/regions/{assay}.bed",
        sites="qc/regions/{assay}.sites.tsv",
    log:
        "logs/assay_regions/{assay}.log",
    benchmark:
        "benchmarks/assay_regions/{assay}.jsonl"
    wildcard_constraints:
        assay="[A-Za-z0-9_-]+",
    resources:
        mem_mb=per_attempt(2_000),
        runtime=per_attempt(60),
    params:
        code=code_digest("assay_regions.py"),
    script:
        "../../scripts/assay_regions.py"


rule measure_alignment:
    input:
        cram="alignment/{sample}.cram",
        fasta=fasta,
        bed=lambda wildcards: f"qc/regions/{sample_of(wildcards).assay}.bed",
    output:
        multiext(
            "qc/coverage/{sample}",
            summary=".mosdepth.summary.txt",
            regions=".regions.bed.gz",
            thresholds=".thresholds.bed.gz",
        ),
        stats="qc/alignment/{sample}.stats.txt",
        on_target="qc/alignment/{sample}.on_target.txt",
    log:
        "logs/measure_alignment/{sample}.log",
    benchmark:
        "benchmarks/measure_alignment/{sample}.jsonl"
    group:
        "sample_qc"
    threads: 2
    resources:
        mem_mb=per_attempt(4_000),
        runtime=per_attempt(240),
    params:
        callable_depth=lambda wildcards: assay_of(wildcards).callable_depth,
        # Panel fragments are short: their mates overlap, and fast mode would count those bases twice.
        mode=lambda wildcards: "" if assay_of(wildcards).targets else "--fast-mode",
        targeted=lambda wildcards: "true" if assay_of(wildcards).targets else "false",
    shell:
        "(MOSDEPTH_PRECISION=6 mosdepth --threads {threads} --no-per-base {params.mode} --mapq 20 --fasta {input.fasta}"
        " --by {input.bed} --thresholds {params.callable_depth} qc/coverage/{wildcards.sample} {input.cram} >&2;"
        " samtools stats --threads {threads} --reference {input.fasta} {input.cram} > {output.stats};"
        " if {params.targeted}; then samtools view --count --threads {threads} --reference {input.fasta}"
        " --use-index --targets-file {input.bed} --exclude-flags 0x904 {input.cram}; fi > {output.on_target}) 2> {log}"


rule sample_qc:
    input:
        cram="alignment/{sample}.cram",
        fasta=fasta,
        sites=lambda wildcards: f"qc/regions/{sample_of(wildcards).assay}.sites.tsv",
        # What is measured of a sample lies beside these two: two files to plan instead of seven.
        summary="qc/coverage/{sample}.mosdepth.summary.txt",
        contigs="qc/regions/contigs.tsv",
        stats="qc/alignment/{sample}.stats.txt",
    output:
        fingerprint="qc/{sample}.fingerprint.tsv",
        qc="qc/{sample}.qc.json",
        genes="qc/{sample}.genes.tsv",
    log:
        "logs/sample_qc/{sample}.log",
    benchmark:
        "benchmarks/sample_qc/{sample}.jsonl"
    group:
        "sample_qc"
    resources:
        mem_mb=per_attempt(2_000),
        runtime=per_attempt(60),
    params:
        code=code_digest("sample_qc.py"),
        sample=lambda wildcards: sample_facts(sample_of(wildcards)),
        targeted=lambda wildcards: assay_of(wildcards).targets is not None,
        gates=lambda wildcards: gate_facts(assay_of(wildcards)),
    script:
        "../../scripts/sample_qc.py"


rule case_qc:
    input:
        samples=lambda wildcards: [
            f"qc/{sample.name}.qc.json" for sample in case_of(wildcards).samples
        ],
        fingerprints=lambda wildcards: [
            f"qc/{sample.name}.fingerprint.tsv"
            for sample in case_of(wildcards).samples
        ],
    output:
        "qc/{case}.case.json",
    log:
        "logs/case_qc/{case}.log",
    benchmark:
        "benchmarks/case_qc/{case}.jsonl"
    group:
        "case_steps"
    resources:
        mem_mb=per_attempt(1_000),
        runtime=per_attempt(20),
    params:
        code=code_digest("case_qc.py"),
        assay=lambda wildcards: case_of(wildcards).assay,
        roles=lambda wildcards: case_roles(case_of(wildcards)),
        gates=lambda wildcards: gate_facts(assay_of(wildcards)),
    script:
        "../../scripts/case_qc.py"
