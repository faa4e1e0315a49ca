# The run, and the functions through which rules ask it. Wiring only.
import gc
import sys
from functools import partial
from pathlib import Path

PROJECT = Path(workflow.basedir).parent
sys.path.insert(0, str(PROJECT / "scripts"))

from gms.code import code_digest
from gms.errors import GmsError
from gms.exports import approved_cases
from gms.places import make_results
from gms.rules import given, per_attempt, per_reference
from gms.run import check_inputs, load_run

try:
    RUN = load_run(config, Path(workflow.overwrite_configfiles[0]), PROJECT)
    make_results(RUN.results)
except GmsError as error:
    sys.exit(f"error: {error}")

# Nearly everything made while jobs are planned is kept, and searching it for garbage costs a sixth of the time: only what
# was made last is searched.
gc.set_threshold(50_000, 1_000_000, 1_000_000)

fasta = "reference/genome.fa"
per_genome = partial(per_reference, RUN.reference.fasta)
# Without a study each case is refused, with that reason.
exported_cases = RUN.cases if RUN.export else []
transferred_cases = approved_cases(RUN.results, RUN.cases) if "s3" in RUN.export else []


workdir: RUN.results


wildcard_constraints:
    case="[A-Za-z0-9-]+",
    sample="[A-Za-z0-9-]+",
    caller="[a-z0-9]+",


onstart:
    gc.freeze()
    try:
        check_inputs(RUN)
    except GmsError as error:
        sys.exit(f"error: {error}")


def case_of(wildcards):
    return RUN.cases[wildcards.case]


def sample_of(wildcards):
    return RUN.samples[wildcards.sample]


def assay_of(wildcards):
    owner = case_of if hasattr(wildcards, "case") else sample_of
    return RUN.assays[owner(wildcards).assay]


def policy_of(wildcards):
    return PROJECT / "config" / "filters" / f"{assay_of(wildcards).policy}.yaml"


def sample_names(wildcards):
    return [sample.name for sample in case_of(wildcards).samples]


# An index comes with its file: whoever needs both asks for the file, and plans stay small.
def crams(wildcards):
    return [f"alignment/{name}.cram" for name in sample_names(wildcards)]


def given_targets(wildcards):
    return given(assay_of(wildcards).targets)
