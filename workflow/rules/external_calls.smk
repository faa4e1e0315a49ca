# Cases that start from VCF files of other workflows: their calls stand where the merged variants of other cases do.
from gms.inputs.row_files import external_calls, external_files


rule external_variants:
    input:
        vcfs=of_case(
            lambda case: list(filter(None, map(optional_input, external_files(case))))
        ),
        fasta=fasta,
    output:
        vcf="variants/external/{case}.vcf.gz",
        index="variants/external/{case}.vcf.gz.tbi",
        facts="variants/external/{case}.json",
    log:
        "logs/external_variants/{case}.log",
    benchmark:
        "benchmarks/external_variants/{case}.jsonl"
    resources:
        # sort holds 256 MB; one chromosome is not held, only the bases around an allele.
        mem_mb=needs.memory(base=350),
        runtime=needs.minutes(genome=15),
    params:
        content=of_case(lambda case: content_of(*external_files(case))),
        code=code_digest("external_variants.py"),
        sources=of_case(external_calls),
    script:
        "../../scripts/external_variants.py"
