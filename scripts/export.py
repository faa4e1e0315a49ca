"""The decision whether a case may leave the centre, and its package."""

from pathlib import Path

from gms.exports import results_of
from gms.exports.folder import export_case
from gms.job import logged
from gms.sharing import case_facts

with logged(snakemake.log[0]):
    case = case_facts(snakemake.params.case)
    sharing = snakemake.params.sharing
    export_case(case, results_of(case, Path.cwd()), Path(sharing) if sharing else None, Path(snakemake.output[0]))
