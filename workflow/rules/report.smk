# What a person reads: a report per case, an overview of all samples, and the record of what the run rests on.

from functools import partial

from gms.inputs.assay_files import RANK_MODELS
from gms.inputs.row_files import (
    classes_of,
    facts_path,
    measures_alleles,
    shows_regions,
)
from gms.report.run_record import case_params, recorded, recorded_files


# For snakemake --report, which gathers what is marked with report().
report: "../report/workflow.rst"


RUN_FILES = [assay.file for assay in (*RUN.assays.values(), *RUN.viruses.values())]
RUN_FILES += [
    path for assay in RUN.assays.values() for path in assay.policy_files.values()
]
RUN_FILES += [assay.tmb for assay in RUN.assays.values() if assay.tmb]

# Classes of variants besides small ones that are looked for in a case.
other_classes = partial(classes_of, RUN.assays)

phenotype_table = optional_input(RUN.reference.phenotypes)
# Rank model of each class of variants, where an assay has one.
rank_models = {
    name: {
        variants: str(model)
        for variants, key in RANK_MODELS.items()
        if (model := getattr(assay, key))
    }
    for name, assay in RUN.assays.items()
}

# Tables of mosdepth and samtools for MultiQC. sample_qc makes them with the record of a sample, which is asked for.
OVERVIEW = expand(
    (
        "qc/alignment/{sample}.stats.txt",
        "qc/coverage/{sample}.mosdepth.global.dist.txt",
        "qc/coverage/{sample}.mosdepth.region.dist.txt",
    ),
    sample=[name for name, sample in RUN.samples.items() if has_reads(sample)],
)


rule run_record:
    input:
        fai=f"{fasta}.fai" if RUN.reference.fasta else [],
        files=RUN_FILES,
    output:
        report("run.json", category="Run", caption="../report/run_record.rst"),
    log:
        "logs/run_record/run.log",
    benchmark:
        "benchmarks/run_record/run.jsonl"
    resources:
        mem_mb=per_attempt(FLOOR_MB),
        runtime=per_attempt(FLOOR_MINUTES),
    params:
        code=code_digest("run_record.py"),
        content=content_of(*recorded_files(RUN)),
        run=recorded(RUN),
    script:
        "../../scripts/run_record.py"


