# Copy number of a gene panel by CNVkit, against normals of the same assay. Its contract is that of variants/copy_number.
# The normal of a pair tells what is inherited.
from gms.inputs.row_files import pair_crams


rule call_cnvkit:
    input:
        crams=of_case(pair_crams),
        fasta=fasta,
        reference=of_assay(lambda assay: optional_input(assay.copy_number)),
        quality=quality,
    output:
        vcf="variants/copy_number/cnvkit/{case}.vcf.gz",
        index="variants/copy_number/cnvkit/{case}.vcf.gz.tbi",
        facts="variants/copy_number/cnvkit/{case}.json",
    log:
        "logs/call_cnvkit/{case}.log",
    benchmark:
        "benchmarks/call_cnvkit/{case}.jsonl"
    threads: needs.threads(reads=100, most=2)
    resources:
        # Measured on a small panel only: 335 MB. Estimated for the 27,000 windows of 1,300 genes.
        mem_mb=needs.memory(base=700),
        runtime=needs.minutes(reads=2),
    params:
        content=of_assay(lambda assay: content_of(assay.copy_number)),
        code=code_digest("call_cnvkit.py"),
        sample=of_case(
            lambda case: (case.index.name, case.index.sex, case.index.purity)
        ),
        method=of_assay(lambda assay: assay.segmentation),
    script:
        "../../../scripts/call_cnvkit.py"
