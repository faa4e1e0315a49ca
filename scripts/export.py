"""The decision whether a case may leave the centre, and its package."""

from pathlib import Path

from gms.base.rule_log import rule_job
from gms.inputs.sample_sheet import local_names
from gms.sharing.decision.model import shared_case
from gms.sharing.export.cases import results_of
from gms.sharing.export.folder import export_case

with rule_job(snakemake, is_final=True):
    params = snakemake.params
    case, sharing = shared_case(params.case), Path(params.sharing) if params.sharing else None
    export_case(case, results_of(case, Path.cwd()), sharing, Path(snakemake.output[0]), local_names(Path(params.sheet)))
