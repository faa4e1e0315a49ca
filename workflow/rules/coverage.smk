# CRAM to depth, callability, sex, contamination, identity and relations; metrics meet the assay's gates.
from functools import partial

from gms.filtering.control_variants import EVENT_CLASSES
from gms.inputs.row_files import classes_of, where_reads
from gms.qc.params import (
    case_roles,
    expected_of,
    gate_params,
    measure_params,
    pair_of,
    pair_vcf,
    sample_params,
)

# Of a control sample with a list of the variants that it has.
expected_variants = partial(expected_of, assays=RUN.assays)


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
        # One chromosome at a time, and its copy in capitals.
        mem_mb=needs.memory(contig=3),
        runtime=needs.minutes(genome=5),
    params:
        code=code_digest("contig_bases.py"),
    script:
        "../../scripts/contig_bases.py"


rule assay_regions:
    input:
        fai=f"{fasta}.fai",
        fasta=fasta,
        genes=optional_input(RUN.reference.genes),
        population=optional_input(RUN.reference.population),
        targets=targets,
        gene_list=genes,
        mask=optional_input(RUN.reference.mask),
        hotspots=optional_input(RUN.reference.hotspots),
        always_report=of_assay(lambda assay: optional_input(assay.whitelist)),
        policy=policy,
    output:
        limits="qc/regions/{assay}.limits.json",
        bed="qc/regions/{assay}.bed",
        sites="qc/regions/{assay}.sites.tsv",
    log:
        "logs/assay_regions/{assay}.log",
    benchmark:
        "benchmarks/assay_regions/{assay}.jsonl"
    wildcard_constraints:
        assay="[A-Za-z0-9_-]+",
    resources:
        # Not measured: the gene models of a whole genome.
        mem_mb=needs.memory(genome=0.5),
        runtime=needs.minutes(genome=20),
    params:
        content=of_assay(
            lambda assay: content_of(
                policy_file(assay),
                RUN.reference.genes,
                RUN.reference.population,
                assay.targets,
                assay.genes,
                RUN.reference.mask,
                RUN.reference.hotspots,
                assay.whitelist,
            )
        ),
        depth=of_assay(lambda assay: assay.callable_depth),
        code=code_digest("assay_regions.py"),
    script:
        "../../scripts/assay_regions.py"


# The tables of mosdepth and samtools (params coverage, alignment) come with the record that is made from them. Only
# MultiQC reads them; declaring them would make the plan of a run 8 % longer.
rule sample_qc:
    input:
        cram=of_sample(where_reads("alignment/{sample.name}.cram")),
        reads=of_sample(where_reads("alignment/{sample.name}.reads.json")),
        fasta=fasta,
        bed=of_sample(where_reads("qc/regions/{sample.assay}.bed")),
        sites=of_sample(where_reads("qc/regions/{sample.assay}.sites.tsv")),
        limits=of_sample(where_reads("qc/regions/{sample.assay}.limits.json")),
        contigs="qc/regions/contigs.tsv",
    output:
        fingerprint="qc/{sample}.fingerprint.tsv",
        qc="qc/{sample}.qc.json",
        positions="qc/{sample}.positions.tsv",
        genes=report(
            "qc/{sample}.genes.tsv",
            category="Quality",
            labels={"sample": "{sample}"},
            caption="../report/genes.rst",
        ),
    log:
        "logs/sample_qc/{sample}.log",
    benchmark:
        "benchmarks/sample_qc/{sample}.jsonl"
    group:
        of_sample(lambda sample: f"case_quality_{sample.case}")
    threads: needs.threads(reads=100, most=2)
    resources:
        # mosdepth holds 8 bytes for each base of one chromosome, whatever the threads.
        mem_mb=needs.memory(base=100, genome=0.7),
        runtime=needs.minutes(genome=10, reads=4),
    params:
        code=code_digest("sample_qc.py"),
        sample=of_sample(sample_params),
        coverage="qc/coverage/{sample}",
        alignment="qc/alignment/{sample}.stats.txt",
        how=of_assay(measure_params),
        gates=of_assay(gate_params),
    script:
        "../../scripts/sample_qc.py"


rule case_qc:
    input:
        samples=quality,
        fingerprints=fingerprints,
        pair=of_case(pair_vcf),
        control=of_case(
            lambda case: (
                f"filtered/{case.name}.vcf.gz" if expected_variants(case) else []
            )
        ),
        events=of_case(
            lambda case: [
                f"filtered/{name}/{case.name}.vcf.gz"
                for name in classes_of(RUN.assays, case)
                if name in EVENT_CLASSES and expected_variants(case)
            ]
        ),
        expected=of_case(lambda case: optional_input(expected_variants(case))),
        fasta=of_case(lambda case: fasta if expected_variants(case) else []),
        targets=of_case(
            lambda case: (
                optional_input(RUN.assays[case.assay].targets)
                if expected_variants(case)
                else []
            )
        ),
    output:
        "qc/{case}.case.json",
    log:
        "logs/case_qc/{case}.log",
    benchmark:
        "benchmarks/case_qc/{case}.jsonl"
    group:
        "case_steps_{case}"
    resources:
        mem_mb=per_attempt(FLOOR_MB),
        runtime=per_attempt(FLOOR_MINUTES),
    params:
        content=of_case(lambda case: content_of(expected_variants(case))),
        code=code_digest("case_qc.py"),
        assay=of_case(lambda case: case.assay),
        roles=of_case(case_roles),
        pair=of_case(pair_of),
        gates=of_assay(gate_params),
    script:
        "../../scripts/case_qc.py"
