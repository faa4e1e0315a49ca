# Repeats of the catalogue: reads that span them, end in them or lie within them. Its contract is that of variants/repeats.
from gms.inputs.row_files import classes_of
from gms.variants.repeats.catalogue import CATALOGUE

# Structural variants first: an event that both have goes by their name.
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
        # Not measured on a whole genome: reads of the catalogue's loci and of the places that expanded ones align to.
        mem_mb=needs.memory(base=300),
        runtime=per_attempt(30),
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
