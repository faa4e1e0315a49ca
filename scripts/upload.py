"""Transfer of an approved package to the S3 store of the configuration."""

from pathlib import Path

from gms.base.rule_log import logged
from gms.sharing.export.s3 import upload
from gms.sharing.transfer.settings import s3_settings

with logged(snakemake.log[0]):
    params = snakemake.params
    package = Path(snakemake.input.approval).parent
    settings = s3_settings(params.s3, Path(params.folder))
    upload(package, settings, Path(params.sharing), package.parent, Path(snakemake.output[0]))
