# Results and consent to a decision and, where a case is shared, its encrypted package (export/folder); packages that a
# second person has approved to the S3 store of the configuration (export/s3), from the node that started the run:
# compute nodes may have no network.
from gms.sharing.export.cases import export_params, sharing_files


rule export:
    input:
        vcf="reported/{case}.vcf.gz",
        filtered="filtered/{case}.vcf.gz",
        crams=crams,
        quality=quality,
        fingerprints=fingerprints,
        case_quality="qc/{case}.case.json",
        run="run.json",
        fasta=fasta,
        sharing=sharing_files(RUN.sharing),
    output:
        "export/folder/{case}.json",
    log:
        "logs/export/{case}.log",
    benchmark:
        "benchmarks/export/{case}.jsonl"
    resources:
        # Not measured on a whole genome; the sequence of a chromosome to read the CRAM with is in it.
        mem_mb=needs.memory(base=100, genome=0.5),
        runtime=needs.minutes(genome=30),
    params:
        content=content_of(*sharing_files(RUN.sharing)),
        code=code_digest("export.py"),
        case=of_case(lambda case: export_params(case, RUN.assays[case.assay].kind)),
        sharing=RUN.sharing,
        sheet=RUN.sheet,
    script:
        "../../scripts/export.py"


rule upload:
    input:
        decision="export/folder/{case}.json",
        approval="export/folder/{case}/approval.json",
    output:
        "export/s3/{case}.json",
    log:
        "logs/upload/{case}.log",
    benchmark:
        "benchmarks/upload/{case}.jsonl"
    localrule: True
    resources:
        mem_mb=per_attempt(FLOOR_MB),
        # A slow line is not a fault; the node that started the run bills nobody for waiting.
        runtime=per_attempt(600),
    params:
        code=code_digest("upload.py"),
        case=of_case(lambda case: export_params(case, RUN.assays[case.assay].kind)),
        s3=RUN.export.get("s3"),
        folder=RUN.configfile.parent,
        sharing=RUN.sharing,
    script:
        "../../scripts/upload.py"
