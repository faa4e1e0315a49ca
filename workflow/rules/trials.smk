# Reports to trials: which arms a case may enter, which not, and what is missing to know. Support for a tumour board; no
# software enrols a patient.
from gms.trials.matching.settings import trial_files
from gms.trials.residual_disease.monitoring import patient_files, plasma_of, settings_of

# Patients whose residual disease is followed, with the files that are read for each: those of other runs by their
# absolute paths.
PLASMA = plasma_of(RUN)
TRIALS = [path for path in trial_files(RUN.trials) if path.exists()]
PATIENTS = patient_files(RUN.residual_disease, PLASMA, RUN.results)


rule assay_exons:
    input:
        bed="qc/regions/{assay}.bed",
        genes=optional_input(RUN.reference.genes),
    output:
        "qc/regions/{assay}.exons.tsv",
    log:
        "logs/assay_exons/{assay}.log",
    benchmark:
        "benchmarks/assay_exons/{assay}.jsonl"
    wildcard_constraints:
        assay="[A-Za-z0-9_-]+",
    resources:
        # Not measured: the gene models of a whole genome, as assay_regions reads them.
        mem_mb=needs.memory(genome=0.5),
        runtime=needs.minutes(genome=20),
    params:
        content=genes_content,
        code=code_digest("assay_exons.py"),
    script:
        "../../scripts/assay_exons.py"


rule match_trials:
    input:
        findings="report/{case}.json",
        genes=of_case(lambda case: f"qc/{case.index.name}.genes.tsv"),
        exons=of_assay(
            lambda assay: (
                f"qc/regions/{assay.name}.exons.tsv" if RUN.reference.genes else []
            )
        ),
        files=TRIALS,
    output:
        data="trials/{case}.json",
        page=report(
            "trials/{case}.html",
            category="Trials",
            labels={"case": "{case}"},
            caption="../report/trials.rst",
        ),
    log:
        "logs/match_trials/{case}.log",
    benchmark:
        "benchmarks/match_trials/{case}.jsonl"
    group:
        "case_steps_{case}"
    resources:
        mem_mb=per_attempt(FLOOR_MB),
        runtime=per_attempt(FLOOR_MINUTES),
    params:
        content=content_of(*TRIALS),
        code=code_digest("match_trials.py"),
        trials=RUN.trials,
    script:
        "../../scripts/match_trials.py"


rule residual_disease:
    input:
        monitoring=optional_input(RUN.residual_disease),
        fasta=fasta,
        files=lambda wildcards: PATIENTS[wildcards.patient],
    output:
        data="residual_disease/{patient}.json",
        page=report(
            "residual_disease/{patient}.html",
            category="Residual disease",
            labels={"patient": "{patient}"},
            caption="../report/residual_disease.rst",
        ),
    log:
        "logs/residual_disease/{patient}.log",
    benchmark:
        "benchmarks/residual_disease/{patient}.jsonl"
    wildcard_constraints:
        patient="[A-Za-z0-9-]+",
    resources:
        # 137 MB and 1.2 s for 5,000 loci of a genome, 30 molecules deep: ./gms benchmark trials.
        mem_mb=per_attempt(500),
        runtime=per_attempt(60),
    params:
        content=lambda wildcards: content_of(
            RUN.residual_disease,
            *filter(Path.is_absolute, map(Path, PATIENTS[wildcards.patient])),
        ),
        code=code_digest("residual_disease.py"),
        settings=settings_of(RUN),
        plasma=PLASMA,
    script:
        "../../scripts/residual_disease.py"
