# Merged alleles to annotated ones: knowledge by bcftools, effects on genes by us.
from gms.annotation.commands import annotation_params, family_quality
from gms.inputs.row_files import paired_classes

# Classes of variants of a case whose small ones may form pairs with theirs, and the policies of these classes.
pairs_with = {
    case.name: paired_classes(RUN.assays, case) for case in RUN.cases.values()
}
large = of_case(
    lambda case: [
        f"annotated/{name}/{case.name}.vcf.gz" for name in pairs_with[case.name]
    ]
)
large_policies = of_case(
    lambda case: [
        RUN.assays[case.assay].policy_files[name] for name in pairs_with[case.name]
    ]
)
large_classes = of_case(lambda case: pairs_with[case.name])


rule annotate_variants:
    input:
        vcf=of_case(
            lambda case: (
                f"variants/external/{case.name}.vcf.gz"
                if starts_from_vcf(case)
                else f"variants/merged/{case.name}.vcf.gz"
            )
        ),
        fasta=fasta,
        transcripts=rules.transcripts.output if RUN.reference.genes else [],
        population=optional_input(RUN.reference.population),
        clinvar=optional_input(RUN.reference.clinvar),
        mask=optional_input(RUN.reference.mask),
        normals=of_assay(lambda assay: optional_input(assay.normals)),
        whitelist=of_assay(lambda assay: optional_input(assay.whitelist)),
        hotspots=optional_input(RUN.reference.hotspots),
        targets=targets,
        large=large,
        large_policies=large_policies,
        quality=of_case(family_quality),
    output:
        vcf="annotated/{case}.vcf.gz",
        index="annotated/{case}.vcf.gz.tbi",
    log:
        "logs/annotate_variants/{case}.log",
    benchmark:
        "benchmarks/annotate_variants/{case}.jsonl"
    group:
        "case_steps_{case}"
    threads: needs.threads(genome=100, most=2)
    resources:
        # 149 MB for 299,000 transcripts as lines of text, besides bcftools; 30 µs for an allele.
        mem_mb=needs.memory(genome=0.15),
        runtime=needs.minutes(genome=20),
    params:
        content=of_assay(
            lambda assay: content_of(
                *RUN.reference.knowledge, assay.normals, assay.whitelist, assay.targets
            )
        ),
        code=code_digest("annotate_variants.py"),
        members=of_case(annotation_params),
        roles=roles,
        large_classes=large_classes,
    script:
        "../../scripts/annotate_variants.py"
