# The run, and the functions through which rules ask it. Wiring only.
import sys
from functools import cache, partial
from hashlib import sha256
from pathlib import Path

PROJECT = Path(workflow.basedir).parent
sys.path.insert(0, str(PROJECT / "scripts"))

from gms.errors import GmsError
from gms.run import check_inputs, load_run
from gms.scatter import PIECE_SIZE

try:
    RUN = load_run(config, Path(workflow.overwrite_configfiles[0]), PROJECT)
except GmsError as error:
    sys.exit(f"error: {error}")

fasta = "reference/genome.fa"
export_targets = list(RUN.export) if RUN.sharing else []


workdir: RUN.results


wildcard_constraints:
    case="[A-Za-z0-9-]+",
    sample="[A-Za-z0-9-]+",
    caller="[a-z0-9]+",


onstart:
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


def sample_names(wildcards):
    return [sample.name for sample in case_of(wildcards).samples]


def crams(wildcards):
    return [f"alignment/{name}.cram" for name in sample_names(wildcards)]


def crais(wildcards):
    return [f"alignment/{name}.cram.crai" for name in sample_names(wildcards)]


def given(path):
    """A file of the user's as a rule's input; none where it is not given, or, in a plan, not there yet."""
    return str(path) if path is not None and path.exists() else []


def given_targets(wildcards):
    return given(assay_of(wildcards).targets)


def per_attempt(amount):
    """Resource function: `amount` (MB or minutes), and as much again on each retry."""
    return lambda wildcards, attempt: amount * attempt


def per_genome(base, factor):
    """Memory in MB: `base` and `factor` times the size of the reference, and as much again on each retry."""

    def megabytes(wildcards, attempt):
        size = RUN.reference.fasta.stat().st_size if RUN.reference.fasta.exists() else 0
        return int(base + factor * size / 1e6) * attempt

    return megabytes


@cache
def code_digest(*names):
    """Changes when one of these files of scripts/ does, so that the jobs that use it run again."""
    return sha256(b"".join((PROJECT / "scripts" / name).read_bytes() for name in names)).hexdigest()[:12]


CALLER_CODE = (
    "gms/callers.py",
    "gms/caller_commands.py",
    "gms/alleles.py",
    "gms/scatter.py",
)
EVIDENCE_CODE = ("gms/merge.py", "gms/evidence.py", "gms/loci.py", "gms/likelihood.py")
