# The run, and the functions through which rules ask it. Wiring only.
from gms.base.errors import GmsError
from gms.base.whole_files import make_results
from gms.inputs.code_digest import code_digest
from gms.inputs.fast_snakemake.planning import plan_fast
from gms.inputs.load_run import config_file, load_run
from gms.inputs.requests import (
    FLOOR_MB,
    FLOOR_MINUTES,
    Needs,
    content_of,
    optional_input,
    per_attempt,
)
from gms.inputs.row_files import case_crams, has_reads, starts_from_vcf, tells_germline
from gms.preflight.check_run import check_inputs
from gms.sharing.export.cases import approved_cases

try:
    RUN = load_run(
        config, config_file(workflow.configfiles, workflow.workdir_init), PROJECT
    )
    make_results(RUN.results)
except GmsError as error:
    sys.exit(f"error: {error}")

search_garbage_as_usual = plan_fast()

fasta = "reference/genome.fa"
# Without a study each case is refused, with that reason.
exported_cases = RUN.cases if RUN.export else []
matched_cases = RUN.cases if RUN.trials else []
transferred_cases = approved_cases(RUN.results, RUN.cases) if "s3" in RUN.export else []


workdir: RUN.results


# Used with --software-deployment-method apptainer only; ./gms bundle --apptainer makes it from containers/gms.def.
container: RUN.container_image()


wildcard_constraints:
    case="[A-Za-z0-9-]+",
    sample="[A-Za-z0-9-]+",
    caller="[a-z0-9]+",
    plate="[A-Za-z0-9-]+",


onstart:
    search_garbage_as_usual()
    try:
        methods = set(map(str, workflow.deployment_settings.deployment_method))
        check_inputs(RUN, "apptainer" in methods, "conda" in methods)
    except GmsError as error:
        sys.exit(f"error: {error}")


# Functions of what a job is about, for its inputs and parameters: its case, its sample, or the assay of either.
def of_case(facts):
    return lambda wildcards: facts(RUN.cases[wildcards.case])


def of_sample(facts):
    return lambda wildcards: facts(RUN.samples[wildcards.sample])


def of_assay(facts):
    known = {name: facts(assay) for name, assay in RUN.assays.items()}
    return lambda wildcards: known[assay_name(wildcards)]


def assay_name(wildcards):
    if hasattr(wildcards, "assay"):
        return wildcards.assay
    if hasattr(wildcards, "case"):
        return RUN.cases[wildcards.case].assay
    return RUN.samples[wildcards.sample].assay


def samples_of(wildcards):
    if hasattr(wildcards, "case"):
        return RUN.cases[wildcards.case].samples
    return [RUN.samples[wildcards.sample]]


# Requests, of memory in MB and of time in minutes: docs/resources.md has the figures that they rest on.
needs = Needs(RUN.reference.fasta, samples_of)


def is_panel(assay):
    return assay.kind == "somatic" and assay.targets is not None


def policy_file(assay):
    return assay.policy_files.get("small", [])


# An index comes with its file, and what is measured of a sample with its record: whoever needs several of them asks for
# one, and plans stay small.
crams = of_case(case_crams)
quality = of_case(lambda case: [f"qc/{sample.name}.qc.json" for sample in case.samples])
fingerprints = of_case(
    lambda case: [f"qc/{sample.name}.fingerprint.tsv" for sample in case.samples]
)
# Role -> sample; of several samples with one role, the first.
roles = of_case(lambda case: {s.role: s.name for s in reversed(case.samples)})
sample_names = of_case(lambda case: [sample.name for sample in case.samples])
targets = of_assay(lambda assay: optional_input(assay.targets))
genes = of_assay(lambda assay: optional_input(assay.genes))
gene_list = of_case(lambda case: optional_input(RUN.gene_list_of(case)))
policy = of_assay(policy_file)


# Content of files outside the results folder, as a parameter of the rules that read them: Snakemake looks at dates only.
fasta_content = content_of(RUN.reference.fasta)
genes_content = content_of(RUN.reference.genes)
targets_content = of_assay(lambda assay: content_of(assay.targets))