rule case_report:
    input:
        vcf="filtered/{case}.vcf.gz",
        policy=policy,
        gene_list=gene_list,
        samples=quality,
        genes=of_case(
            lambda case: [f"qc/{sample.name}.genes.tsv" for sample in case.samples]
        ),
        positions=of_case(lambda case: f"qc/{case.index.name}.positions.tsv"),
        relations="qc/{case}.case.json",
        regions=of_case(
            lambda case: (
                f"regions/{case.name}.json" if shows_regions(RUN.assays, case) else []
            )
        ),
        external=of_case(
            lambda case: (
                f"variants/external/{case.name}.json" if starts_from_vcf(case) else []
            )
        ),
        classes=of_case(
            lambda case: [
                f"filtered/{name}/{case.name}.vcf.gz" for name in other_classes(case)
            ]
        ),
        class_policies=of_case(
            lambda case: [
                RUN.assays[case.assay].policy_files[name]
                for name in other_classes(case)
            ]
        ),
        class_facts=of_case(
            lambda case: [
                facts_path(RUN.assays[case.assay], name, case.name)
                for name in other_classes(case)
            ]
        ),
        smn=of_case(
            lambda case: (
                [f"biomarkers/{sample.name}.smn.json" for sample in case.samples]
                if shows_regions(RUN.assays, case)
                else []
            )
        ),
        tmb=of_case(
            lambda case: (
                f"biomarkers/{case.name}.tmb.json"
                if RUN.assays[case.assay].tmb and not starts_from_vcf(case)
                else []
            )
        ),
        msi=of_case(
            lambda case: (
                f"biomarkers/{case.name}.msi.json"
                if RUN.assays[case.assay].msi and not starts_from_vcf(case)
                else []
            )
        ),
        alleles=of_case(
            lambda case: (
                [f"biomarkers/{case.name}.{name}.json" for name in ("purity", "hrd")]
                if measures_alleles(RUN.assays, case)
                else []
            )
        ),
        crams=crams,
        fasta=fasta,
        rank_models=of_assay(
            lambda assay: [
                path
                for path in sorted(set(rank_models[assay.name].values()))
                if optional_input(Path(path))
            ]
        ),
        secondary_genes=of_assay(lambda assay: optional_input(assay.secondary_genes)),
        phenotypes=of_case(lambda case: phenotype_table if case.index.phenotype else []),
        run="run.json",
    output:
        data="report/{case}.json",
        page=report(
            "report/{case}.html",
            category="Cases",
            labels={"case": "{case}", "as": "page"},
            caption="../report/case.rst",
        ),
        table=report(
            "report/{case}.tsv",
            category="Cases",
            labels={"case": "{case}", "as": "table"},
            caption="../report/case_table.rst",
        ),
        hotspots="report/{case}.hotspots.tsv",
        workbook="report/{case}.xlsx",
    log:
        "logs/case_report/{case}.log",
    benchmark:
        "benchmarks/case_report/{case}.jsonl"
    wildcard_constraints:
        # report/multiqc.html is not a case's.
        case=r"(?!multiqc\.)[A-Za-z0-9-]+",
    group:
        "case_steps_{case}"
    resources:
        # 3 kB for each reported variant: without gene models a whole genome's are millions.
        mem_mb=needs.memory(genome=0.3),
        runtime=needs.minutes(genome=5),
    params:
        content=of_assay(
            lambda assay: content_of(
                policy_file(assay),
                assay.rank_model,
                assay.rank_model_structural,
                assay.rank_model_repeats,
                assay.secondary_genes,
                RUN.reference.phenotypes,
            )
        ),
        code=code_digest("case_report.py"),
        rank_models=of_assay(lambda assay: rank_models[assay.name]),
        case=of_case(lambda case: case_params(case, RUN.assays[case.assay])),
        classes=of_case(other_classes),
    script:
        "../../scripts/case_report.py"


rule overview_tables:
    input:
        samples=[f"qc/{name}.qc.json" for name in RUN.samples],
        cases=[f"qc/{name}.case.json" for name in RUN.cases],
        plates=[f"qc/plates/{name}.json" for name in RUN.plates],
    output:
        files="qc/overview/files.txt",
        cases="qc/overview/cases_mqc.json",
        gates="qc/overview/gates_mqc.json",
        metrics="qc/overview/metrics_mqc.json",
        viral="qc/overview/viral_mqc.json",
        sample_list=report(
            "qc/overview/samples.tsv",
            category="Quality",
            caption="../report/samples.rst",
        ),
        gate_list=report(
            "qc/overview/gates.tsv", category="Quality", caption="../report/gates.rst"
        ),
    log:
        "logs/overview_tables/all.log",
    benchmark:
        "benchmarks/overview_tables/all.jsonl"
    resources:
        mem_mb=per_attempt(FLOOR_MB),
        runtime=per_attempt(FLOOR_MINUTES),
    params:
        code=code_digest("overview_tables.py"),
        others=OVERVIEW,
    script:
        "../../scripts/overview_tables.py"


rule multiqc:
    input:
        tables=rules.overview_tables.output[1:5],
        files=rules.overview_tables.output.files,
        config=RUN.project / "config" / "multiqc.yaml",
    output:
        report(
            "report/multiqc.html", category="Quality", caption="../report/multiqc.rst"
        ),
    log:
        "logs/multiqc/all.log",
    benchmark:
        "benchmarks/multiqc/all.jsonl"
    resources:
        mem_mb=needs.memory(base=200 + 2 * len(RUN.samples)),
        runtime=per_attempt(FLOOR_MINUTES + len(RUN.samples) // 50),
    params:
        policy="default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline';"
        " img-src data: blob:; font-src data:",
    shell:
        "multiqc --force --no-ansi --config {input.config:q} --file-list {input.files}"
        " --outdir report --filename multiqc.html &> {log}"
        # Its scripts run, but fetch nothing.
        """ && sed -i "0,/<head>/s|<head>|<head><meta http-equiv=\\"Content-Security-Policy\\" content=\\"{params.policy}\\">|" {output}"""
