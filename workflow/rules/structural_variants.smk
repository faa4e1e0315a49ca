# All callers' structural variants of a case, one record per event, its reads counted the same way in every sample.
rule merge_structural:
    input:
        calls=of_case(
            lambda case: [
                f"variants/structural/{caller}/{case.name}.vcf.gz"
                for caller in RUN.assays[case.assay].callers.get("structural", ())
            ]
        ),
        crams=crams,
        quality=quality,
        fasta=fasta,
        # Of a panel: which expected fusions its targets can show.
        targets=of_assay(
            lambda assay: optional_input(assay.targets if is_panel(assay) else None)
        ),
        transcripts=of_assay(
            lambda assay: (
                rules.transcripts.output
                if RUN.reference.genes and is_panel(assay)
                else []
            )
        ),
    output:
        vcf="variants/structural/merged/{case}.vcf.gz",
        index="variants/structural/merged/{case}.vcf.gz.tbi",
        facts="variants/structural/{case}.json",
    log:
        "logs/merge_structural/{case}.log",
    benchmark:
        "benchmarks/merge_structural/{case}.jsonl"
    resources:
        # 10 Mb at 30x take 59 MB; not measured on whole genomes.
        mem_mb=needs.memory(base=100, genome=0.1),
        runtime=needs.minutes(reads=1),
    params:
        content=of_assay(
            lambda assay: content_of(assay.targets if is_panel(assay) else None)
        ),
        code=code_digest("merge_structural.py"),
        callers=of_assay(lambda assay: assay.callers.get("structural", ())),
        somatic=of_assay(lambda assay: assay.kind == "somatic"),
        samples=of_case(lambda case: [(s.name, s.sex) for s in case.samples]),
    script:
        "../../scripts/merge_structural.py"
