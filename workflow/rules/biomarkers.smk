# What is measured of a genome beyond single variants, one JSON a sample.


from gms.biomarkers.smn_reads import SITES
from gms.inputs.row_files import facts_path


rule smn_copies:
    input:
        cram="alignment/{sample}.cram",
        fasta=fasta,
        sites=optional_input(RUN.reference.smn or SITES),
    output:
        "biomarkers/{sample}.smn.json",
    log:
        "logs/smn_copies/{sample}.log",
    benchmark:
        "benchmarks/smn_copies/{sample}.jsonl"
    resources:
        mem_mb=per_attempt(FLOOR_MB),
        runtime=per_attempt(FLOOR_MINUTES),
    params:
        content=content_of(RUN.reference.smn or SITES),
        code=code_digest("smn_copies.py"),
    script:
        "../../scripts/smn_copies.py"


rule mutational_burden:
    input:
        vcf="annotated/{case}.vcf.gz",
        samples=quality,
        case="qc/{case}.case.json",
        purity=measured_purity,
        limits=of_case(lambda case: f"qc/regions/{case.assay}.limits.json"),
        policy=of_assay(lambda assay: assay.tmb),
    output:
        "biomarkers/{case}.tmb.json",
    log:
        "logs/mutational_burden/{case}.log",
    benchmark:
        "benchmarks/mutational_burden/{case}.jsonl"
    group:
        "case_steps_{case}"
    resources:
        mem_mb=per_attempt(FLOOR_MB),
        runtime=per_attempt(FLOOR_MINUTES),
    params:
        content=of_assay(lambda assay: content_of(assay.tmb)),
        roles=roles,
        purity=of_case(lambda case: case.index.purity),
        code=code_digest("mutational_burden.py"),
    script:
        "../../scripts/mutational_burden.py"


rule microsatellites:
    input:
        crams=of_case(
            lambda case: [
                f"alignment/{sample.name}.cram"
                for sample in (case.index, case.member("normal"))
                if sample
            ]
        ),
        fasta=fasta,
        baseline=of_assay(lambda assay: optional_input(assay.msi)),
        samples=quality,
        case="qc/{case}.case.json",
        purity=measured_purity,
    output:
        "biomarkers/{case}.msi.json",
    log:
        "logs/microsatellites/{case}.log",
    benchmark:
        "benchmarks/microsatellites/{case}.jsonl"
    group:
        "case_steps_{case}"
    resources:
        mem_mb=per_attempt(FLOOR_MB),
        # Not measured on a whole panel: a second per hundred sites of 300 reads.
        runtime=per_attempt(FLOOR_MINUTES),
    params:
        content=of_assay(lambda assay: content_of(assay.msi)),
        purity=of_case(lambda case: case.index.purity),
        code=code_digest("microsatellites.py"),
    script:
        "../../scripts/microsatellites.py"


rule allele_copies:
    input:
        copies=of_case(
            lambda case: facts_path(RUN.assays[case.assay], "copy_number", case.name)
        ),
        vcf="annotated/{case}.vcf.gz",
        fasta=fasta,
        quality=of_case(lambda case: f"qc/{case.index.name}.qc.json"),
    output:
        alleles="biomarkers/{case}.alleles.tsv",
        purity="biomarkers/{case}.purity.json",
        hrd="biomarkers/{case}.hrd.json",
    log:
        "logs/allele_copies/{case}.log",
    benchmark:
        "benchmarks/allele_copies/{case}.jsonl"
    group:
        "case_steps_{case}"
    resources:
        # Measured with 700 SNPs in 60 parts: a second, 200 MB.
        mem_mb=per_attempt(FLOOR_MB),
        runtime=per_attempt(FLOOR_MINUTES),
    params:
        roles=roles,
        code=code_digest("allele_copies.py"),
    script:
        "../../scripts/allele_copies.py"
