# Small variants of a germline that DeepVariant found elsewhere: one VCF for each sample, or one for each case. What they propose is
# counted in the reads like the alleles of other callers.
from gms.inputs.row_files import deepvariant_files
from gms.variants.small.commands import deepvariant

external_proposals = {
    name: list(deepvariant_files(RUN.assays[case.assay], case))
    for name, case in RUN.cases.items()
}


rule call_deepvariant:
    input:
        calls=lambda wildcards: list(
            filter(None, map(optional_input, external_proposals[wildcards.case]))
        ),
        fasta=fasta,
        targets=targets,
    output:
        vcf="variants/deepvariant/{case}.vcf.gz",
        index="variants/deepvariant/{case}.vcf.gz.tbi",
    log:
        "logs/call_deepvariant/{case}.log",
    benchmark:
        "benchmarks/call_deepvariant/{case}.jsonl"
    resources:
        mem_mb=needs.memory(base=300, contig=1.2),
        runtime=needs.minutes(genome=15),
    params:
        content=lambda wildcards: content_of(*external_proposals[wildcards.case]),
        targets_content=targets_content,
        code=code_digest("call_variants.py"),
        samples=sample_names,
        min_fraction=None,
        command=lambda wildcards: deepvariant(
            [str(path) for path in external_proposals[wildcards.case]]
        ),
    script:
        "../../../scripts/call_variants.py"
