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
        "typing/{plate}.nextclade.tsv",
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
    shell:
        "cat {input} | nextclade run --input-dataset {params.dataset}"
        " --output-tsv {output} - &> {log}"


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
