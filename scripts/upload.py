"""Transfer of an approved package to the S3 store of the configuration."""

from pathlib import Path

from gms.base.rule_log import rule_job
from gms.sharing.decision.model import shared_case
from gms.sharing.export.cases import SheetCases
from gms.sharing.export.s3 import upload
from gms.sharing.transfer.settings import s3_settings

with rule_job(snakemake, is_final=True):
    params = snakemake.params
    package = Path(snakemake.input.approval).parent
    settings = s3_settings(params.s3, Path(params.folder))
    case = shared_case(params.case)
    cases = SheetCases({case.case: case}, Path.cwd())
    upload(package, settings, Path(params.sharing), cases, Path(snakemake.output[0]))
