# Merged alleles to annotated ones: consequences by snpEff, knowledge by bcftools, the picked transcript by us.
from gms.annotation_stream import annotation_facts, knowledge_commands


def knowledge_files(wildcards):
    assay = assay_of(wildcards)
    known = {
        "population": RUN.reference.population,
        "clinvar": RUN.reference.clinvar,
        "mask": RUN.reference.mask,
        "normals": assay.normals,
        "whitelist": assay.whitelist,
    }
    return {part: str(path) for part, path in known.items() if given(path)}


rule annotate_variants:
    input:
        unpack(knowledge_files),
        vcf="variants/merged/{case}.vcf.gz",
        fasta=fasta,
        database=rules.consequence_database.output if RUN.reference.genes else [],
        genes=given(RUN.reference.genes),
        hotspots=given(RUN.reference.hotspots),
        targets=given_targets,
    output:
        vcf="annotated/{case}.vcf.gz",
        index="annotated/{case}.vcf.gz.tbi",
    log:
        "logs/annotate_variants/{case}.log",
    benchmark:
        "benchmarks/annotate_variants/{case}.jsonl"
    threads: 2
    resources:
        mem_mb=per_genome(2_000, 3),
        runtime=per_attempt(240),
    params:
        code=code_digest(
            "gms/annotation_stream.py",
            "gms/annotate.py",
            "gms/consequences.py",
            "gms/inheritance.py",
        ),
        members=lambda wildcards: annotation_facts(case_of(wildcards)),
        commands=lambda wildcards, input, resources: knowledge_commands(
            input, resources.mem_mb
        ),
    script:
        "../../scripts/annotate_variants.py"
