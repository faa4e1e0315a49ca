# Repeats of the catalogue: reads that span them, end in them or lie within them. Its contract is that of variants/repeats.
from gms.inputs.row_files import classes_of
from gms.variants.repeats.catalogue import CATALOGUE

# Callers of the deletions that may hold a repeat.
DELETIONS = {
    "structural": "variants/structural/merged/{case}.vcf.gz",
    "copy_number": "variants/copy_number/depth/{case}.vcf.gz",
}


rule call_repeatreads:
    input:
        crams=crams,
        quality=quality,
        fasta=fasta,
        catalogue=optional_input(RUN.reference.repeats or CATALOGUE),
        normals=of_assay(lambda assay: optional_input(assay.repeat_normals)),
        # Deletions that hold the repeat of one chromosome.
        deletions=of_case(
            lambda case: [
                DELETIONS[name].format(case=case.name)
                for name in classes_of(RUN.assays, case)
                if name in DELETIONS
            ]
        ),
    output:
        vcf="variants/repeats/repeatreads/{case}.vcf.gz",
        index="variants/repeats/repeatreads/{case}.vcf.gz.tbi",
        facts="variants/repeats/{case}.json",
    log:
        "logs/call_repeatreads/{case}.log",
    benchmark:
        "benchmarks/call_repeatreads/{case}.jsonl"
    resources:
        # Not measured on a whole genome: 25 ms and less than 70 MB for each of some hundred places in a CRAM.
        mem_mb=per_attempt(FLOOR_MB),
        runtime=per_attempt(FLOOR_MINUTES),
    params:
        content=of_assay(
            lambda assay: content_of(
                RUN.reference.repeats or CATALOGUE, assay.repeat_normals
            )
        ),
        code=code_digest("call_repeatreads.py"),
        samples=of_case(lambda case: [(s.name, s.sex) for s in case.samples]),
    script:
        "../../../scripts/call_repeatreads.py"
