# The samples of a plate together: typing, verdicts, report, and what is handed over.
from gms.viral.chain.params import plate_params
from gms.qc.params import gate_params

consensus_of = of_plate(
    lambda plate: [f"consensus/{sample.name}.fasta" for sample in plate.samples]
)


rule pangolin:
    input:
        consensus_of,
    output:
        "typing/{plate}.lineage_report.csv",
    log:
        "logs/pangolin/{plate}.log",
    benchmark:
        "benchmarks/pangolin/{plate}.jsonl"
    conda:
        "../../envs/pangolin.yaml"
    resources:
        mem_mb=per_attempt(8_000),
        runtime=per_attempt(60),
        work=lambda wildcards: f"typing/{wildcards.plate}.pangolin.fasta",
    shell:
        "(cat {input} > {resources.work};"
        " pangolin {resources.work} --outfile {output}; rm {resources.work}) &> {log}"


rule nextclade:
    input:
        consensus_of,
    output:
        report="typing/{plate}.nextclade.tsv",
        version="typing/{plate}.nextclade.tsv.version",
    log:
        "logs/nextclade/{plate}.log",
    benchmark:
        "benchmarks/nextclade/{plate}.jsonl"
    conda:
        "../../envs/nextclade.yaml"
    resources:
        mem_mb=per_attempt(4_000),
        runtime=per_attempt(30),
    params:
        dataset=of_plate_assay(lambda assay: assay.nextclade_dataset),
        content=of_plate_assay(lambda assay: content_of(assay.nextclade_dataset)),
    shell:
        "(nextclade --version > {output.version}; cat {input} |"
        " nextclade run --input-dataset {params.dataset:q} --output-tsv {output.report} -)"
        " &> {log}"


rule viral_plate:
    input:
        samples=of_plate(
            lambda plate: [f"qc/viral/{sample.name}.json" for sample in plate.samples]
        ),
        genome=of_plate(lambda plate: f"reference/viral/{plate.assay}/genome.fa"),
        human=human_of("qc/viral/{sample}.human.json"),
        marks=of_plate_assay(lambda assay: optional_input(assay.marks)),
        pangolin=result_of("pangolin", "typing/{plate}.lineage_report.csv"),
        nextclade=result_of("nextclade", "typing/{plate}.nextclade.tsv"),
        nextclade_version=made_by("nextclade", "typing/{plate}.nextclade.tsv.version"),
    output:
        "qc/plates/{plate}.json",
    log:
        "logs/viral_plate/{plate}.log",
    benchmark:
        "benchmarks/viral_plate/{plate}.jsonl"
    resources:
        mem_mb=per_attempt(1_000),
        runtime=per_attempt(FLOOR_MINUTES),
    params:
        code=code_digest("viral_plate.py"),
        plate=of_plate(lambda plate: plate_params(plate, RUN.viruses[plate.assay])),
        gates=of_plate_assay(gate_params),
        dataset=of_plate_assay(lambda assay: str(assay.nextclade_dataset or "")),
        content=of_plate_assay(
            lambda assay: content_of(
                *(
                    path
                    for path in (assay.marks, assay.pangolin, assay.nextclade)
                    if path != "run"
                )
            )
        ),
    script:
        "../../../scripts/viral_plate.py"


# The pages of samples, and the JSON of each, are next to that of their plate.
rule viral_report:
    input:
        plate="qc/plates/{plate}.json",
        genome=of_plate(lambda plate: f"reference/viral/{plate.assay}/genome.fa"),
        earlier=of_plate_assay(
            lambda assay: [str(path) for path in assay.earlier if path.exists()]
        ),
    output:
        report(
            "report/viral/{plate}/index.html",
            category="Plates",
            labels={"plate": "{plate}"},
            caption="../../report/plate.rst",
        ),
    log:
        "logs/viral_report/{plate}.log",
    benchmark:
        "benchmarks/viral_report/{plate}.jsonl"
    resources:
        mem_mb=per_attempt(FLOOR_MB),
        runtime=per_attempt(FLOOR_MINUTES),
    params:
        code=code_digest("viral_report.py"),
        content=of_plate_assay(lambda assay: content_of(*assay.earlier)),
    script:
        "../../../scripts/viral_report.py"


# What may leave of the reads of a sample: pairs of the virus, none of a human.
rule viral_human_reads:
    input:
        fastqs=of_viral(lane_files),
        bam="alignment/viral/{sample}.bam",
        index=rules.bwa_index.output[0],
    output:
        one="alignment/viral/{sample}.without_human_1.fastq.gz",
        two="alignment/viral/{sample}.without_human_2.fastq.gz",
        qc="qc/viral/{sample}.human.json",
    log:
        "logs/viral_human_reads/{sample}.log",
    benchmark:
        "benchmarks/viral_human_reads/{sample}.jsonl"
    resources:
        mem_mb=needs.memory(base=1_000, genome=1.8),
        runtime=per_attempt(60),
    params:
        code=code_digest("viral_human_reads.py"),
        index=subpath(input.index, strip_suffix=BWA_INDEX[0]),
        lanes=of_viral(
            lambda sample: [
                (str(lane.fastq_1), str(lane.fastq_2)) for lane in sample.lanes
            ]
        ),
    script:
        "../../../scripts/viral_human_reads.py"


rule viral_handover:
    input:
        plate="qc/plates/{plate}.json",
        laboratory=of_plate_assay(lambda assay: optional_input(assay.laboratory)),
        consensus=consensus_of,
        reads=human_of(
            "alignment/viral/{sample}.without_human_1.fastq.gz",
            "alignment/viral/{sample}.without_human_2.fastq.gz",
        ),
    output:
        "handover/{plate}.json",
    log:
        "logs/viral_handover/{plate}.log",
    benchmark:
        "benchmarks/viral_handover/{plate}.jsonl"
    resources:
        mem_mb=per_attempt(1_000),
        runtime=per_attempt(60),
    params:
        code=code_digest("viral_handover.py"),
        content=of_plate_assay(lambda assay: content_of(assay.laboratory)),
        handover=of_plate_assay(lambda assay: assay.handover),
        known=list(RUN.viral_samples),
        sheet=str(RUN.sheet),
    script:
        "../../../scripts/viral_handover.py"
