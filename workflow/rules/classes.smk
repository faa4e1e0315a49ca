# Classes of variants besides small ones: from a class's calls to annotated, filtered and reported records.
from gms.annotation.commands import annotation_params, family_quality
from gms.annotation.class_fields import LARGE, class_files, class_parts
from gms.inputs.row_files import measures_alleles

# Of a class with several callers, of which an assay uses one, {caller} is that.
CALLED = {
    "copy_number": "variants/copy_number/{caller}/{case}.vcf.gz",
    "mitochondrial": "variants/mitochondrial/mitocounts/{case}.vcf.gz",
    "repeats": "variants/repeats/repeatreads/{case}.vcf.gz",
    "rna": "variants/rna/starjunctions/{case}.vcf.gz",
    "structural": "variants/structural/merged/{case}.vcf.gz",
}
class_callers = {
    name: RUN.assays[case.assay].callers for name, case in RUN.cases.items()
}


# Looked up once: a plan has thousands of jobs.
class_knowledge = {name: class_files(name, RUN.reference) for name in CALLED}
case_policies = {
    name: RUN.assays[case.assay].policy_files for name, case in RUN.cases.items()
}
structural_normals = of_assay(lambda assay: optional_input(assay.structural_normals))

# By alleles and depth of a panel: used without a purity in the sheet, or where the genome may be doubled.
measured_purity = of_case(
    lambda case: (
        f"biomarkers/{case.name}.purity.json"
        if measures_alleles(RUN.assays, case)
        else []
    )
)


rule annotate_class:
    input:
        vcf=lambda wildcards: CALLED[wildcards.variants].format(
            case=wildcards.case,
            caller=class_callers[wildcards.case][wildcards.variants][0],
        ),
        fasta=fasta,
        transcripts=rules.transcripts.output if RUN.reference.genes else [],
        population=optional_input(RUN.reference.population),
        clinvar=optional_input(RUN.reference.clinvar),
        known=lambda wildcards: class_knowledge[wildcards.variants],
        normals=lambda wildcards: (
            structural_normals(wildcards) if wildcards.variants in LARGE else []
        ),
        quality=of_case(family_quality),
    output:
        vcf="annotated/{variants}/{case}.vcf.gz",
        index="annotated/{variants}/{case}.vcf.gz.tbi",
    log:
        "logs/annotate_class/{variants}.{case}.log",
    benchmark:
        "benchmarks/annotate_class/{variants}.{case}.jsonl"
    wildcard_constraints:
        variants="[a-z_]+",
    group:
        "case_steps_{case}"
    resources:
        # The transcripts, as in annotate_variants, for few records.
        mem_mb=needs.memory(genome=0.15),
        runtime=needs.minutes(genome=5),
    params:
        content=of_assay(
            lambda assay: content_of(
                *RUN.reference.knowledge,
                RUN.reference.mitomap,
                RUN.reference.mitotip,
                RUN.reference.structural_population,
                assay.structural_normals,
            )
        ),
        code=code_digest("annotate_class.py"),
        members=of_case(annotation_params),
        parts={name: class_parts(name, RUN.reference) for name in CALLED},
    script:
        "../../scripts/annotate_class.py"


rule filter_class:
    input:
        vcf="annotated/{variants}/{case}.vcf.gz",
        policy=lambda wildcards: case_policies[wildcards.case][wildcards.variants],
        genes=gene_list,
        # Variants of other classes that form pairs with those of this class.
        large=lambda wildcards: (
            large(wildcards)
            if wildcards.variants in pairs_with[wildcards.case]
            else []
        ),
        large_policies=lambda wildcards: (
            large_policies(wildcards)
            if wildcards.variants in pairs_with[wildcards.case]
            else []
        ),
        small=lambda wildcards: (
            f"reported/{wildcards.case}.vcf.gz"
            if wildcards.variants in pairs_with[wildcards.case]
            else []
        ),
        purity=lambda wildcards: (
            measured_purity(wildcards) if wildcards.variants == "copy_number" else []
        ),
    output:
        vcf="filtered/{variants}/{case}.vcf.gz",
        index="filtered/{variants}/{case}.vcf.gz.tbi",
        reported="reported/{variants}/{case}.vcf.gz",
        reported_index="reported/{variants}/{case}.vcf.gz.tbi",
    log:
        "logs/filter_class/{variants}.{case}.log",
    benchmark:
        "benchmarks/filter_class/{variants}.{case}.jsonl"
    wildcard_constraints:
        variants="[a-z_]+",
    group:
        "case_steps_{case}"
    resources:
        mem_mb=per_attempt(FLOOR_MB),
        runtime=per_attempt(FLOOR_MINUTES),
    params:
        content=lambda wildcards: content_of(
            case_policies[wildcards.case][wildcards.variants]
        ),
        list_content=of_case(lambda case: content_of(case.gene_list)),
        code=code_digest("filter_class.py"),
        roles=roles,
        large_classes=large_classes,
        consented=of_case(tells_germline),
    script:
        "../../scripts/filter_class.py"
